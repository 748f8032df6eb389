"""Charts, trees and maps, as tags. Every template has them without {% load %}."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minga.kernel.base.text import Text
from minga.kernel.design.pictures import charts, maps, tree
from minga.kernel.design.pictures.figures import Figure, Number, Peak, told

register = template.Library()

NAMED = 3  # more are only counted


@register.filter
def figure(value: Number | None) -> str:
    """A number as it is read; no data is said, never shown as zero."""
    if value is None:
        return _("Sin datos")
    whole = value if isinstance(value, int) else round(value, 2)
    return number_format(int(whole) if whole == int(whole) else whole, force_grouping=True)


@register.filter
def short_figure(value: Number | None) -> str:
    """The same in the room of a tile; the table has all of it."""
    if value is None:
        return _("s/d")
    for least, size, word in ((10**6, 10**6, _("%(n)s M")), (10**4, 10**3, _("%(n)s mil"))):
        if abs(value) >= least:
            part = value / size
            return word % {"n": figure(round(part, 1 if abs(part) < 10 else None))}
    return figure(value)


def names(labels: Sequence[Text], among: int) -> str:
    """«Loja», «Loja y Napo», «Loja, Napo y Azuay»; more than that are only counted."""
    if len(labels) > NAMED:
        return _("%(n)d de %(all)d") % {"n": len(labels), "all": among}
    *some, last = map(str, labels)
    return _("%(some)s y %(last)s") % {"some": ", ".join(some), "last": last} if some else last


def in_all(figures: Sequence[Figure], unit: Text) -> str:
    """Only what has a unit can be added up."""
    words = _("En total: %(n)s %(unit)s.")
    return words % {"n": figure(told(figures).total), "unit": unit} if unit else ""


def unknown(figures: Sequence[Figure]) -> str:
    missing = told(figures).missing
    return _("Sin datos: %(n)s.") % {"n": figure(missing)} if missing else ""


def sentences(figures: Sequence[Figure], unit: Text) -> Iterator[str]:
    """What a picture says, for whoever does not see it and whoever looks for the point of it."""
    facts = told(figures)
    if unit:
        yield in_all(figures, unit)
    if facts.is_flat:
        yield from _alike(figures, facts.lowest, unit)
    elif facts.highest and facts.lowest:
        for words, found in (
            (_("Lo más alto: %(value)s (%(who)s)."), facts.highest),
            (_("Lo más bajo: %(value)s (%(who)s)."), facts.lowest),
        ):
            who = names(found.labels, len(figures))
            yield words % {"value": figure(found.value), "who": who}
    if facts.missing:
        yield unknown(figures)


def _alike(figures: Sequence[Figure], found: Peak | None, unit: Text) -> Iterator[str]:
    if found and len(figures) > 1:
        yield _("El valor es siempre %(value)s.") % {"value": figure(found.value)}
    elif found and not unit:
        yield f"{found.labels[0]}: {figure(found.value)}."


def ends(figures: Sequence[Figure]) -> str:
    """Where a line begins and ends."""
    known = [figure(one.value) for one in figures if one.value is not None]
    words = _("Empieza en %(first)s y termina en %(last)s.")
    return words % {"first": known[0], "last": known[-1]} if len(known) > 1 else ""


def picture(title: Text, unit: Text, csv: str, figures: Sequence[Figure]) -> dict[str, Any]:
    """What every picture has: its name, what it says, its table and its file."""
    says = " ".join(sentences(figures, unit))
    return {"title": title, "unit": unit, "csv": csv, "figures": figures, "says": says}


@register.inclusion_tag("design/_bar_chart.html")
def bar_chart(
    title: Text, figures: Sequence[Figure], unit: Text = "", csv: str = ""
) -> dict[str, Any]:
    return picture(title, unit, csv, figures) | {"drawing": charts.bars(figures)}


@register.inclusion_tag("design/_line_chart.html")
def line_chart(
    title: Text, figures: Sequence[Figure], unit: Text = "", csv: str = ""
) -> dict[str, Any]:
    said = picture(title, unit, csv, figures)
    says = f"{said['says']} {ends(figures)}".strip()
    return said | {"drawing": charts.line(figures), "says": says}


@register.inclusion_tag("design/_stacked_chart.html")
def stacked_chart(
    title: Text, rows: Sequence[charts.StackRow], unit: Text = "", csv: str = ""
) -> dict[str, Any]:
    stacks = charts.stacks(rows)
    wholes = [Figure(stack.row.label, stack.total) for stack in stacks if stack.total is not None]
    parts = [part for row in rows for part in row.parts]
    says = f"{' '.join(sentences(wholes, unit))} {unknown(parts)}".strip()
    threads = range(1, charts.THREADS + 1)
    named = {"title": title, "id": slugify(title), "unit": unit, "csv": csv, "says": says}
    return named | {"drawing": stacks, "threads": threads}


@register.inclusion_tag("design/_tree.html", name="tree")
def a_tree(title: Text, rows: Sequence[tree.TreeRow], unit: Text = "") -> dict[str, Any]:
    """A row that has knots says how many; a unit says what a knot is."""
    branches = tree.grow(rows)
    knots = [Figure(b.row.label, b.row.knots) for b in branches if b.row.knots is not None]
    words = ngettext("%(n)s rama principal.", "%(n)s ramas principales.", len(rows))
    says = f"{words % {'n': len(rows)}} {in_all(knots, unit)}".strip()
    said = {"title": title, "unit": unit, "figures": knots, "says": says}
    return said | {"drawing": branches}


@register.inclusion_tag("design/_tile_map.html")
def tile_map(
    title: Text, figures: Mapping[str, Figure], shape: maps.Shape, unit: Text = "", csv: str = ""
) -> dict[str, Any]:
    drawing = maps.draw(figures, shape)
    said = picture(title, unit, csv, list(figures.values()))
    has_links = any(figure.url for figure in figures.values())
    role = "group" if has_links else "img"  # what is in an img can be entered by nobody
    return said | {"drawing": drawing, "outlines": shape.outlines, "role": role}
