"""The minutes of a session: who was there by organisation, what was put and what was decided.
Nobody is named; what is not decided is not told. It is public."""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minga.kernel.assemblies.models import Item, Session
from minga.kernel.base.language import prevailing
from minga.kernel.documents.declaration import Facts, Note, Paper, Part, Table, Words
from minga.services.cocreation.papers.words import CHOICES, OUTCOMES, SECTORS

MINUTES = "cocreation.minutes"


def reference(session: Session) -> str:
    return f"session:{session.pk}"


@prevailing()
def minutes(session: Session) -> Paper:
    """In Spanish, in whichever language its page is read: there is one paper."""
    return Paper(
        title=_("Acta Nº %(number)s") % {"number": session.number},
        subject=session.body.name,
        demo=session.body.demo,
        parts=[*_said(session)],
    )


def _said(session: Session) -> Iterator[Part]:
    yield Facts(rows=[*_facts(session)])
    yield _present(session)
    for item in session.items.all():
        yield from _point(item)
    yield Note(
        text=_("El acta nombra a las organizaciones, no a las personas que las representan.")
    )


def _present(session: Session) -> Part:
    there: Any = session.attendances.all()
    heading = _("Quiénes estuvieron")
    if not there:
        return Words(heading=heading, text=_("Nadie anotó su asistencia."))
    return Table(
        heading=heading,
        columns=[_("Organización"), _("Sector"), _("Por quién")],
        widths=[1, 0, 0],
        rows=[
            [
                row.seat.member.name,
                str(SECTORS.get(row.seat.sector, row.seat.sector)),
                _("Delegación suplente") if row.alternate else _("Delegación principal"),
            ]
            for row in there
        ],
    )


def _facts(session: Session) -> Iterator[tuple[str, str]]:
    yield _("Órgano"), session.body.name
    yield _("Fecha"), date_format(session.held_on, r"j \d\e F \d\e Y")
    yield _("Modo"), _("Virtual") if session.virtual else _("Presencial")
    if session.approved_at:
        day = date_format(session.approved_at, r"j \d\e F \d\e Y")
        yield _("Estado"), _("Aprobada el %(day)s") % {"day": day}
    else:
        yield _("Estado"), _("Borrador: falta que el órgano la apruebe")


def _point(item: Item) -> Iterator[Part]:
    heading = f"{item.number}. {item.title}"
    decided = str(OUTCOMES[item.outcome]) if item.outcome else _("Todavía no se decidió.")
    words = item.text if item.outcome else ""
    yield Words(heading=heading, text="\n\n".join(part for part in (words, decided) if part))
    if item.outcome:
        votes = item.votes.all()
        yield Facts(rows=[(v.seat.member.name, str(CHOICES[v.choice])) for v in votes])
