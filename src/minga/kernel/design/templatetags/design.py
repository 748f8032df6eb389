"""The components, as tags. Every template has them without {% load %}."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Textarea,
)
from django.http import HttpRequest, QueryDict
from django.template.defaultfilters import date as date_filter
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text
from minga.kernel.design.reading import WHOLE
from minga.kernel.design.timeline import TimelineRow, draw

register = template.Library()

TONES = ("plain", "good", "wait", "stop", "demo")
ICONS = {
    "arrow": "M4 12h15M13 6l6 6-6 6",
    "back": "M20 12H5M11 18l-6-6 6-6",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
    "chart": "M4 3v17h17M8 16v-4M13 16V8M18 16v-6",
    "check": "M4 13l5 5L20 6",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l4 3",
    "close": "M5 5l14 14M19 5L5 19",
    "document": "M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7",
    "download": "M12 3v12M7 11l5 5 5-5M4 20h16",
    "edit": "M4 20v-4L16 4l4 4L8 20zM13 7l4 4",
    "external": "M14 4h6v6M20 4l-9 9M17 13v7H4V7h7",
    "home": "M3 12l9-8 9 8M6 10v10h12V10",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7v.5",
    "link": "M10 14l4-4M8 12l-3 3a3 3 0 0 0 4 4l3-3M12 8l3-3a3 3 0 0 1 4 4l-3 3",
    "lock": "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4",
    "mail": "M3 6h18v13H3zM3 7l9 7 9-7",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "people": (
        "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-8 12-8 12 0"
        "M16 5a3 3 0 0 1 0 6M18 14c3 1 3 4 3 6"
    ),
    "person": "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 21c0-9 14-9 14 0",
    "place": "M12 21c-9-10-6-18 0-18s9 8 0 18zM12 8v3",
    "plus": "M12 4v16M4 12h16",
    "print": "M7 8V3h10v5M7 17H3V8h18v9h-4M7 13h10v8H7z",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21",
    "warning": "M12 3l10 18H2zM12 10v5M12 18v.5",
}


def known_tone(tone: str) -> str:
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"{tone!r} is none of {', '.join(TONES)}")
    return tone


@register.simple_tag
def crumb(label: Text, url_name: str = "", *args: Any, **kwargs: Any) -> SafeString:
    if not url_name:
        return format_html('<li aria-current="page">{}</li>', label)
    url = reverse(url_name, args=args, kwargs=kwargs)
    return format_html('<li><a href="{}">{}</a></li>', url, label)


@register.simple_block_tag
def crumbs(content: str) -> SafeString:
    if not content.strip():
        return mark_safe("")
    label = _("Estás aquí")
    return format_html('<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', label, content)


@register.simple_block_tag
def one_line(content: str) -> SafeString:
    """Escaped words, fit to stand between quotes too."""
    return mark_safe(" ".join(content.split()).replace('"', "&quot;"))  # noqa: S308  # escaped


@register.simple_tag
def structured(facts: Mapping[str, Any]) -> SafeString:
    """What a page says, for programs that read (JSON-LD, schema.org): data, never run."""
    said = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    closed = said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(f'<script type="application/ld+json">{closed}</script>')  # noqa: S308


@register.simple_block_tag
def beside(content: str) -> SafeString:
    """What a page says beside its content; nothing when it says nothing."""
    if not content.strip():
        return mark_safe("")
    return format_html('<aside class="aside">{}</aside>', content)


@register.simple_tag
def tag(label: Text, tone: str = "plain") -> SafeString:
    return format_html('<span class="tag tag-{}">{}</span>', known_tone(tone), label)


@register.simple_tag
def icon(name: str) -> SafeString:
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"No icon {name!r}; there are {', '.join(ICONS)}")
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"'
        ' focusable="false"><path d="{}"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def button(label: Text, kind: str = "primary", name: str = "", value: object = "") -> SafeString:
    sent = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html('<button class="button {}"{}>{}</button>', kind, sent, label)


@register.simple_block_tag
def notice(content: str, tone: str = "plain") -> SafeString:
    words = {"good": _("Hecho:"), "wait": _("Atención:"), "stop": _("Importante:")}
    heard = format_html('<span class="unseen">{} </span>', words[tone]) if tone in words else ""
    known_tone(tone)
    return format_html('<div class="notice notice-{}">{}{}</div>', tone, heard, content)


@register.simple_tag
def empty(title: Text, text: Text = "") -> SafeString:
    more = format_html("<p>{}</p>", text) if text else ""
    return format_html('<div class="empty"><p class="empty-title">{}</p>{}</div>', title, more)


@register.simple_tag
def demo_notice() -> SafeString:
    words = _("Datos de demostración: personas, instituciones y cifras inventadas.")
    return format_html('<p class="demo">{}</p>', words)


class Choice(NamedTuple):
    control: SafeString
    label: str
    id: str


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "box"
    return "group" if widget.use_fieldset else "control"


def limit_of(bound: BoundField) -> str:
    """A browser counts letters silently; people are told."""
    limit = getattr(bound.field, "max_length", None)
    if not limit or not isinstance(bound.field.widget, Textarea):
        return ""
    return ngettext("Hasta %(n)d letra.", "Hasta %(n)d letras.", limit) % {"n": limit}


def described_by(bound: BoundField, limit: str) -> str:
    parts = {"helptext": bound.help_text, "limit": limit, "error": bound.errors}
    return " ".join(f"{bound.auto_id}_{part}" for part, there in parts.items() if there)


def choices_of(bound: BoundField) -> Iterator[Choice]:
    for part in bound.subwidgets:
        yield Choice(part.tag(wrap_label=False), str(part.choice_label), part.id_for_label)


@register.inclusion_tag("design/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    kind, limit = kind_of(bound), limit_of(bound)
    describes = described_by(bound, limit)
    attrs: dict[str, str | bool] = {}
    if describes and kind in ("control", "box"):
        attrs["aria-describedby"] = describes
    return {
        "field": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attrs) if kind != "choices" else "",
        "choices": list(choices_of(bound)) if kind == "choices" else [],
        "limit": limit,
        "describes": describes,
    }


class Fault(NamedTuple):
    target: str
    label: str
    message: str


def target_of(bound: BoundField) -> str:
    """The control to go to: the first of a group."""
    if kind_of(bound) == "choices":
        return next((choice.id for choice in choices_of(bound)), "")
    return bound.id_for_label or f"{bound.auto_id}_0"


def faults_of(form: BaseForm) -> Iterator[Fault]:
    for message in form.non_field_errors():
        yield Fault("", "", str(message))
    for bound in form:
        target = "" if bound.is_hidden else target_of(bound)
        label = str(bound.label)
        for message in bound.errors:
            yield Fault(target, label if label[-1:] in "?:." else f"{label}:", str(message))


@register.inclusion_tag("design/_error_summary.html")
def error_summary(form: BaseForm | None, autofocus: bool = True) -> dict[str, Any]:
    """Takes the focus when the page opens; twice on one page, only one may."""
    faults = list(faults_of(form)) if form and form.is_bound else []
    return {"faults": faults, "autofocus": autofocus}


@register.inclusion_tag("design/_pages.html")
def pages(page: object) -> dict[str, Any]:
    words = {
        "first": _("Primera"),
        "previous": _("Anterior"),
        "next": _("Siguiente"),
        "last": _("Última"),
    }
    ways = [(side, getattr(page, side, ""), word) for side, word in words.items()]
    return {"ways": ways, "any": any(url for _side, url, _word in ways)}


@register.inclusion_tag("design/_case_timeline.html")
def case_timeline(steps: Sequence[Any]) -> dict[str, Any]:
    return {"steps": steps}


@register.inclusion_tag("design/_timeline.html")
def timeline(
    rows: Sequence[TimelineRow], today: date | None = None, title: Text = ""
) -> dict[str, Any]:
    drawing = draw(rows, today) if rows else None
    return {"drawing": drawing, "title": title or _("Cronograma")}


@register.simple_tag
def written(post: QueryDict | str | None) -> list[str]:
    """The texts of a form that was not accepted, so that nobody writes them twice."""
    if not isinstance(post, QueryDict):
        return []
    named = [(name, value) for name, values in post.lists() for value in values]
    return [v for n, v in named if " " in v.strip() and "password" not in n and isinstance(v, str)]


class Tongue(NamedTuple):
    """A language, and where this page is in it."""

    code: str
    name: str  # in itself
    url: str
    current: bool


@register.simple_tag
def page_language() -> str:
    """What most of a page is written in: of some languages it has no more than words."""
    code = get_language()
    return code if code in WHOLE else settings.LANGUAGE_CODE


@register.simple_tag(takes_context=True)
def tongues(context: template.Context) -> list[Tongue]:
    """The same page in each language, without what was asked of it: that may be a code."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    here, now = request.path, get_language()
    prefixes = {code: f"/{code}" for code, _name in settings.LANGUAGES}
    prefixes[settings.LANGUAGE_CODE] = ""
    return [
        Tongue(code, name, prefixes[code] + here, code == now) for code, name in settings.LANGUAGES
    ]


@register.filter("date", expects_localtime=True, is_safe=False)
def written_date(value: Any, written: str | None = None) -> str:
    """Django's; templates write dates as Spanish does, and no other language says «de»."""
    if written and get_language() in WHOLE:
        written = written.replace(r" \d\e ", " ")
    return date_filter(value, written)
