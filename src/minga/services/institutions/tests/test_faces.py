"""Colours that everybody can read, emblems that are nothing else, and frames for known sites."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from minga.kernel.design.colours import poor, tokens_of
from minga.kernel.design.queries import schemes
from minga.kernel.identity.actions import Outdated
from minga.kernel.identity.models import Organisation
from minga.services.institutions.actions import faces as actions
from minga.services.institutions.forms.faces import HostsForm, LogoForm, ThemeForm
from minga.services.institutions.models import Face
from minga.services.institutions.queries import faces as queries
from minga.services.institutions.rules import frames, themes
from minga.services.institutions.rules.frames import NoOrigin
from minga.services.institutions.rules.logos import NoLogo, Unfit, redrawn
from minga.services.institutions.rules.themes import Choice

from .build import BY, a_body, a_post, in_post

GREEN = Choice(hue=155, strength=2, lightness=38, accent=320)
PALE = Choice(hue=100, strength=3, lightness=60, accent=320)
every_choice = st.builds(
    Choice,
    hue=st.sampled_from(themes.HUES),
    strength=st.sampled_from(range(len(themes.STRENGTHS))),
    lightness=st.sampled_from(themes.LIGHTNESS),
    accent=st.sampled_from(themes.HUES),
)


# Colours


@pytest.mark.slow
@given(every_choice)
@example(PALE)
@example(GREEN)
def test_whatever_the_form_accepts_can_be_read_by_day_and_by_night(choice: Choice) -> None:
    said = {name: str(getattr(choice, name)) for name in queries.COLOURS}
    form = ThemeForm({**said, "rev": "0"})
    if form.is_valid():
        sheet = queries.drawn(form.choice)
        for scheme, colours in tokens_of(sheet).items():
            assert poor({**schemes()[scheme], **colours}) == [], scheme
    else:
        darker = themes.mended(choice, schemes())
        assert f"Baja la claridad a {darker.lightness} o menos." in str(form.errors["lightness"])
        assert ThemeForm({**said, "lightness": str(darker.lightness), "rev": "0"}).is_valid()


def test_a_theme_changes_the_same_tokens_by_day_and_by_night_and_no_meaning() -> None:
    day, night = tokens_of(queries.drawn(GREEN)).values()
    assert set(day) == set(night) <= set(schemes()["light"])
    assert not {name for name in day if name.startswith(("cochineal", "leaf", "amber", "marigold"))}


@pytest.mark.parametrize("said", ["", "-1", "360", "99999999999999999999", "azul", "1.5"])
def test_a_colour_that_is_none_is_told_its_limits(said: str) -> None:
    form = ThemeForm({"hue": said, "strength": "1", "lightness": "38", "accent": "0", "rev": "0"})
    assert form.errors["hue"] == ["Escribe un número de 0 a 359."]


# Emblems


def a_picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **more: Any) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#0b5d3b").save(file, kind, **more)
    return file.getvalue()


def told(text: str) -> bytes:
    """A picture with words inside that are not drawn."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", text)
    return a_picture(pnginfo=words)


def packed() -> bytes:
    file = io.BytesIO(a_picture())
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("a.exe", b"x" * 99)
    return file.getvalue()


def on_nothing() -> bytes:
    file = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 255, 255, 90)).save(file, "PNG")
    return file.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">%s</svg>'
HOSTILE = {
    "nothing": (b"", Unfit.EMPTY),
    "heavy": (b"\x89PNG\r\n\x1a\n" + bytes(3 << 20), Unfit.LARGE),
    "svg": (SVG % b"<path/>", Unfit.DRAWING),
    "svg with a script": (SVG % b"<script>alert(1)</script>", Unfit.PROGRAM),
    "svg with a handler": (SVG % b'<g onload="alert(1)"/>', Unfit.PROGRAM),
    "a page called png": (b"<!DOCTYPE html><script>alert(1)</script>", Unfit.PAGE),
    "a picture that is a page": (told("<script>alert(1)</script>"), Unfit.TWO_THINGS),
    "a picture and a page": (a_picture("JPEG") + b"<html><body>", Unfit.TWO_THINGS),
    "a gif that is a script": (b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)", Unfit.KIND),
    "a picture and a package": (packed(), Unfit.TWO_THINGS),
    "a bomb": (a_picture(size=(60_000, 200)), Unfit.POINTS),
    "a point": (a_picture(size=(3, 3)), Unfit.SMALL),
    "half a picture": (a_picture(size=(300, 300), compress_level=0)[:500], Unfit.DAMAGED),
    "white on nothing": (on_nothing(), Unfit.BLANK),
    "a text": (b"hola", Unfit.KIND),
}


@pytest.mark.parametrize(("sent", "why"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_emblem_is_refused_with_its_own_reason(sent: bytes, why: Unfit) -> None:
    with pytest.raises(NoLogo) as refused:
        redrawn(sent)
    assert refused.value.why is why


@pytest.mark.slow
@given(st.binary(max_size=300), st.sampled_from([b"", a_picture()[:40], b"RIFF0000WEBPVP8 "]))
def test_no_bytes_break_whoever_looks_at_them(sent: bytes, begin: bytes) -> None:
    with pytest.raises(NoLogo):
        redrawn(begin + sent)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_an_emblem_is_drawn_anew_and_nothing_else_of_it_stays(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secreto"
    logo = redrawn(a_picture(kind, (2_000, 500), exif=exif))
    assert b"secreto" not in logo.png
    with Image.open(io.BytesIO(logo.png)) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (480, 120))
        assert not drawn.info


def test_a_refused_file_says_why_and_keeps_the_words() -> None:
    file = SimpleUploadedFile("logo.png", SVG % b"<script>1</script>")
    form = LogoForm({"words": "Escudo", "rev": "0"}, MultiValueDict({"file": [file]}))
    assert "lleva un programa dentro" in str(form.errors["file"])
    assert form["words"].value() == "Escudo"


# Sites


@pytest.mark.parametrize(
    ("said", "origin"),
    [
        ("https://www.ejemplo.gob.ec", "https://www.ejemplo.gob.ec"),
        (" HTTPS://Ejemplo.EC/ ", "https://ejemplo.ec"),
        ("https://ejemplo.ec:8443", "https://ejemplo.ec:8443"),
        ("https://ejemplo.ec:443", "https://ejemplo.ec"),
        ("https://peñón.ec", "https://xn--pen-8mak.ec"),
    ],
)
def test_a_site_is_written_as_browsers_do(said: str, origin: str) -> None:
    assert frames.origin(said) == origin


ASTRAY = {
    "http://ejemplo.ec": "no es seguro",
    "*": "dejaría entrar a cualquiera",
    "https://*.ejemplo.ec": "dejaría entrar a cualquiera",
    "javascript:alert(1)": "no es un sitio",
    "ejemplo.ec": "no es un sitio",
    "data:text/html,x": "no es un sitio",
    "'self'": "no es un sitio",
    "https://ejemplo.ec/portal": "dice más que el sitio",
    "https://ana@ejemplo.ec": "dice más que el sitio",
    "https://ejemplo.ec?x": "dice más que el sitio",
    "https://ejemplo.ec; script-src x.ec": "no está bien escrito",
    "https://ejemplo.ec 'unsafe-inline'": "no está bien escrito",
    "https://127.0.0.1": "no está bien escrito",
    "https://localhost": "no está bien escrito",
    "https://ejemplo.ec:99999": "no está bien escrito",
    "https://": "no está bien escrito",
}


@pytest.mark.parametrize(("said", "words"), ASTRAY.items(), ids=ASTRAY)
def test_what_is_no_site_is_told_why(said: str, words: str) -> None:
    form = HostsForm({"hosts": f"https://ejemplo.ec\n{said}", "rev": "0"})
    [error] = form.errors["hosts"]
    assert words in error
    assert form["hosts"].value() == f"https://ejemplo.ec\n{said}"


@given(st.text("aZñ0.:;,'\"*/@#%-_ \t\n", max_size=24))
def test_nothing_that_is_taken_for_a_site_says_more_in_the_policy(said: str) -> None:
    try:
        origin = frames.origin(f"https://{said}")
    except NoOrigin:
        return
    assert origin.startswith("https://")
    assert not set(" ;,'*\"\t\r\n") & set(origin)
    assert frames.origin(origin) == origin


# Pages


@pytest.fixture
def body(db: None) -> Organisation:
    return a_body()


def administrator(body: Organisation, name: str = "marta") -> Client:
    client = Client()
    client.force_login(in_post(a_post(body, "Jefatura", administers=True), name))
    return client


@pytest.mark.slow
def test_two_tabs_at_once_one_is_kept_and_the_other_is_shown_that(body: Organisation) -> None:
    marta = administrator(body)
    path = reverse("institutions:appearance", args=[body.key])
    said = {"hue": 155, "strength": 2, "lightness": 38, "accent": 320, "rev": 0, "keep": "1"}
    assert [marta.post(path, said).status_code for _ in "12"] == [302, 302]  # pressed twice
    assert Face.objects.get().rev == 1
    second = marta.post(path, {**said, "hue": 30})
    assert second.status_code == 409
    assert 'value="30"' in second.content.decode()
    assert "otra persona cambió esto" in second.content.decode()
    assert Face.objects.get().hue == 155
    assert marta.post(path, {**said, "hue": 30, "rev": 1}).status_code == 302
    with pytest.raises(Outdated):
        actions.let_show(organisation=body, hosts=["https://a.ec"], rev=0, **BY)
    assert list(queries.verify()) == []


def test_what_is_written_past_the_history_is_named(body: Organisation) -> None:
    actions.dress(organisation=body, choice=GREEN, rev=0, **BY)
    Face.objects.update(hosts=["https://otro.ec"], sheet=queries.drawn(PALE))
    told = [str(fault) for fault in queries.verify()]
    assert any("su apariencia no es la que se anotó" in one for one in told)
    assert any("sus colores ya no se leen bien" in one for one in told)


def test_of_colours_nobody_can_read_nothing_is_kept(body: Organisation) -> None:
    with pytest.raises(actions.Unreadable):
        actions.dress(organisation=body, choice=PALE, rev=0, **BY)
    assert not Face.objects.exists()


@pytest.mark.slow
def test_another_institution_cannot_be_dressed(body: Organisation) -> None:
    alien = administrator(a_body("Otra"), "otra")
    for view in ("appearance", "emblem", "frame_hosts", "sample"):
        path = reverse(f"institutions:{view}", args=[body.key])
        assert alien.get(path).status_code == 404
        if view != "sample":
            assert alien.post(path, {"rev": 0, "keep": 1, "away": 1}).status_code == 404
    assert not Face.objects.exists()


@pytest.mark.slow
def test_the_files_of_a_face_are_what_their_address_says(body: Organisation) -> None:
    actions.dress(organisation=body, choice=GREEN, rev=0, **BY)
    logo = redrawn(a_picture())
    actions.put_logo(organisation=body, logo=logo, words="Escudo", rev=1, **BY)
    page = Client().get(reverse("institutions:institution", args=[body.key])).content.decode()
    old = reverse("institutions:sheet", args=[body.key, queries.face(body).sheet_digest])
    picture = reverse("institutions:logo", args=[body.key, logo.digest])
    assert old in page
    assert picture in page
    for path, kind in ((old, "text/css; charset=utf-8"), (picture, "image/png")):
        answer = Client().get(path)
        assert answer["Content-Type"] == kind
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer["Cache-Control"]
        assert not answer.cookies
    assert "sandbox" in answer["Content-Security-Policy"]
    actions.dress(organisation=body, choice=None, rev=2, **BY)
    assert Client().get(old).status_code == 404
    after = Client().get(reverse("institutions:institution", args=[body.key])).content.decode()
    assert "tema-" not in after


@pytest.mark.django_db
def test_saying_nothing_at_first_changes_nothing(body: Organisation) -> None:
    actions.let_show(organisation=body, hosts=[], rev=0, **BY)
    actions.dress(organisation=body, choice=None, rev=0, **BY)
    assert not Face.objects.exists()


def test_a_frame_is_shown_where_it_may_be_and_knows_nobody(body: Organisation) -> None:
    marta = administrator(body)
    path = reverse("frames:frame", args=[body.key])
    assert "frame-ancestors 'none'" in Client().get(path)["Content-Security-Policy"]
    actions.let_show(organisation=body, hosts=["https://a.ec", "https://b.ec"], rev=0, **BY)
    answers = [marta.get(path), Client().get(path)]
    for answer in answers:
        policy = answer["Content-Security-Policy"]
        assert "frame-ancestors https://a.ec https://b.ec;" in policy
        assert "script-src" not in policy
        assert not answer.has_header("X-Frame-Options")
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")
    assert answers[0].content == answers[1].content
    assert marta.get(f"/en{path}").content == Client().get(f"/en{path}").content
    page = answers[0].content.decode()
    assert page.count("<a") == page.count('rel="noopener"') > 0
    assert page.count('target="_top"') == page.count("<a") + 1  # and the search
    assert "frame-ancestors 'none'" in marta.get("/")["Content-Security-Policy"]


def test_a_kit_is_whole_and_asks_nothing_of_others(body: Organisation) -> None:
    actions.dress(organisation=body, choice=GREEN, rev=0, **BY)
    path = reverse("institutions:kit_package", args=[body.key])
    sent = Client().get(path)
    with zipfile.ZipFile(io.BytesIO(sent.content)) as package:
        files = {name.removeprefix("plantilla/"): package.read(name) for name in package.namelist()}
    page, sheet = files["index.html"].decode(), files["minga.css"].decode()
    assert files["colores.css"] == queries.drawn(GREEN).encode()
    assert "<script" not in page
    used = {part.split('"')[0] for part in page.split('<link rel="stylesheet" href="')[1:]}
    used |= {part.split('"')[0] for part in sheet.split('url("')[1:]}
    assert used <= set(files)
    assert body.name in page
