"""An invented call with invented proposals, made with the same actions as real ones."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from math import isqrt
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from minga.kernel.cases.actions import attachments, desk
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.models import Case
from minga.kernel.forms.rules import receive
from minga.kernel.identity import actions as identity
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Person, Post
from minga.kernel.identity.rules import DEMO
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.trust import queries as trust
from minga.services.cocreation import actions, queries
from minga.services.cocreation.demo import finished, talk, workshops
from minga.services.cocreation.demo.convener import convener
from minga.services.cocreation.demo.replay.world import DAYS
from minga.services.cocreation.rules import Reason, Sector

CYCLE = "demostracion"
CITIZENS = {
    ("rosa", "Rosa Lema"): [
        "Presupuesto del barrio en palabras sencillas",
        "Asambleas que también escuchen por teléfono",
        "Datos de siniestros viales para colegios",
        "Quiero que arreglen mi medidor",
    ],
    ("eusebio", "Eusebio Mamani"): [
        "Horarios de bus que se puedan consultar sin internet",
        "Un solo lugar para los avisos de corte de luz",
    ],
}


class Idea(NamedTuple):
    """One invented proposal, and what became of it."""

    title: str
    problem: str
    solution: str
    goal: int | None
    sector: str
    fate: str


class Fate(NamedTuple):
    """One step of what became of it."""

    move: str
    message: str = ""
    reason: str = ""
    file: str = ""


IDEAS = [
    Idea(
        "Presupuesto del barrio en palabras sencillas",
        "En nuestro barrio nadie sabe cuánto dinero se destina a cada obra ni cuándo empieza."
        " La gente se entera cuando ya llegaron las máquinas.",
        "Publicar cada tres meses una hoja con las obras, el dinero asignado y lo gastado,"
        " y leerla en la asamblea del barrio.",
        16,
        Sector.CITIZEN,
        "accept",
    ),
    Idea(
        "Horarios de bus que se puedan consultar sin internet",
        "Las comunidades rurales esperan horas en la carretera porque los horarios cambian"
        " y solo se publican en redes sociales.",
        "Imprimir los horarios en cada parada y abrir los datos para que cualquiera haga"
        " una aplicación o un aviso por radio.",
        11,
        Sector.CIVIL_SOCIETY,
        "accept",
    ),
    Idea(
        "Mapa abierto de la calidad del agua",
        "No sabemos si el agua que llega a las casas es segura: los análisis existen,"
        " pero se quedan en un archivador.",
        "Publicar cada mes los análisis por sector, con una explicación y un número"
        " al que llamar cuando algo sale mal.",
        6,
        Sector.ACADEMIA,
        "accept",
    ),
    Idea(
        "Trámites explicados en lengua originaria",
        "Las personas mayores necesitan que alguien les traduzca los requisitos, y a veces"
        " pierden el viaje porque les falta un papel.",
        "Grabar en audio los diez trámites más usados y ponerlos en la página, en la radio"
        " y en las ventanillas.",
        10,
        Sector.CIVIL_SOCIETY,
        "accept",
    ),
    Idea(
        "Compras pequeñas que lleguen a los talleres locales",
        "Los talleres del cantón no se enteran de las compras públicas pequeñas y siempre"
        " venden los mismos proveedores.",
        "Avisar por correo y en cartelera de cada compra menor, con una guía de una página"
        " para participar por primera vez.",
        8,
        Sector.PRIVATE,
        "accept",
    ),
    Idea(
        "Seguimiento público de las denuncias ambientales",
        "Quien denuncia la contaminación de un río no vuelve a saber nada de su denuncia.",
        "Dar un código a cada denuncia y mostrar en qué paso está, quién la tiene y"
        " qué se encontró.",
        13,
        Sector.CITIZEN,
        "accept",
    ),
    Idea(
        "Becas con calendario y resultados a la vista",
        "Las fechas de las becas cambian sin aviso y no se publica por qué se eligió a cada"
        " persona.",
        "Un calendario anual fijo, los criterios con su puntaje y los resultados sin nombres.",
        4,
        Sector.ACADEMIA,
        "reopen",
    ),
    Idea(
        "Asambleas que también escuchen por teléfono",
        "Las mujeres que cuidan a otras personas no pueden ir a las asambleas de la tarde.",
        "Abrir una línea y un horario de mañana para que su voz quede en el acta como las demás.",
        5,
        Sector.CITIZEN,
        "answered",
    ),
    Idea(
        "Datos de siniestros viales para colegios",
        "Varios colegios piden pasos seguros, pero no tienen datos para mostrar el peligro.",
        "Publicar los siniestros por esquina y por hora, sin datos personales.",
        3,
        Sector.PUBLIC,
        "ask",
    ),
    Idea(
        "Un solo lugar para los avisos de corte de luz",
        "Cada empresa avisa por un medio distinto y los negocios pierden mercadería.",
        "Reunir los avisos en una página abierta, con mensaje al teléfono para quien lo pida.",
        7,
        Sector.PRIVATE,
        "none",
    ),
    Idea(
        "Escuelas de datos en las bibliotecas",
        "Hay datos publicados, pero poca gente sabe leerlos o usarlos en su comunidad.",
        "Un taller mensual en cada biblioteca, con computadoras y una persona que acompañe.",
        None,
        Sector.ACADEMIA,
        "none",
    ),
    Idea(
        "Quiero que arreglen mi medidor",
        "Mi medidor de agua está dañado desde hace dos meses y nadie viene a verlo.",
        "Que manden a un técnico a mi casa esta semana para cambiar el medidor.",
        None,
        Sector.CITIZEN,
        "set_aside",
    ),
]


def build(at: datetime) -> None:
    """The invented world of this service; the same again changes nothing."""
    finished.build(at)  # it began before
    start = at - timedelta(days=DAYS - 1)
    (ines, post), people = convener(start), _citizens()
    cycle = actions.convene(
        key=CYCLE,
        title="Convocatoria de demostración",
        convener=post,
        opens=start,
        closes=at + timedelta(days=365),
    )
    for position, idea in enumerate(IDEAS):
        sent_at = start + timedelta(days=3 * position, hours=position, minutes=7 * position)
        _tell(idea, position, sent_at, post, people.get(idea.title))
    _work(Official(post, ines), at)
    workshops.build(cycle, ines, at)
    talk.build(CYCLE, at)


def _citizens() -> dict[str, Person]:
    """Who sent which, with an account; the others came without one."""
    people: dict[str, Person] = {}
    for (key, name), titles in CITIZENS.items():
        told = {"name": name, "password": identity.DEMO_PASSWORD}
        person = enter_person(email=f"{key}{DEMO}", **told)
        people |= dict.fromkeys(titles, person)
    return people


def _tell(idea: Idea, position: int, at: datetime, post: Post, person: Person | None) -> None:
    draft = uuid5(NAMESPACE_URL, f"minga:demo:{position}")
    actions.keep(draft=draft, words=_words(idea, position), at=at, person=person)
    case = actions.send(draft=draft, at=at, person=person)
    if trust.entries(case.stream).count() == 1:
        _decide(case, idea.fate, at, post)


def _words(idea: Idea, position: int) -> Mapping[str, Any]:
    places = [territory.iso for territory in jurisdiction.territories()]
    return {
        "cycle": CYCLE,
        "title": idea.title,
        "problem": idea.problem,
        "solution": idea.solution,
        "goal": idea.goal,
        "territory": places[5 * isqrt(position) % len(places)],
        "sector": idea.sector,
    }


FILES = {
    "horarios.csv": "Datos de demostración\nhora;personas\n9:00;12\n10:00;18\n".encode(),
    "acta-de-la-mesa.pdf": b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 420 200] /Contents 4 0 R
 /Resources <</Font <</F 5 0 R>>>>>> endobj
4 0 obj <</Length 66>> stream
BT /F 18 Tf 40 100 Td (Datos de demostracion: un acta inventada) Tj ET
endstream endobj
5 0 obj <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> endobj
trailer <</Root 1 0 R>>
%%EOF
""",
}
FATES = {
    "none": [],
    "accept": [Fate("accept")],
    "set_aside": [Fate("set_aside", reason=Reason.PERSONAL_CASE)],
    "ask": [Fate("ask", "¿A qué colegios se refiere y quién tiene hoy esos datos?")],
    "answered": [
        Fate("ask", "¿En qué horario podrían participar y cuántas personas son?"),
        Fate(
            "reply",
            "Somos unas treinta. De nueve a once de la mañana podemos todas.",
            file="horarios.csv",
        ),
        Fate("add", file="acta-de-la-mesa.pdf"),
    ],
    "reopen": [
        Fate("accept"),
        Fate("reopen", "Nos avisaron de que falta decir quién publicaría el calendario."),
    ],
}


def _decide(case: Case, fate: str, at: datetime, post: Post) -> None:
    """A step a day, until there is no more to tell."""
    for day, step in enumerate(FATES[fate], start=1):
        proposal = queries.by_code(case.code)
        assert proposal
        told: dict[str, Any] = {"rev": day, "at": at + timedelta(days=day)}
        files = [receive(step.file, BytesIO(FILES[step.file]))] if step.file else []
        match step.move:
            case "reply":
                told |= {"person": proposal.case.applicant, "attached": files}
                actions.reply(proposal=proposal, message=step.message, **told)
            case "add":
                attachments.add_internal(case=proposal.case, files=files, post=post, at=told["at"])
            case move:
                told |= {"message": step.message, "reason": step.reason}
                actions.decide(proposal=proposal, move=move, post=post, **told)


TAKEN = (
    "Becas con calendario y resultados a la vista",
    "Asambleas que también escuchen por teléfono",
    "Datos de siniestros viales para colegios",
)


def _work(ines: Official, at: datetime) -> None:
    """What the institution does with them among itself: some are taken, one has a note, an
    internal day and an answer that is half written; the others wait for somebody."""
    held = {p.title: p.case for p in queries.visible_to([ines.post]).select_related("case")}
    taken = [held[title] for title in TAKEN]
    desk.assign(cases={case.pk: None for case in taken}, to=ines.post, by=ines, at=at)
    first, second, _third = taken
    day = timezone.localdate(at) + timedelta(days=12)
    desk.set_due(cases={second.pk: None}, on=day, by=ines, at=at)
    said = "Hablar antes con quienes organizan las asambleas: conocen los horarios."
    desk.note(case=second, body=said, by=ines, at=at)
    half = "¿Quién publicaría el calendario, y con cuántas semanas de"
    told = {"move": "ask", "message": half}
    desk.keep_answer(case=first, **told, version=0, person=ines.person, at=at)
