"""What the pages of docs/catalogue say, read from what the house declares."""

import inspect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from minga.kernel.cases.declaration import CaseType, Phase
from minga.kernel.design.menu import Audience
from minga.kernel.jurisdiction.declaration import Jurisdiction, Legal, NotOffered, jurisdictions
from minga.kernel.public_service.declaration import PublicService, services
from minga.project.environment import HOME, Environment

MADE = "<!-- Made by ./minga docs from what the house declares. Never edited by hand. -->"
INDEX = "README.md"
FOR_WHOM = {
    Audience.EVERYONE: "everyone",
    Audience.APPLICANT: "whoever has the code or the address of the draft",
    Audience.PERSON: "whoever is signed in",
    Audience.OFFICIAL: "officials who hold a post",
    Audience.ADMINISTRATOR: "who runs the people and posts of an institution",
    Audience.STEWARD: "who runs the register of all institutions",
}


def pages() -> dict[str, str]:
    """Every page by its file name, in the source's words: the same in every country."""
    with override(None):
        made = {
            "services.md": ("Services", services_page()),
            "datasets.md": ("Open data", datasets_page()),
            "terms.md": ("Terms of the countries", terms_page()),
            "addresses.md": ("Addresses", addresses_page()),
            "settings.md": ("Settings", settings_page()),
        }
        index = [f"- [{title}]({name})" for name, (title, _) in made.items()]
        found = {name: page(title, lines) for name, (title, lines) in made.items()}
        return {**found, INDEX: page("Catalogue of the house", index)}


def page(title: str, lines: Iterable[str]) -> str:
    return "\n".join([MADE, "", f"# {title}", "", *lines]).rstrip() + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield line(heads)
    yield line(["---"] * len(heads))
    yield from map(line, rows)
    yield ""


def line(cells: Sequence[object]) -> str:
    texts = (str(cell).replace("|", r"\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(texts)} |"


def code(text: object) -> str:
    return f"`{text}`"


def services_page() -> Iterator[str]:
    for service in services:
        yield f"## {service.name}"
        yield from ("", str(service.summary), "")
        yield from table(["What it brings", "Which"], brings(service))
        for case_type in service.case_types:
            yield from case_type_part(case_type)


def brings(service: PublicService) -> Iterator[tuple[str, str]]:
    """What a service hands to the blocks; what it does not bring is not told."""
    found = {
        "Folder": [f"src/minga/services/{service.key}"],
        "Mounted at": [f"/{service.path}"],
        "Cases": [part.key for part in service.case_types],
        "Menu": [item.url_name for item in service.menu],
        "Panels of the first page": [panel.template for panel in service.panels],
        "Public records": [part.key for part in service.records],
        "Shortcuts of the search box": [part.key for part in service.shortcuts],
        "Datasets": [part.key for part in service.datasets],
        "Loads files of the country": [function(service.load)] if service.load else [],
        "Demonstration": [function(service.demo)] if service.demo else [],
    }
    return ((what, ", ".join(map(code, which))) for what, which in found.items() if which)


def function(of: Any) -> str:
    return f"{of.__module__.rpartition('.')[2]}.{of.__name__}"


def case_type_part(case_type: CaseType) -> Iterator[str]:
    yield from (f"### {case_type.name}: {code(case_type.key)}", "")
    yield from ("```mermaid", *diagram(case_type), "```", "")
    yield from table(
        ["State", "People read", "Phase", "Seen by all"],
        (
            (code(state), stage.label, code(stage.phase), "yes" if stage.public else "no")
            for state, stage in case_type.states.items()
        ),
    )
    yield from table(
        ["From", "Move", "To", "Taken by", "People read", "Needs"],
        (
            (code(state), code(key), code(move.to), move.by, move.label, needs(move))
            for state, moves in case_type.moves.items()
            for key, move in moves.items()
        ),
    )
    yield from reasons(case_type)


def diagram(case_type: CaseType) -> Iterator[str]:
    yield "stateDiagram-v2"
    for state, stage in case_type.states.items():
        yield f'    state "{stage.label}" as {state}'
    yield f"    [*] --> {case_type.first}"
    for state, moves in case_type.moves.items():
        for move in moves.values():
            yield f"    {state} --> {move.to}: {move.label}"
    for state, stage in case_type.states.items():
        if stage.phase is Phase.CLOSED:
            yield f"    {state} --> [*]"


def needs(move: Any) -> str:
    return "a message" if move.message else "a reason of the list" if move.reasons else ""


def reasons(case_type: CaseType) -> Iterator[str]:
    """The closed lists, each once however many states the move leaves from."""
    lists = {
        key: move.reasons
        for moves in case_type.moves.values()
        for key, move in moves.items()
        if move.reasons
    }
    for key, known in lists.items():
        yield from (f"Reasons of {code(key)}:", "")
        yield from (f"- {code(reason)}: {words}" for reason, words in known.items())
        yield ""


def datasets_page() -> Iterator[str]:
    for service in services:
        for dataset in service.datasets:
            yield from (f"## {dataset.title}: {code(dataset.key)}", "")
            yield from (f"Licence: {dataset.licence}. Left out: {dataset.omits}", "")
            columns = ((code(name), label) for name, label in dataset.columns.items())
            yield from table(["Column", "People read"], columns)


def terms_page() -> Iterator[str]:
    countries = list(jurisdictions)
    yield from ("What each country answers. Unknown opens no clock.", "")
    names = [str(country.name) for country in countries]
    yield from table(["", *names], facts(countries))
    for service in services:
        if service.terms:
            yield from (f"## {service.name}: {code(service.key)}", "")
            yield from ((inspect.getdoc(service.terms) or "").replace("\n", " "), "")
            answers = [country.terms_for(service.terms) for country in countries]
            rows = (
                (code(term.name), *(answered(answer, term.name) for answer in answers))
                for term in fields(service.terms)
            )
            yield from table(["Term", *names], rows)


def facts(countries: Sequence[Jurisdiction]) -> Iterator[Sequence[object]]:
    yield "ISO 3166", *(country.iso for country in countries)
    yield "Currency", *(country.currency for country in countries)
    yield "Legal zone", *(country.zone for country in countries)
    named = (
        ", ".join(str(part.name) for part in c.identifiers if part.is_checked) for c in countries
    )
    yield "Identifiers whose digits are checked", *(names or "none" for names in named)


def answered(answer: object, name: str) -> str:
    if isinstance(answer, NotOffered):
        return f"Not offered: {answer.reason}"
    legal: Legal[object] = getattr(answer, name)
    value = legal.value
    told = "unknown" if value is None else code(value)
    if isinstance(value, tuple | list | frozenset):
        told = ", ".join(map(code, value))
    confirmed = f"confirmed by {legal.confirmed_by}" if legal.confirmed_by else "to be confirmed"
    return f"{told} ({legal.source}, {legal.on}; {confirmed})"


@dataclass(frozen=True, slots=True)
class Address:
    """One address that somebody can ask for."""

    route: str
    name: str
    audience: Audience | None
    kept: bool  # the page is made once for everybody


def addresses() -> list[Address]:
    return sorted(walked(get_resolver().url_patterns), key=lambda address: address.route)


def walked(
    patterns: Sequence[URLPattern | URLResolver], route: str = "/", space: str = ""
) -> Iterator[Address]:
    for pattern in patterns:
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from walked(pattern.url_patterns, here, inner)
        else:
            view = pattern.callback
            yield Address(
                route=here,
                name=f"{space}{pattern.name}",
                audience=getattr(view, "audience", None),
                kept=getattr(view, "is_public_page", False),
            )


def addresses_page() -> Iterator[str]:
    yield from ("What says for nobody is refused to everybody.", "")
    rows = (
        (
            code(address.route),
            code(address.name),
            FOR_WHOM[address.audience] if address.audience else "nobody",
            "yes" if address.kept else "",
        )
        for address in addresses()
    )
    yield from table(["Address", "Name", "For", "Kept for all readers"], rows)


def settings_page() -> Iterator[str]:
    yield from (
        "Each variable may also be given as a file: `MINGA_SECRET_FILE` names the file that"
        " holds `MINGA_SECRET`. `./minga env` shows what holds here.",
        "",
    )
    rows = ((code(row.name), shown(row.default), row.sentence) for row in Environment().rows())
    yield from table(["Variable", "Without it", "What it is for"], rows)


def shown(default: str) -> str:
    """A default as it is written anywhere: not with the folder of this checkout."""
    return code(default.removeprefix(f"{HOME}/")) if default else "empty"
