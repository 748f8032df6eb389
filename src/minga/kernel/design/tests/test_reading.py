import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.design.reading import CLOSE, OPEN, Reading, address_in, bare, marked

WORD = st.sampled_from(["agua", "una idea", "12", " ", "&amp;", "EC-7", "Ñandú", "¿y?"])
TEXT = st.lists(st.one_of(WORD, WORD.map(marked)), max_size=4).map("".join)
NAMES = st.sampled_from(["p", "a", "strong", "li", "option", "title", "svg", "td"])
PAGE = st.recursive(
    TEXT,
    lambda inner: st.builds(
        lambda name, parts, said: f'<{name} title="{said}">{"".join(parts)}</{name}>',
        NAMES,
        st.lists(inner, max_size=3),
        TEXT,
    ),
    max_leaves=8,
)


@given(PAGE, st.booleans())
def test_what_is_read_stays_and_no_mark_is_left(page: str, whole: bool) -> None:
    read = Reading("en", "es", whole=whole).page(page)
    assert OPEN not in read
    assert CLOSE not in read
    assert words(read) == words(bare(page))


def words(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text()


@pytest.mark.parametrize(
    ("spanish", "english"),
    [
        ("<p>agua</p>", '<p lang="es">agua</p>'),
        ("<p>{water} 12</p>", "<p>water 12</p>"),
        ("<p>{by} agua</p>", '<p>by <span lang="es">agua</span></p>'),
        ("<p>{a <b>new} word</b></p>", '<p>a <b>new <span lang="es">word</span></b></p>'),
        ('<a lang="qu">yaku</a>', '<a lang="qu">yaku</a>'),
        ("<option>agua</option>", '<option lang="es">agua</option>'),
        ('<p title="{water}">7</p>', '<p title="water">7</p>'),
        ("<p>K7QX-3M2P</p>", "<p>K7QX-3M2P</p>"),
        ("<p>{lost</p><p>agua</p>", '<p>lost</p><p lang="es">agua</p>'),
    ],
)
def test_in_a_whole_language_what_nobody_translated_is_spanish(spanish: str, english: str) -> None:
    page = spanish.replace("{", OPEN).replace("}", CLOSE)
    assert Reading("en", "es", whole=True).page(page) == english


def test_in_a_partial_language_only_what_was_translated_is_in_it() -> None:
    page = f"<p>{marked('yaku')}</p><p>agua</p><p>{marked('yaku')} agua</p>"
    assert Reading("qu", "es", whole=False).page(page) == (
        '<p lang="qu">yaku</p><p>agua</p><p><span lang="qu">yaku</span> agua</p>'
    )


def test_what_is_put_into_a_translation_is_not_part_of_it() -> None:
    put = marked("By %(who)s on <b>%(n)d days</b>, {x}.") % {"who": "Rosa", "n": 2}
    told = Reading("en", "es", whole=True).page(f"<p>{put}</p>")
    assert '<span lang="es">Rosa</span>' in told
    assert words(told) == "By Rosa on 2 days, {x}."


@pytest.mark.parametrize(
    ("address", "led"),
    [
        ("/planes/?q=1#a", "/en/planes/?q=1#a"),
        ("/planes/x.csv?a=b", "/planes/x.csv?a=b"),
        ("/static/a/b.css", "/static/a/b.css"),
        ("//otro.example/", "//otro.example/"),
        ("https://otro.example/", "https://otro.example/"),
        ("?pagina=2", "?pagina=2"),
    ],
)
def test_an_address_of_this_site_gets_the_prefix(address: str, led: str) -> None:
    assert address_in("/en", address) == led
    assert f'href="{led}"' in Reading("en", "es", whole=True).page(f'<a href="{address}">7</a>')


def test_a_link_that_says_its_language_leads_there() -> None:
    link = '<a hreflang="es" lang="es" href="/planes/">Español</a>'
    assert Reading("en", "es", whole=True).page(link) == link
