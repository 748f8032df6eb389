import csv
import io
from itertools import permutations
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bench.similar import again, baseline, half, known, quality
from minga.kernel.cases.models import Case
from minga.kernel.trust.models import Entry
from minga.services.cocreation.actions import similar as actions
from minga.services.cocreation.models import (
    Cycle,
    Integrated,
    Join,
    Proposal,
    Run,
    Suggestion,
    Verdict,
)
from minga.services.cocreation.queries import similar as queries
from minga.services.cocreation.queries.alike import like, sought
from minga.services.cocreation.rules import State
from minga.services.cocreation.rules.similar import Parameters, Text, digest, linked, suggested
from minga.services.cocreation.rules.similar.reading import read as read_of
from minga.services.cocreation.rules.similar.reading import thesaurus

from .build import NOON, a_whole_cycle, accepted, decided, speaks

WATER = [
    ("Agua potable en el barrio", "La tubería está rota y abrimos la llave y no sale nada."),
    ("El tanquero no alcanza", "Compramos agua al tanquero porque no hay acueducto aquí."),
    ("Grifos secos", "El líquido vital llega dos días por semana a la parroquia."),
]
BRIBES = [
    ("Coimas en la ventanilla", "Para mover el trámite hay que dar algo por debajo de la mesa."),
    ("Sobornos de inspectores", "El inspector pide plata para firmar, es pura corrupción."),
]
ALONE = ("Piscina del parque", "Los domingos la piscina está cerrada y nadie explica por qué.")
words = st.sampled_from(
    ["agua", "tubería", "grifo", "coima", "soborno", "bus", "parada", "basura", "escuela", "beca"]
)
texts = st.lists(st.lists(words, min_size=1, max_size=6).map(" ".join), max_size=25)


def read(said: list[str]) -> list[Text]:
    return [Text(number, text, "", "") for number, text in enumerate(said, start=1)]


@pytest.mark.slow
@given(texts, st.randoms(use_true_random=False))
def test_the_same_texts_give_the_same_groups_in_whatever_order(
    said: list[str], dice: Random
) -> None:
    given, turned = read(said), read(said)
    dice.shuffle(turned)
    assert suggested(given) == suggested(turned)
    assert digest(given) == digest(turned)


@pytest.mark.slow
@given(texts)
def test_nobody_is_in_two_groups_and_none_is_larger_than_allowed(said: list[str]) -> None:
    groups = suggested(read(said), Parameters(most=3))
    inside = [number for group in groups for number in group.numbers]
    assert len(inside) == len(set(inside))
    assert all(2 <= len(group.numbers) <= 3 and group.words for group in groups)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_chain_is_no_group(order: tuple[int, int, int]) -> None:
    """One is near two and two is near three, and one is far from three."""
    a, b, c = order
    pairs = {(min(x, y), max(x, y)): near for x, y, near in [(a, b, 400), (b, c, 390)]}
    assert linked(pairs, 3, Parameters(near=300)) == [sorted([a, b])]


def test_of_equally_near_ones_the_lowest_numbers_come_first() -> None:
    pairs = {(0, 1): 500, (1, 2): 500, (2, 3): 500}
    assert linked(pairs, 4, Parameters(near=400)) == [[0, 1], [2, 3]]


def test_an_ask_is_said_by_words_of_each_of_its_sides() -> None:
    matter, wish = "Mi marido me pega.", "Un albergue para nosotras."
    said = read_of(f"{matter} {wish}").asks
    assert said.keys() - read_of(matter).asks.keys() - read_of(wish).asks.keys()
    assert all(len(words) > 1 for words in said.values())


def test_of_one_matter_what_asks_for_something_else_is_apart() -> None:
    told = [
        "Jaurías de perros en el barrio: campañas gratuitas de esterilización.",
        "Mi gata tuvo siete crías: que castren a las mascotas sin cobrar.",
        "Envenenan perros y queman gatos: multas a quien maltrata animales.",
        "Golpean a los caballos y a las mascotas: denuncias y sanciones por crueldad.",
    ]
    assert sorted(group.numbers for group in suggested(read(told))) == [(1, 2), (3, 4)]


@pytest.mark.slow
def test_what_it_finds_is_more_than_what_words_alone_find() -> None:
    for name in ("texts.csv", "unseen.csv"):
        all_texts, groups = known(name)
        for which in (0, 1):
            some = half(all_texts, groups, which)
            of = {text.number: groups[text.number] for text in some}
            ours = quality([group.numbers for group in suggested(some)], of)
            words = max(quality(baseline(some, t), of).f1 for t in (0.1, 0.16, 0.2))
            assert ours.f1 > 0.7
            assert ours.f1 > 3 * words
    foreign, groups = known("fifth.csv")
    found = quality([group.numbers for group in suggested(foreign)], groups)
    assert found.precision > 0.75
    assert found.recall > 0.6


@pytest.fixture
def cycle(db: None) -> Cycle:
    found = a_whole_cycle("integracion")
    for title, problem in [*WATER, *BRIBES, ALONE]:
        accepted(title=title, problem=problem, solution=f"Que alguien lo mire: {problem}")
    return found


def made(cycle: Cycle) -> Run:
    actions.ask(cycle=cycle, person=speaks("elena"), at=NOON)
    assert actions.make(now=lambda: NOON) == 1
    run = queries.last_made(cycle)
    assert run
    return run


def test_whatever_it_is_about_others_can_be_looked_for() -> None:
    for concept in thesaurus().names:
        assert sought(read_of(f"{concept} {concept}"))


@pytest.mark.slow
def test_what_was_published_is_found_again_by_who_writes_the_same(
    cycle: Cycle, client: Client
) -> None:
    found = like(Text(0, "Falta agua", "No tenemos agua potable, la cañería no sirve.", ""))
    assert {one.title for one in found} == {title for title, _problem in WATER}
    hidden = Proposal.objects.get(title=WATER[0][0])
    page = reverse("cocreation:proposal", args=[cycle.key, hidden.number])
    assert all(title in client.get(page).content.decode() for title, _problem in WATER)
    step = reverse("cocreation:draft_step", args=[uuid4(), "problema"])
    told = {"title": "Falta agua", "problem": "No tenemos agua potable, la cañería no sirve."}
    assert page in client.post(step, told, follow=True).content.decode()
    decided(hidden, "reopen", message="Falta decir en qué calle está la tubería.")
    again = like(Text(0, "Falta agua", "No tenemos agua potable, la cañería no sirve.", ""))
    assert hidden.title not in {one.title for one in again}
    assert like(Text(0, "", "", "")) == []
    assert like(Text(0, "Xyzzy", "qwerty asdfgh", "")) == []


@pytest.mark.slow
def test_from_asking_to_the_verdict(cycle: Cycle, client: Client) -> None:
    run = made(cycle)
    groups = queries.kept(run)
    assert sorted(len(group.numbers) for group in groups) == [2, 3]
    number = next(n for n, group in enumerate(groups, 1) if len(group.numbers) == 3)
    three = list(groups[number - 1].numbers)
    client.force_login(speaks("elena"))
    page = client.get(reverse("cocreation:suggestions", args=[cycle.key])).content.decode()
    assert "Agua potable" in page
    assert "Datos de demostración" in page
    here = reverse("cocreation:suggestion", args=[cycle.key, number])
    shown = queries.one(cycle, number)
    assert shown
    said = {"answer": "si", "reason": "Las dos piden agua.", "shown": shown.key}
    other = client.post(here, {**said, "numbers": three, "shown": "f" * 64}).content.decode()
    assert "Mientras escribías" in other
    assert f'value="{shown.key}"' in other
    assert not Verdict.objects.exists()
    lone = client.post(here, {"numbers": three[:1], **said}).content.decode()
    assert "Marca al menos dos" in lone
    assert "Las dos piden agua." in lone
    for chosen in (three[:2], three):  # said again, the first saying stands
        client.post(here, {"numbers": chosen, **said})
    assert Verdict.objects.get().numbers == three[:2]
    assert queries.tally(cycle) == (0, 1, 0)
    sheet = b"".join(client.get(reverse("cocreation:suggestions_csv")))
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))[1:]
    of_it = {row[7]: row[8] for row in rows if row[4] == str(number)}
    assert of_it == {str(n): "sí" if n in three[:2] else "no" for n in three}
    public = Client().get(reverse("cocreation:how_suggested", args=[cycle.key])).content.decode()
    assert run.input_hash in public
    assert run.output_hash in public


@pytest.mark.slow
def test_whoever_downloads_the_proposals_finds_the_same_list(
    cycle: Cycle, client: Client, tmp_path: Path
) -> None:
    run, file = made(cycle), tmp_path / "propuestas.csv"
    file.write_bytes(b"".join(client.get(reverse("cocreation:proposals_csv"))))
    first, *groups = again(file)
    assert run.input_hash in first
    assert [line.split(": ")[0].split(" ", 3)[3] for line in groups] == [
        ", ".join(map(str, group.numbers)) for group in queries.kept(run)
    ]


@pytest.mark.slow
def test_made_again_it_is_the_same_and_asks_nobody_twice(cycle: Cycle) -> None:
    first = made(cycle)
    one = first.suggestions.order_by("number")[0]
    actions.decide(
        suggestion=one,
        accepted=False,
        numbers=[],
        reason="Son dos asuntos distintos.",
        person=speaks("felix"),
        at=NOON,
    )
    second = made(cycle)
    assert (second.input_hash, second.output_hash) == (first.input_hash, first.output_hash)
    assert one.key not in {left.key for left in queries.undecided(second)}
    assert not list(queries.verify())
    Suggestion.objects.filter(run=first).update(words=["otra"])
    Verdict.objects.update(accepted=True)
    assert len(list(queries.verify())) == 2


def test_who_sits_elsewhere_is_refused_and_it_is_kept_that_they_tried(
    cycle: Cycle, client: Client
) -> None:
    page = reverse("cocreation:suggestions", args=[cycle.key])
    client.force_login(speaks("carla"))
    assert client.post(page).status_code == 403
    assert not Run.objects.exists()
    assert Entry.objects.filter(stream=cycle.stream, kind="refused").count() == 1
    client.force_login(speaks("elena"))
    Cycle.objects.update(stage="evaluacion")
    assert client.post(page).status_code == 403


def test_what_cannot_be_made_is_tried_three_times_and_said(
    cycle: Cycle, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "ORDER", ["false"])
    actions.ask(cycle=cycle, person=speaks("elena"), at=NOON)
    assert [actions.make(now=lambda: NOON) for _again in range(5)] == [0] * 5
    client.force_login(speaks("elena"))
    page = client.get(reverse("cocreation:suggestions", args=[cycle.key])).content.decode()
    assert "no se pudo preparar" in page


@pytest.mark.slow
def test_those_that_say_alike_go_on_as_one(cycle: Cycle, client: Client) -> None:
    run = made(cycle)
    groups = queries.kept(run)
    number = next(n for n, group in enumerate(groups, 1) if len(group.numbers) == 3)
    three = list(groups[number - 1].numbers)
    Case.objects.filter(proposal__number__in=three[:2]).update(state=State.RELATED)
    client.force_login(speaks("elena"))
    here = reverse("cocreation:suggestion", args=[cycle.key, number])
    one = queries.one(cycle, number)
    assert one
    said = {"numbers": three, "answer": "si", "reason": "Las tres piden agua.", "shown": one.key}
    nameless = client.post(here, said).content.decode()
    assert "Escribe el nombre del grupo nuevo" in nameless
    assert not Verdict.objects.exists()
    for _again in range(2):  # pressed twice, it is one group
        sent = client.post(here, {**said, "title": "Agua todos los días"}, follow=True)
    made_of = Integrated.objects.get()
    assert made_of.title == "Agua todos los días"
    inside = Join.objects.filter(integrated=made_of).values_list("proposal__number", flat=True)
    assert set(inside) == set(three[:2])
    group = reverse("cocreation:group", args=[cycle.key, made_of.number])
    assert group in sent.content.decode()
