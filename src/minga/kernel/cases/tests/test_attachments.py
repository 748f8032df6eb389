"""Files of a case: kept, entered, looked into, seen, and told apart from what was received."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from minga.kernel.cases import queries as cases
from minga.kernel.cases import rules, scanner
from minga.kernel.cases.actions import attachments as actions
from minga.kernel.cases.declaration import Conflict, Refused
from minga.kernel.cases.models import Attachment, Case
from minga.kernel.cases.queries import attachments
from minga.kernel.cases.rules import Scan
from minga.kernel.cases.tests.antivirus import DROP, EICAR, Antivirus
from minga.kernel.cases.tests.build import (
    NAMES,
    NOON,
    a_file,
    an_errand,
    asked,
    given,
    lying,
    replied,
    scan,
    sql,
    step,
)
from minga.kernel.forms.rules import MOST, NotTaken
from minga.kernel.forms.tests.files import PDF
from minga.kernel.identity.tests.build import a_post, an_official, an_organisation
from minga.kernel.trust import queries as trust
from minga.kernel.trust.rules import Fault

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


def internal(case: Case) -> Attachment:
    actions.add_internal(case=case, files=[a_file()], post=a_post(), at=NOON)
    return Attachment.objects.get(internal=True)


def bytes_of(row: Attachment) -> bytes:
    return b"".join(attachments.stored(row.place))


def places(faults: Iterator[Fault]) -> list[str]:
    return [fault.place for fault in faults]


def test_a_file_is_kept_under_a_name_of_ours_and_its_digest_is_in_the_history(store: Path) -> None:
    case = an_errand()
    [row] = given(case, a_file(PDF, "Acta de Rosa.pdf"))
    assert bytes_of(row) == PDF
    assert lying(store) == [row.place]
    entry = trust.entries(case.stream).last()
    assert entry
    assert entry.kind == rules.RECEIVED
    assert entry.facts["sha256"] == row.sha256
    assert "Rosa" not in entry.body
    assert [*cases.verify(), *attachments.verify(), *attachments.verify_stored()] == []


def test_files_do_not_move_a_case_nor_stand_among_its_steps() -> None:
    case = asked(an_errand())
    given(case)
    case = replied(case)
    given(case)
    step(case, "finish")
    told = cases.timeline(Case.objects.get(), NAMES)
    assert [happened.label for happened in told] == [
        "Llegó el encargo",
        "Preguntaron",
        "Respondió",
        "Se hizo",
    ]
    assert [happened.current for happened in told] == [False, False, False, True]
    assert list(cases.verify()) == []


def test_who_opened_a_case_sees_its_files_and_not_the_internal_ones() -> None:
    case, post = an_errand(), a_post()
    person = an_official(post=a_post("Otra"), email="rosa@example.org")
    Case.objects.update(applicant=person)
    [row], secret = given(case), internal(case)
    assert set(attachments.visible_to(posts=[post])) == {row, secret}
    assert set(attachments.visible_to(code=case.code)) == {row}
    assert set(attachments.visible_to(person=person)) == {row}
    assert [file.name for file in attachments.for_code(case, NAMES).rows] == ["nota.txt"]
    assert [file.name for file in attachments.for_person(case, person, NAMES).rows] == ["nota.txt"]
    assert len(attachments.for_officials(case, NAMES).rows) == 2


def test_nobody_else_sees_any() -> None:
    case = an_errand()
    given(case)
    internal(case)
    stranger = an_official(email="otra@example.org")
    elsewhere = a_post("Analista", an_organisation("ibarra", "Municipio de Ibarra"))
    for nobody in (
        attachments.visible_to(),
        attachments.visible_to(posts=[elsewhere]),
        attachments.visible_to(person=stranger),
        attachments.visible_to(code="123-456-7891"),
    ):
        assert not nobody.exists()


def test_an_internal_file_stands_in_the_history_of_the_desk() -> None:
    case = an_errand()
    row = internal(case)
    assert [entry.kind for entry in trust.entries(case.stream)] == ["open"]
    [entry] = trust.entries(case.desk_stream)
    assert (entry.kind, entry.facts["attachment"]) == (rules.RECEIVED, row.pk)
    assert list(attachments.verify()) == []


def test_there_is_room_for_ten_of_each_side(store: Path) -> None:
    case = an_errand()
    given(case, *(a_file() for _ in range(MOST)))
    assert attachments.for_code(case, NAMES).room == 0
    with pytest.raises(Refused):
        given(case)
    assert Attachment.objects.count() == len(lying(store)) == MOST
    assert attachments.for_officials(case, NAMES).room == MOST
    internal(case)
    assert attachments.for_officials(case, NAMES).room == MOST - 1


def test_the_test_file_is_refused_at_once_and_takes_no_room(
    store: Path, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    case = an_errand()
    with django_capture_on_commit_callbacks(execute=True):
        [row] = given(case, a_file(b"hola " * 20_000 + EICAR))
    assert row.scan == Scan.REFUSED
    assert lying(store) == []
    [shown] = attachments.for_code(case, NAMES).rows
    assert (shown.scan, shown.address) == (Scan.REFUSED, "")
    assert attachments.for_code(case, NAMES).room == MOST
    assert [*attachments.verify(), *attachments.verify_stored()] == []


@pytest.mark.parametrize("at", [0, 1, 33, 60, 67])
def test_the_test_file_is_found_across_two_parts(at: int) -> None:
    assert not scanner.is_clean([b"x" * 100 + EICAR[:at], EICAR[at:] + b"x"])
    assert scanner.is_clean([EICAR[:-1], b"x"])


def test_with_an_antivirus_a_file_waits_until_it_was_looked_into(
    clamd: Antivirus, store: Path
) -> None:
    case = an_errand()
    good, bad = given(case, a_file(PDF, "acta.pdf"), a_file(EICAR))
    assert {good.scan, bad.scan} == {Scan.WAITING}
    assert {file.address for file in attachments.for_code(case, NAMES).rows} == {""}
    assert scan() == 2
    assert clamd.seen == [PDF, EICAR]
    assert dict(Attachment.objects.values_list("pk", "scan")) == {
        good.pk: Scan.CLEAN,
        bad.pk: Scan.REFUSED,
    }
    assert lying(store) == [good.place]
    assert [entry.kind for entry in trust.entries(case.stream)][-2:] == 2 * [rules.SCANNED]
    assert scan() == 0
    assert [*trust.verify(), *cases.verify(), *attachments.verify()] == []


@pytest.mark.parametrize("answer", ["INSTREAM size limit exceeded. ERROR\0", "\0"])
def test_a_file_that_the_antivirus_cannot_read_holds_up_no_other(
    answer: str, clamd: Antivirus
) -> None:
    first, second = given(an_errand(), a_file(), a_file())
    clamd.answers.append(answer)
    assert scan() == 1
    assert Attachment.objects.get(pk=first.pk).scan == Scan.WAITING
    assert Attachment.objects.get(pk=second.pk).scan == Scan.CLEAN
    assert scan() == 1


@pytest.mark.parametrize("answer", [DROP, "stream: O", "x" * 9_000])
def test_an_antivirus_that_breaks_off_is_asked_again_later(answer: str, clamd: Antivirus) -> None:
    given(an_errand(), a_file(), a_file())
    clamd.answers.append(answer)
    assert scan() == 0
    assert len(clamd.seen) == 1
    assert scan() == 2


def test_an_antivirus_that_is_away_is_waited_for(
    clamd: Antivirus, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    given(an_errand(), a_file(), a_file())
    settings.MINGA_SCANNER = "clamd://127.0.0.1:1"
    assert scan() == 0
    assert caplog.text.count("the scanner does not answer") == 1
    settings.MINGA_SCANNER = clamd.address
    assert scan() == 2


def test_a_file_of_which_the_bytes_are_gone_is_named_and_holds_up_no_other(
    clamd: Antivirus, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = given(an_errand(), a_file(), a_file())
    (store / rules.path(first.place)).unlink()
    assert scan() == 1
    actions.forget_orphans(at=NOON)
    assert f"attachment {first.pk} has no file" in caplog.text
    assert places(attachments.verify_stored()) == [f"{first.stream} {first.pk}"]


def test_what_was_kept_for_a_step_that_was_refused_is_taken_away(store: Path) -> None:
    case = asked(an_errand())
    with pytest.raises(Conflict), actions.kept([a_file()]):
        step(case, "finish", rev=1)
    assert lying(store) == []


def test_what_nobody_entered_is_thrown_away_after_a_day(store: Path) -> None:
    [row] = given(an_errand())
    with pytest.raises(KeyboardInterrupt), actions.kept([a_file()]):
        raise KeyboardInterrupt  # a process that ended in between
    assert len(lying(store)) == 2
    now = timezone.now()
    assert actions.forget_orphans(at=now + timedelta(hours=23)) == 0
    assert actions.forget_orphans(at=now + timedelta(hours=25)) == 1
    assert lying(store) == [row.place]


def test_orphans_are_looked_for_in_a_store_that_nobody_has_used(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    assert actions.forget_orphans(at=NOON) == 0
    assert caplog.text == ""


@pytest.mark.parametrize(
    "meddled",
    [
        "UPDATE cases_attachment SET sha256 = 'x'",
        "UPDATE cases_attachment SET scan = 'clean'",
        "UPDATE cases_attachment SET internal = NOT internal",
        "DELETE FROM cases_attachment",
    ],
)
@pytest.mark.usefixtures("clamd")
def test_a_row_that_somebody_meddled_with_is_named(meddled: str) -> None:
    [row] = given(an_errand())
    place = f"{row.stream} {row.pk}"
    assert list(attachments.verify()) == []
    sql(meddled)
    assert [found.rpartition(" ")[2] for found in places(attachments.verify())] == [
        place.rpartition(" ")[2]
    ]
    assert list(cases.verify()) == []


def test_a_row_that_nobody_told_of_is_named() -> None:
    [row] = given(an_errand())
    row.pk, row.place = None, "0" * 40
    row.save(force_insert=True)
    assert places(attachments.verify()) == [f"{row.stream} {row.pk}"]


def test_bytes_that_somebody_changed_are_named(store: Path) -> None:
    [row] = given(an_errand())
    file = store / rules.path(row.place)
    os.chmod(file, 0o600)
    file.write_bytes(b"Otra cosa")
    assert list(attachments.verify()) == []
    assert places(attachments.verify_stored()) == [f"{row.stream} {row.pk}"]


def test_nothing_is_kept_that_the_rules_do_not_take() -> None:
    with pytest.raises(NotTaken):
        a_file(b"", "nada.pdf")
