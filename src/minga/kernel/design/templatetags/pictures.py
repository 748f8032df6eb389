"""Charts, trees and maps, as tags. Every template has them without {% load %}."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
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

NAMED = 2  # places named before «y 3 más»


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
        return "–"
    for least, size, word in ((10**6, 10**6, _("%(n)s M")), (10**4, 10**3, _("%(n)s mil"))):
        if abs(value) >= least:
            part = value / size
            return word % {"n": figure(round(part, 1 if abs(part) < 10 else None))}
    return figure(value)


def names(labels: Sequence[Text]) -> str:
    """«Loja», «Loja y Napo», «Loja, Napo y 3 más»."""
    said, more = [str(label) for label in labels[:NAMED]], len(labels) - NAMED
    if more > 0:
        rest = ngettext("%(n)d más", "%(n)d más", more) % {"n": more}
        return _("%(some)s y %(rest)s") % {"some": ", ".join(said), "rest": rest}
    return _(" y ").join(said)


def peak(found: Peak) -> dict[str, str]:
    return {"value": figure(found.value), "who": names(found.labels)}


def sentences(figures: Sequence[Figure], unit: Text) -> Iterator[str]:
    """What a picture says, for whoever does not see it and whoever looks for the point of it.
    Only what has a unit can be added up."""
    facts = told(figures)
    if unit:
        yield _("En total: %(n)s %(unit)s.") % {"n": figure(facts.total), "unit": unit}
    if facts.highest and facts.lowest and len(figures) > 1:
        if facts.is_flat:
            yield _("Todos tienen %(value)s.") % peak(facts.highest)
        else:
            yield _("Lo más alto: %(value)s (%(who)s).") % peak(facts.highest)
            yield _("Lo más bajo: %(value)s (%(who)s).") % peak(facts.lowest)
    elif facts.highest and not unit:
        yield _("%(who)s: %(value)s.") % peak(facts.highest)
    if facts.missing:
        yield _("Sin datos: %(n)s.") % {"n": figure(facts.missing)}


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
    return picture(title, unit, csv, figures) | {"drawing": charts.line(figures)}


@register.inclusion_tag("design/_stacked_chart.html")
def stacked_chart(
    title: Text, rows: Sequence[charts.StackRow], unit: Text = "", csv: str = ""
) -> dict[str, Any]:
    stacks = charts.stacks(rows)
    wholes = [Figure(stack.row.label, stack.total, stack.row.url) for stack in stacks]
    named = {"drawing": stacks, "threads": range(1, charts.THREADS + 1)}
    return picture(title, unit, csv, wholes) | named | {"id": slugify(title)}


@register.inclusion_tag("design/_tree.html", name="tree")
def a_tree(title: Text, rows: Sequence[tree.TreeRow], unit: Text = "") -> dict[str, Any]:
    """A row that has knots says how many; a unit says what a knot is."""
    branches = tree.grow(rows)
    knots = [Figure(b.row.label, b.row.knots) for b in branches if b.row.knots is not None]
    tops = ngettext("%(n)s rama principal.", "%(n)s ramas principales.", len(rows))
    said = picture(title, unit, "", knots)
    says = " ".join(chain([tops % {"n": figure(len(rows))}], [said["says"]]))
    return said | {"drawing": branches, "says": says}


@register.inclusion_tag("design/_tile_map.html")
def tile_map(
    title: Text,
    figures: Mapping[str, Figure],
    tiles: Sequence[maps.Tile],
    unit: Text = "",
    csv: str = "",
    outlines: maps.Outlines | None = None,
) -> dict[str, Any]:
    drawing = maps.draw(figures, tiles, outlines)
    said = picture(title, unit, csv, list(figures.values()))
    has_links = any(figure.url for figure in figures.values())
    return said | {"drawing": drawing, "outlines": outlines, "has_links": has_links}
