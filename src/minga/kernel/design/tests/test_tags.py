from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django import forms
from django.http import QueryDict
from django.template import TemplateSyntaxError, engines
from django.utils.translation import override

from minga.kernel.design.menu import Audience, MenuItem, open_to
from minga.kernel.design.timeline import TimelineRow


def render(source: str, **context: Any) -> BeautifulSoup:
    html = engines["django"].from_string(source).render(context)
    return BeautifulSoup(html, "html.parser")


def one(page: BeautifulSoup | Tag, selector: str) -> Tag:
    [found] = page.select(selector)
    return found


class AskForm(forms.Form):
    name = forms.CharField(
        label="Nombre",
        help_text="Como en tu cédula.",
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    question = forms.CharField(label="Pregunta", widget=forms.Textarea, max_length=300)
    way = forms.ChoiceField(
        label="¿Cómo respondemos?", choices=[("mail", "Correo"), ("desk", "Ventanilla")],
        widget=forms.RadioSelect, help_text="Elige una.",
    )  # fmt: skip
    topics = forms.MultipleChoiceField(
        label="Temas", choices=[("w", "Agua")], widget=forms.CheckboxSelectMultiple, required=False
    )
    town = forms.ChoiceField(label="Cantón", choices=[("1", "Otavalo")], required=False)
    agree = forms.BooleanField(label="Acepto")
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Ya preguntaste esto ayer.")


@pytest.fixture
def blank() -> BeautifulSoup:
    return render("{% for part in form %}{% field part %}{% endfor %}", form=AskForm())


@pytest.fixture
def wrong() -> BeautifulSoup:
    source = "{% error_summary form %}{% for part in form %}{% field part %}{% endfor %}"
    return render(source, form=AskForm({"name": ""}))


def test_every_control_has_a_label_and_what_describes_it_exists(
    blank: BeautifulSoup, wrong: BeautifulSoup
) -> None:
    for page in (blank, wrong):
        for control in page.select("input:not([type=hidden]), select, textarea"):
            one(page, f"label[for='{control['id']}']")
        for part in page.select("[aria-describedby]"):
            for id_ in str(part["aria-describedby"]).split():
                assert one(page, f"#{id_}").get_text(strip=True)


def test_optional_is_said_and_required_is_not_starred(blank: BeautifulSoup) -> None:
    text = blank.get_text(" ", strip=True)
    assert text.count("(opcional)") == 2
    assert "*" not in text


def test_hints_limits_and_autocomplete(blank: BeautifulSoup) -> None:
    assert one(blank, "#id_name")["autocomplete"] == "name"
    assert one(blank, "#id_name")["aria-describedby"] == "id_name_helptext"
    assert one(blank, "#id_question_limit").string == "Hasta 300 letras."
    assert one(blank, "#id_question")["aria-describedby"] == "id_question_limit"
    assert one(blank, "#id_question")["maxlength"] == "300"


def test_groups_are_fieldsets(blank: BeautifulSoup) -> None:
    ways, topics = blank.select("fieldset")
    assert one(ways, "legend").get_text(strip=True) == "¿Cómo respondemos?"
    assert ways["aria-describedby"] == "id_way_helptext"
    assert len(ways.select("input[type=radio]")) == 2
    assert len(topics.select("input[type=checkbox]")) == 1
    assert not blank.select("label label, fieldset fieldset")


def test_a_hidden_field_is_only_itself(blank: BeautifulSoup) -> None:
    hidden = one(blank, "input[type=hidden]")
    assert not hidden.find_parent("div")


def test_errors_stand_by_their_question(wrong: BeautifulSoup) -> None:
    name = one(wrong, "#id_name")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert one(wrong, "#id_name_error").get_text(" ", strip=True).startswith("Error:")
    assert one(wrong, "fieldset.field-wrong")["aria-describedby"] == "id_way_helptext id_way_error"


def test_the_summary_leads_to_each_control(wrong: BeautifulSoup) -> None:
    summary = one(wrong, ".error-summary")
    assert summary["role"] == "alert"
    assert summary["tabindex"] == "-1"
    assert summary.has_attr("autofocus")
    assert one(summary, "h2").get_text(strip=True) == "Falta corregir 5 cosas"
    assert "Ya preguntaste esto ayer." in summary.get_text()
    targets = [str(link["href"]) for link in summary.select("a")]
    assert targets == ["#id_name", "#id_question", "#id_way_0", "#id_agree"]
    assert all(wrong.select(target) for target in targets)
    assert summary.select("a")[0].get_text(strip=True).startswith("Nombre:")


def test_no_summary_before_anything_was_sent() -> None:
    assert not render("{% error_summary form %}", form=AskForm()).find()
    assert not render("{% error_summary form %}").find()


def test_what_people_write_is_never_markup() -> None:
    source = (
        "{% tag x %}{% button x %}{% empty x x %}{% crumb x %}{% notice %}{{ x }}{% endnotice %}"
    )
    assert not render(source, x="<b>hola</b>").find("b")


@pytest.mark.parametrize("source", ["{% tag 'x' 'red' %}", "{% icon 'unicorn' %}"])
def test_a_slip_is_said_at_once(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(source)


def test_a_notice_tells_its_tone_to_who_does_not_see_it() -> None:
    page = render('{% notice "wait" %}<p>Falta poco.</p>{% endnotice %}')
    assert one(page, ".notice-wait").get_text(" ", strip=True) == "Atención: Falta poco."


def test_a_second_button_says_what_it_does() -> None:
    button = one(render("{% button 'Guardar' 'secondary' 'do' 'draft' %}"), "button")
    assert (button["name"], button["value"]) == ("do", "draft")
    assert "secondary" in button["class"]


@dataclass
class Ways:
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


def test_pages_offers_only_the_ways_there_are() -> None:
    page = render("{% pages ways %}", ways=Ways(next="?desde=21"))
    assert [(a["href"], a["rel"], a.string) for a in page.select("a")] == [
        ("?desde=21", ["next"], "Siguiente")
    ]
    assert not render("{% pages ways %}", ways=Ways()).find()


@dataclass
class Step:
    at: datetime
    label: str
    by: str = ""
    note: str = ""
    current: bool = False


def test_the_way_of_a_case() -> None:
    at = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    steps = [Step(at, "Recibida", by="Rosa"), Step(at, "Admitida", note="Cumple.", current=True)]
    first, second = render("{% case_timeline steps %}", steps=steps).select("li")
    assert "2 de marzo de 2026" in first.get_text()
    assert "aria-current" not in first.attrs
    assert second["aria-current"] == "step"


ROWS = [
    TimelineRow("Agua", "/agua/", date(2026, 1, 5), date(2026, 7, 3), "good", [date(2026, 5, 9)]),
    TimelineRow("Caminos", "", date(2026, 2, 1), date(2027, 1, 31)),
]


def test_a_time_line_is_links_pictures_and_a_table() -> None:
    page = render("{% timeline rows today %}", rows=ROWS, today=date(2026, 6, 1))
    assert [a["href"] for a in page.select("li a")] == ["/agua/"]
    assert all(svg["aria-label"] for svg in page.select("svg[role=img]"))
    assert one(page, "li:first-child svg[role=img]")["aria-label"] == (
        "De enero de 2026 a julio de 2026"
    )
    assert len(page.select("details tbody tr")) == 2
    assert "9 de mayo de 2026" in one(page, "details").get_text()
    assert not render("{% timeline rows %}", rows=[]).find()


def test_no_language_puts_a_comma_in_a_drawing() -> None:
    with override("es"):
        page = render("{% timeline rows %}", rows=ROWS)
    for part in page.select("rect"):
        assert "," not in str(part["x"]) + str(part["width"])


def test_texts_of_a_form_that_expired_are_kept() -> None:
    post = QueryDict(
        "csrfmiddlewaretoken=abc&password=a+b+c&name=Rosa&question=¿Dónde+está+el+plan?"
    )
    page = render(
        "{% written post as texts %}{% for t in texts %}<p>{{ t }}</p>{% endfor %}", post=post
    )
    assert [p.string for p in page.select("p")] == ["¿Dónde está el plan?"]
    assert not render("{% written post as texts %}{{ texts|join:'' }}", post="").get_text()


def test_a_view_says_for_whom_it_is() -> None:
    view: Callable[[], None] = lambda: None  # noqa: E731
    assert open_to(Audience.OFFICIAL)(view) is view
    assert view.audience is Audience.OFFICIAL  # type: ignore[attr-defined]
    assert MenuItem(label="Inicio", url_name="x").audience is Audience.EVERYONE
