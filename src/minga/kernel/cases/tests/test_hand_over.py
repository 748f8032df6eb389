import pytest

from minga.kernel.cases import actions, queries
from minga.kernel.cases.declaration import Conflict, Refused
from minga.kernel.cases.models import Case
from minga.kernel.cases.tests.build import INES, NOON, an_errand, asked, replied, sql
from minga.kernel.identity.models import Organisation
from minga.kernel.identity.tests.build import an_organisation

pytestmark = pytest.mark.django_db


def other() -> Organisation:
    return an_organisation("cotacachi", "Municipio de Cotacachi")


def handed(case: Case) -> Case:
    seen = Case.objects.get(pk=case.pk).rev
    return actions.hand_over(case=case, to=other(), by=INES, rev=seen, at=NOON)


def test_a_case_passes_to_another_institution_and_goes_on_there() -> None:
    case = an_errand()
    before = Case.objects.get(pk=case.pk)
    handed(case)
    after = Case.objects.get(pk=case.pk)
    assert (after.holder, after.unit, after.assigned) == (other(), None, None)
    assert (after.state, after.due_on, after.opened_at) == (
        before.state,
        before.due_on,
        before.opened_at,
    )
    assert list(queries.verify()) == []
    replied(asked(case))
    assert list(queries.verify()) == []
    steps = queries.timeline(Case.objects.get(pk=case.pk), {})
    assert str(steps[1].label) == "Pasó a otra institución"


def test_whoever_saw_an_older_case_hands_nothing_over() -> None:
    case = an_errand()
    asked(case)
    with pytest.raises(Conflict):
        actions.hand_over(case=case, to=other(), by=INES, rev=1, at=NOON)


def test_a_case_is_not_handed_to_whoever_holds_it() -> None:
    case = an_errand()
    handed(case)
    with pytest.raises(Refused):
        handed(case)


def test_a_holder_that_the_history_does_not_tell_is_named() -> None:
    case = an_errand()
    handed(case)
    sql("UPDATE cases_case SET holder_id = %s", an_organisation().pk)
    assert [fault.place for fault in queries.verify()] == [case.stream]
