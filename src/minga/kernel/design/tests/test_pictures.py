import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag
from django.template import engines
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.design.colours import contrast
from minga.kernel.design.pictures import charts, maps, tree
from minga.kernel.design.pictures.figures import Figure, told
from minga.kernel.design.queries import schemes
from minga.kernel.design.templatetags.pictures import names, short_figure

from .test_look import CSS

counts = st.integers(0, 1_000_000)
numbers = st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6).map(lambda n: round(n, 3)))
some = st.lists(st.none() | numbers, min_size=1, max_size=30)


def figures(values: list[int | float | None]) -> list[Figure]:
    return [Figure(f"N{place}", value) for place, value in enumerate(values)]


def place(text: str) -> float:
    return float(text.removesuffix("%").removesuffix("em"))


def render(source: str, **context: object) -> BeautifulSoup:
    return BeautifulSoup(engines["django"].from_string(source).render(context), "html.parser")


@given(some)
def test_bars_are_inside_and_as_long_as_their_numbers(values: list[int | float | None]) -> None:
    drawing = charts.bars(figures(values))
    known = [(bar, bar.figure.value) for bar in drawing.bars if bar.figure.value is not None]
    for bar in drawing.bars:
        assert 0 <= place(bar.x) <= place(bar.x) + place(bar.width) <= 100.02
        assert place(bar.x) - 0.01 <= place(drawing.zero) <= place(bar.end) + 0.01
    for one, value in known:
        for other, least in known:
            assert abs(place(one.width) * abs(least) - place(other.width) * abs(value)) <= 0.011 * (
                abs(least) + abs(value)
            )
    assert all(place(b.width) == 0 for b in drawing.bars if not b.figure.value)


@given(st.lists(st.lists(st.none() | counts, max_size=7), min_size=1, max_size=24))
def test_the_parts_of_a_stack_touch_and_make_up_the_whole(
    rows: list[list[int | float | None]],
) -> None:
    stacks = charts.stacks([charts.StackRow("Fila", figures(values)) for values in rows])
    most = max(stack.total or 0 for stack in stacks) or 1
    for stack in stacks:
        ends = [place(part.x) + place(part.width) for part in stack.parts]
        starts = [place(part.x) for part in stack.parts]
        assert starts[:1] in ([], [0])
        assert all(abs(end - start) <= 0.02 for end, start in zip(ends, starts[1:], strict=False))
        assert abs((ends or [0])[-1] - (stack.total or 0) / most * 100) <= 0.02
        assert all(a.thread != b.thread for a, b in pairwise(stack.parts))


def test_a_part_is_never_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="negative"):
        charts.StackRow("Fila", [Figure("A", -1)])


@given(some)
def test_a_line_is_inside_its_rules_and_breaks_where_there_is_no_data(
    values: list[int | float | None],
) -> None:
    drawing = charts.line(figures(values))
    points = [point.split(",") for piece in drawing.pieces for point in piece.split()]
    assert len(points) == len([value for value in values if value is not None])
    assert all(0 <= int(x) <= 1000 and 0 <= int(y) <= 1000 for x, y in points)
    rules = [rule.value for rule in drawing.rules]
    assert 2 <= len(rules) <= charts.GRID + 3
    assert all(rules[0] <= value <= rules[-1] for value in values if value is not None)
    assert all(0 <= place(rule.y) <= 100 for rule in drawing.rules)
    named = [dot for dot in drawing.dots if dot.is_named]
    assert len([dot for dot in named if not dot.is_wide]) <= 2
    assert len(named) <= charts.LABELS + 1


@given(some)
def test_what_is_told_of_figures_is_true(values: list[int | float | None]) -> None:
    facts, known = told(figures(values)), [value for value in values if value is not None]
    assert facts.total == sum(known)
    assert facts.missing == values.count(None)
    if known:
        assert facts.highest
        assert facts.lowest
        assert (facts.highest.value, facts.lowest.value) == (max(known), min(known))
        assert len(facts.highest.labels) == known.count(max(known))


@given(st.lists(numbers, min_size=1, max_size=24) | st.lists(counts, min_size=1, max_size=24))
def test_every_value_has_one_shade_and_more_is_never_lighter(values: list[int | float]) -> None:
    among = maps.steps(values)
    assert len(among) <= maps.SHADES + 1
    shades = [maps.shade(value, among) for value in sorted(values)]
    assert shades == sorted(shades)
    assert shades[-1] in (("0", "4") if max(values) == 0 else ("4",))
    for value in values:
        assert any(step.low <= value <= step.high for step in among)


@given(st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=1, max_size=24))
def test_tiles_are_inside_and_never_overlap(spots: set[tuple[int, int]]) -> None:
    tiles = [maps.Tile(str(n), "X", *spot) for n, spot in enumerate(spots)]
    drawing = maps.draw({tile.code: Figure("X", 1) for tile in tiles}, maps.Shape(tiles))
    boxes = [
        (place(s.x), place(s.y), place(s.x) + place(s.width), place(s.y) + place(s.height))
        for s in drawing.squares
    ]
    assert all(0 <= box[0] < box[2] <= 100 for box in boxes)
    assert all(0 <= box[1] < box[3] <= place(drawing.height) for box in boxes)
    for n, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[n + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_the_number_of_an_area_stands_in_its_largest_piece() -> None:
    assert maps.middle("M0,0l2,0 0,2 -2,0zM100,100l20,0 0,20 -20,0z") == (110, 110)


rows = st.recursive(
    st.builds(tree.TreeRow, st.just("X"), knots=st.none() | st.integers(0, 40)),
    lambda below: st.builds(tree.TreeRow, st.just("X"), below=st.lists(below, max_size=3)),
    max_leaves=12,
)


@given(st.lists(rows, min_size=1, max_size=4))
def test_a_tree_has_a_row_for_each_part_and_a_knot_for_each_thing(rows: list[tree.TreeRow]) -> None:
    def many(parts: object) -> int:
        assert isinstance(parts, list | tuple)
        return sum(1 + many(part.below) for part in parts)

    branches = tree.grow(rows)
    assert len(branches) == many(rows)
    for before, branch in zip([None, *branches], branches, strict=False):
        assert branch.level <= (before.level if before else 0) + 1
        assert (branch.knots.path.count("M") if branch.knots else 0) == (branch.row.knots or 0)
        assert all(place(rail) < place(branch.stem) < place(branch.width) for rail in branch.rails)


SAMPLES: dict[str, list[int | float | None]] = {
    "nothing known": [None, None],
    "one": [7],
    "all zero": [0, 0, 0],
    "a gap and a debt": [-4.5, None, 1_000_000],
    "many": list(range(24)),
}
TILES = [maps.Tile(f"N{n}", f"N{n}", n % 6, n // 6) for n in range(24)]
OUTLINES = maps.Outlines("Límites inventados.", "0 0 9 9", {"N0": "M0,0l9,0 0,9z"})
SOURCES = {
    "bar": "{% bar_chart 'Casas' figures %}",
    "line": "{% line_chart 'Casas' figures %}",
    "map": "{% tile_map 'Casas' places shape %}",
}


@pytest.mark.parametrize("values", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("kind", SOURCES)
def test_each_picture_is_a_drawing_a_sentence_and_a_table(
    kind: str, values: list[int | float | None]
) -> None:
    found = figures(values)
    with override("es"):
        page = render(
            SOURCES[kind],
            figures=found,
            places={figure.label: figure for figure in found},
            shape=maps.Shape(TILES, OUTLINES),
        )
    assert page.select("figure > figcaption strong")
    for drawing in page.select("svg[role=img]"):
        assert drawing.find("title") or drawing["aria-label"]
    assert len(page.select("details tbody tr")) == len(values)
    words = page.get_text()
    assert ("Sin datos" in words) is (None in values)
    if kind != "bar":
        [caption] = page.select("figcaption span")
        assert [desc.get_text() for desc in page.select("desc")] == [
            caption.get_text()
        ] * len(page.select("svg[role=img]"))  # fmt: skip
    for part in page.find_all(["rect", "line", "text", "svg"]):
        for name in ("x", "y", "x1", "x2", "width", "height"):
            assert "," not in str(part.get(name, ""))


def said(source: str, **context: object) -> str:
    caption = render(source, **context).select_one("figcaption span")
    assert isinstance(caption, Tag)
    return caption.get_text()


def test_a_picture_says_the_highest_the_lowest_the_sum_and_what_is_missing() -> None:
    found = [Figure("Loja", 1_200), Figure("Napo", 3), Figure("Cañar", 3), Figure("Azuay", None)]
    assert said("{% bar_chart 'x' figures 'pedidos' %}", figures=found) == (
        "En total: 1\xa0206 pedidos. Lo más alto: 1\xa0200 (Loja). Lo más bajo: 3 (Napo y Cañar)."
        " Sin datos: 1."
    )
    assert said("{% line_chart 'x' figures %}", figures=[Figure("Loja", 4.5)]) == "Loja: 4,5."
    halves = [charts.StackRow("Loja", found), charts.StackRow("Napo", [Figure("x", None)])]
    assert said("{% stacked_chart 'x' rows 'pedidos' %}", rows=halves) == (
        "En total: 1\xa0206 pedidos. Sin datos: 2."
    )
    zeros = [Figure("Loja", 0), Figure("Napo", 0)]
    assert said("{% bar_chart 'x' figures %}", figures=zeros) == "El valor es siempre 0."
    rising = [Figure("enero", 3), Figure("marzo", 8)]
    assert said("{% line_chart 'x' figures %}", figures=rising).endswith(
        "Empieza en 3 y termina en 8."
    )


def test_numbers_and_names_are_as_people_read_them() -> None:
    assert names(["Loja", "Napo", "Azuay"], 24) == "Loja, Napo y Azuay"
    assert names(["Loja", "Napo", "Azuay", "Cañar"], 24) == "4 de 24"
    shown = [short_figure(value) for value in (None, 0, 9_999, 12_400, 1_250_000, 23_000_000)]
    assert shown == ["s/d", "0", "9\xa0999", "12 mil", "1,2 M", "23 M"]


def test_a_tile_that_leads_somewhere_is_a_link_in_a_picture_that_can_be_entered() -> None:
    places = {"N0": Figure("Loja", 3, "/loja/"), "N1": Figure("Napo", 0)}
    page = render(
        "{% tile_map 'Casas' places shape 'casas' %}", places=places, shape=maps.Shape(TILES)
    )
    [link] = page.select("svg[role=group] a")
    assert (link["href"], link["aria-label"]) == ("/loja/", "Loja: 3 casas")


def test_what_people_write_is_never_markup_in_a_picture() -> None:
    bad = [Figure("<b>hola</b>", 1)]
    parts = [charts.StackRow("<b>hola</b>", bad)]
    branches = [tree.TreeRow("<b>hola</b>", knots=1)]
    source = "{% bar_chart x f %}{% line_chart x f %}{% stacked_chart x p %}{% tree x t x %}"
    page = render(source, x="<b>hola</b>", f=bad, p=parts, t=branches)
    assert not page.find("b")
    assert not render(source, x="Nada", f=[], p=[], t=[]).find()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_number_can_be_read_on_every_shade(scheme: str) -> None:
    colours = schemes()[scheme]
    for step, ink in enumerate(("ink", "ink", "ink", "on-indigo", "on-indigo")):
        found = re.search(rf"\.shade-{step} \{{ fill-opacity: ([.\d]+)", CSS)
        ground = mixed(colours["indigo"], colours["paper"], float(found[1]) if found else 1)
        assert contrast(colours[ink], ground) >= 4.5, step


def mixed(over: str, under: str, much: float) -> str:
    pairs = ((int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * much + b * (1 - much)):02x}" for a, b in pairs)
