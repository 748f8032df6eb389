"""Two invented workshops: one that comes, and one whose tables read each other's proposals."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone

from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation.actions import batches, day
from minga.services.cocreation.actions import workshops as actions
from minga.services.cocreation.models import Cycle, Sheet, Workshop
from minga.services.cocreation.rules.batches import COLUMNS, Line, line
from minga.services.cocreation.rules.workshops import Phase, Sort

BY = "house"
CITY = "Villa Minga"
HOST = "Universidad del Páramo (demostración)"
CAME = {  # by sex and sector, counted at the door
    ("woman", "civil_society"): 14,
    ("man", "civil_society"): 11,
    ("woman", "public"): 9,
    ("man", "public"): 10,
    ("woman", "academia"): 6,
    ("man", "academia"): 7,
    ("woman", "citizen"): 5,
}
WRITTEN = {
    11: {
        "title": "Paradas con sombra y luz",
        "problem": "La gente mayor espera el bus de pie, bajo el sol o a oscuras.",
        "solution": "Un techo, una banca y una lámpara en cada parada del centro.",
        "milestones": "Contar las paradas. Poner las primeras diez.",
        "actors": "El municipio, la empresa eléctrica y las juntas de cada barrio.",
        "sector": "civil_society",
    },
    6: {
        "title": "Análisis del agua a la vista de todos",
        "problem": "Nadie sabe si el agua de las escuelas rurales es segura.",
        "solution": "Publicar en cada escuela el último análisis, con una explicación.",
        "milestones": "",
        "actors": "Las juntas de agua y la universidad.",
        "sector": "academia",
    },
}
PAPER = {
    "title": "Un buzón en cada mercado",
    "problem": "Quien vende en el mercado no tiene tiempo de ir a quejarse.",
    "solution": "Un buzón en cada mercado, que se abre delante de la gente.",
    "milestones": "",
    "actors": "",
    "goal": "16",
    "sector": "citizen",
    "written_on": "",
}


def build(cycle: Cycle, person: Person, at: datetime) -> None:
    """The same again changes nothing."""
    held = at - timedelta(days=9)
    _to_come(cycle, at + timedelta(days=20), at)
    known = Workshop.objects.filter(cycle=cycle, key=str(_key("past"))).exists()
    past = _workshop(cycle, "past", "Mesas de Villa Minga", Sort.TERRITORIAL, held)
    if not known:
        _held(past, held)
        _on_paper(past, person, held)


def _key(of: object) -> UUID:
    return uuid5(NAMESPACE_URL, f"minga:demo:workshop:{of}")


def _workshop(cycle: Cycle, key: str, title: str, sort: Sort, at: datetime) -> Workshop:
    said: Mapping[str, object] = {
        "sort": sort,
        "title": f"{title} (demostración)",
        "city": CITY,
        "host": HOST,
        "venue": "Aula magna",
        "territory_id": jurisdiction.territories()[0].iso,
        "on": timezone.localdate(at),
        "hours": "08h00 a 13h00",
        "capacity": 60,
    }
    told = {"key": str(_key(key)), "said": said, "by": BY, "at": at - timedelta(days=21)}
    return actions.create(cycle=cycle, **told)  # type: ignore[arg-type]  # announced before


def _to_come(cycle: Cycle, on: datetime, at: datetime) -> None:
    workshop = _workshop(cycle, "next", "Mesa de gobernanza digital", Sort.THEMATIC, on)
    for name, sex, sector in (("Luz", "woman", "citizen"), ("Tito", "man", "academia")):
        told = {"name": name, "sex": sex, "sector": sector, "at": at}
        actions.register(workshop=workshop, key=_key(name), **told)  # type: ignore[arg-type]


def _held(workshop: Workshop, at: datetime) -> None:
    for (sex, sector), people in CAME.items():
        told = {"sex": sex, "sector": sector, "people": people, "by": BY, "at": at}
        actions.walk_in(workshop=workshop, key=_key((sex, sector)), **told)  # type: ignore[arg-type]
    tables = [
        day.lay_table(workshop=workshop, key=_key(goal), goal=goal, at=at) for goal in WRITTEN
    ]
    for table, words in zip(tables, WRITTEN.values(), strict=True):
        day.write(table=table, key=_key(words["title"]), words=words, rev=None, at=at)
    first, second = workshop.tables.order_by("number")
    text = "¿Quién cuida las lámparas después? Habría que decirlo."
    told = {"table": second, "key": _key(text), "text": text, "at": at}
    day.remark(sketch=first.sketches.get(), **told)  # type: ignore[arg-type]
    for phase in list(Phase)[:5]:
        day.do(workshop=workshop, phase=phase, note="", by=BY, at=at)


def _on_paper(workshop: Workshop, person: Person, at: datetime) -> None:
    """Sheets that were printed, and a spreadsheet with one row that has to be mended."""
    batches.reserve(workshop=workshop, many=4, shown=0, by=BY, at=at)
    codes = Sheet.objects.filter(workshop=workshop).order_by("number").values_list("code")
    (good,), (bad,), *_rest = codes
    rows = [{**PAPER, "code": good}, {**PAPER, "code": bad, "goal": "el quinto"}]
    lines = [_line(number, row, timezone.localdate(at)) for number, row in enumerate(rows, start=2)]
    told = {"name": "hojas.csv (demostración)", "digest": "demo", "at": at}
    key = _key("batch")
    batches.keep(key=key, workshop=workshop, person=person, lines=lines, **told)  # type: ignore[arg-type]


def _line(number: int, row: Mapping[str, str], today: date) -> Line:
    cells = [row[name] for name, _heading in COLUMNS]
    return line(number, cells, sectors={"citizen": "citizen"}, today=today)
