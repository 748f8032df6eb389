"""An integrated proposal while it is written: what each of its parts says now, and who wrote it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from minga.kernel.cases import rules as case_rules
from minga.kernel.trust.models import Entry
from minga.services.cocreation.models import Agreement, Integrated, Passage
from minga.services.cocreation.queries import integration
from minga.services.cocreation.rules.integration import ROW, Part, Planned, Role, Structure, Typed


@dataclass(frozen=True, slots=True)
class Written:
    """One part as it stands, for its group."""

    words: Typed
    passages: Sequence[Passage]  # the last one first, which counts; none: as everybody reads it

    @property
    def draft(self) -> Passage | None:
        return self.passages[0] if self.passages else None

    @property
    def seen(self) -> str:
        """What fits these words only: whoever has it saw them."""
        return case_rules.seal("", self.words)


def fresh(integrated: Integrated) -> Integrated:
    """The same as it is now, with all that it says."""
    found = integration.one(integrated.cycle, integrated.number)
    assert found  # nothing of it is ever deleted
    return found


def structure(integrated: Integrated) -> Structure:
    """What everybody reads of one."""
    return Structure(
        title=integrated.title,
        problem=integrated.problem,
        solution=integrated.solution,
        pillars=integrated.pillars,
        goals=[aim.goal for aim in integrated.aims.all()],
        cooperation=integrated.cooperation,
        budget=integrated.budget,
        starts_on=integrated.starts_on,
        ends_on=integrated.ends_on,
        steps=[
            Planned(title=step.title, starts_on=step.starts_on, ends_on=step.ends_on)
            for step in integrated.steps.all()
        ],
        parties=[(Role(one.role), one.organisation_id) for one in integrated.parties.all()],
    )


def parts(integrated: Integrated) -> Mapping[Part, Written]:
    """Each of its parts; of one that was found with all that it says, one statement."""
    kept: dict[str, list[Passage]] = {part: [] for part in Part}
    for passage in integrated.passages.select_related("seat__member").order_by("-pk"):
        kept[passage.part].append(passage)
    public = _typed(integrated)
    return {
        part: Written(kept[part][0].words if kept[part] else public[part], kept[part])
        for part in Part
    }


def keys(integrated: Integrated) -> set[int]:
    return set(integrated.passages.values_list("pk", flat=True))


def version_by(integrated: Integrated) -> Agreement | None:
    """Who stood first behind the text that everybody reads, and when; None: nobody of its
    group wrote it so."""
    last = Entry.objects.filter(stream=integrated.stream, kind="write").order_by("-seq").first()
    found = integrated.agreements.filter(rev=last.facts["rev"] if last else 1)
    return found.select_related("seat__member").order_by("at", "pk").first()


def rows(milestones: Iterable[Sequence[str]]) -> Typed:
    """Milestones as they are typed, one row after the other."""
    return {
        f"{name}{number}": value
        for number, row in enumerate(milestones, start=1)
        for name, value in zip(ROW, row, strict=True)
    }


def _typed(integrated: Integrated) -> Mapping[Part, Typed]:
    """What everybody reads of it, as somebody would type it."""
    said, bodies = structure(integrated), list(integrated.parties.all())
    return {
        Part.PROBLEM: {"title": said.title, "problem": said.problem},
        Part.COMMITMENT: {
            "solution": said.solution,
            "starts_on": _day(said.starts_on),
            "ends_on": _day(said.ends_on),
            "budget": "" if said.budget is None else f"{said.budget:.2f}",
        },
        Part.OPENNESS: {
            "pillars": sorted(said.pillars),
            "goals": sorted(str(goal) for goal in said.goals),
        },
        Part.STEPS: rows((s.title, _day(s.starts_on), _day(s.ends_on)) for s in said.steps),
        Part.WHO: {
            **{
                role: "\n".join(body.organisation.name for body in bodies if body.role == role)
                for role in Role
            },
            "cooperation": said.cooperation,
        },
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
