"""What is asked of the server, and how each request is prepared."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, islice
from urllib.parse import quote_plus
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.pages import LAST, PARAMETER, Order, complete, written
from minga.kernel.cases.models import Case
from minga.kernel.identity.models import Person
from minga.services.action_plans.models import Commitment
from minga.services.cocreation import actions, queries, rules
from minga.services.cocreation.forms import ORDERS
from minga.services.cocreation.models import Proposal

from . import world
from .server import Ask

numbers = count(10**6)  # of texts and addresses that nobody has asked for yet


@dataclass(frozen=True)
class Visit:
    """One kind of request; `asks` prepares so many of them."""

    name: str
    asks: Callable[[int], list[Ask]]
    who: Person | None = None
    is_short: bool = False


def visits() -> Iterator[Visit]:
    """What only reads comes first: what is sent later makes the desk longer."""
    yield greeting()
    yield from pages()
    yield from lists()
    yield from whole()
    yield from searches()
    yield from desk()
    yield from steps()
    yield Visit("Enviar la propuesta", sendings(lambda _: {}))
    yield Visit("Enviar con correo y estadística", sendings(world.personal))


def greeting() -> Visit:
    return Visit("Hola, sin base ni plantilla", again("/hola/"), is_short=True)


def again(path: str) -> Callable[[int], list[Ask]]:
    return lambda times: [Ask(path)] * times


def anew(path: str) -> Callable[[int], list[Ask]]:
    """Each time another address, so that no page kept before answers."""
    mark = "&" if "?" in path else "?"
    return lambda times: [Ask(f"{path}{mark}_={next(numbers)}") for _ in range(times)]


def pages() -> Iterator[Visit]:
    chosen = Commitment.objects.select_related("node__edition__plan").order_by("pk").first()
    assert chosen
    plan = reverse("action_plans:plan", args=[chosen.node.edition.plan.key])
    node = f"{plan}{chosen.node.code}/"
    for name, path in (("Inicio", "/"), ("Plan", plan), ("Compromiso", node)):
        yield Visit(f"{name}, de la caché", again(path), is_short=True)
        yield Visit(f"{name}, sin caché", anew(path))
    newest = Proposal.objects.exclude(number=None).order_by("-number").first()
    assert newest
    yield Visit("Propuesta, sin caché", anew(newest_address(newest)))
    code = Case.objects.order_by("pk").values_list("code", flat=True)[0]
    yield Visit("Seguir con el código", again(reverse("cocreation:followed", args=[code])))


def newest_address(proposal: Proposal) -> str:
    return reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])


def lists() -> Iterator[Visit]:
    address = reverse("cocreation:proposals")
    words = {"": "más nuevas", "antiguas": "más antiguas", "nombre": "por nombre"}
    for key, order in ORDERS.items():
        ordered = f"{address}?orden={key}"
        yield Visit(f"Lista, {words[key]}: primera", anew(ordered))
        yield Visit(f"Lista, {words[key]}: página 100", anew(f"{ordered}{hundredth(order)}"))
        yield Visit(f"Lista, {words[key]}: última", anew(f"{ordered}&{PARAMETER}={LAST}"))
    place = rare(list(queries.public().values_list("territory__iso", flat=True)))
    for filters, what in (
        ("objetivo=4", "un objetivo"),
        ("objetivo=17", "un objetivo raro"),
        ("objetivo=0", "muy general"),
        (f"lugar={place}", "un lugar raro"),
        ("sector=citizen", "el sector común"),
        ("sector=international", "un sector raro"),
        (f"objetivo=4&lugar={place}&sector=citizen", "los tres"),
    ):
        for key in ORDERS:
            path = f"{address}?orden={key}&{filters}"
            yield Visit(f"Lista, {words[key]}, {what}: primera", anew(path))


def whole() -> Iterator[Visit]:
    """What counts or tells all proposals."""
    for name, words in (("cycle_figures", "Proceso en cifras"), ("report", "Informe")):
        yield Visit(words, anew(reverse(f"cocreation:{name}", args=[world.CYCLE])))
    for name, words in (("cycle_counts_csv", "Cifras"), ("outcomes_csv", "Resultados")):
        yield Visit(f"{words}, archivo", again(reverse(f"cocreation:{name}")))


def rare(found: list[str]) -> str:
    return min(sorted(set(found)), key=found.count)


def hundredth(order: tuple[Order, ...]) -> str:
    """The address of page 100 as following the links gives it; of fewer, of the middle."""
    found = queries.public().order_by(*(o.expression() for o in complete(Proposal, order)))
    last = min(99 * 20, found.count() // 2) - 1
    place = written("despues", complete(Proposal, order), list(found[last : last + 1]))
    return f"&{PARAMETER}={place}"


def searches() -> Iterator[Visit]:
    for words, what in (
        ("agua", "una palabra muy común"),
        ("presupuesto escuela trimestre", "tres palabras"),
        ("totora", "una palabra"),
        ("xilófono", "sin resultados"),
    ):
        yield Visit(
            f"Búsqueda, {what}", anew(f"{reverse('catalogue:search')}?q={quote_plus(words)}")
        )


def desk() -> Iterator[Visit]:
    address, who = reverse("public_service:desk"), world.official()
    yield Visit("Mesa, por atender", again(address), who)
    yield Visit("Mesa, respondidos", again(f"{address}?ver=terminados"), who)


def steps() -> Iterator[Visit]:
    words = {**world.said(0), **world.personal(0)}
    forms = {
        "problema": ("title", "problem"),
        "solucion": ("solution",),
        "alcance": ("goal", "territory", "sector"),
        "sobre-ti": ("sex", "age_group", "email"),
    }
    before: dict[str, object] = {}
    cycle = {"cycle": world.CYCLE}  # the first step writes it down
    for step, names in forms.items():
        form = {name: words[name] or 0 for name in names}
        yield Visit(f"Borrador, paso {step}", posts(step, before, form))
        before = before | form | cycle


def posts(
    step: str, before: Mapping[str, object], form: Mapping[str, object]
) -> Callable[[int], list[Ask]]:
    """Of drafts in which the steps before this one are filled in; the first is a new one."""
    return lambda times: [Ask(draft(step, before), form) for _ in range(times)]


def sendings(more: Callable[[int], Mapping[str, object]]) -> Callable[[int], list[Ask]]:
    """Of finished drafts, each with words and an address of its own."""
    last = rules.STEPS[-1]
    return lambda times: [
        Ask(draft(last, {**world.said(number), **more(number)}), {})
        for number in islice(numbers, times)
    ]


def draft(step: str, words: Mapping[str, object]) -> str:
    made = uuid4()
    if words:
        actions.keep(draft=made, words=words, at=timezone.now())
    return reverse("cocreation:draft_step", args=[made, step])
