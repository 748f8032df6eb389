import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Person
from minga.kernel.mailbox import actions, queries, rules
from minga.kernel.mailbox.models import Letter, Notice, Silence
from minga.kernel.mailbox.rules import Delivery, Mail, Topic
from minga.kernel.mailbox.tests.build import DAY, MINUTE, NOON, deliver
from minga.kernel.mailbox.tests.post_office import DROP, PostOffice

moments = st.none() | st.just(NOON)


def rosa(email: str = "rosa@example.org") -> Person:
    return accounts.enter_person(email=email, name="Rosa", password=None)


def told(person: Person, topic: Topic = Topic.CASES, title: str = "Hay noticias") -> Notice:
    words = {"body": "Tu caso dio un paso.", "address": "/mi-caso/"}
    return actions.notify(person=person, topic=topic, title=title, at=NOON, **words)


def state(notice: Notice) -> Delivery:
    return queries.delivery(queries.notices_of(notice.person).get(pk=notice.pk))


@given(st.sampled_from(Mail), st.booleans(), st.integers(0, 20), moments, moments)
def test_every_letter_has_one_state_and_only_what_was_written_is_delivered(
    mail: Mail, kept: bool, attempts: int, due_at: None, delivered_at: None
) -> None:
    found = rules.delivery(
        mail, kept=kept, attempts=attempts, due_at=due_at, delivered_at=delivered_at
    )
    if found is Delivery.DELIVERED:
        assert mail is Mail.WRITTEN
        assert kept
        assert delivered_at
    if mail is Mail.WRITTEN and kept and due_at and not delivered_at:
        assert found in (Delivery.WAITING, Delivery.RETRIED)
    assert (found is Delivery.SILENCED) == (mail is Mail.SILENCED)
    assert (found is Delivery.TOO_MANY) == (mail is Mail.TOO_MANY)


@pytest.mark.django_db
def test_a_server_away_for_a_day_loses_nothing_and_sends_nothing_twice(office: PostOffice) -> None:
    notice = told(rosa())
    assert state(notice) is Delivery.WAITING
    at, away = NOON, 0
    while at < NOON + DAY:
        office.answers.append(DROP)
        assert deliver(at) == 0
        away += 1
        at = Letter.objects.get().due_at or NOON + 2 * DAY
        assert state(notice) is Delivery.RETRIED
        assert [one.title for one in queries.notices_of(notice.person)] == ["Hay noticias"]
    assert away > 5
    assert deliver(at) == 1
    assert state(notice) is Delivery.DELIVERED
    assert deliver(at + DAY) == 0
    assert len(office.letters) == 1


@pytest.mark.django_db
def test_a_letter_that_is_given_up_is_told_and_the_notice_stays() -> None:
    notice = told(rosa())
    Letter.objects.update(due_at=None, attempts=rules.ATTEMPTS)
    assert state(notice) is Delivery.FAILED
    actions.forget(at=NOON + rules.KEPT + MINUTE)
    assert state(notice) is Delivery.FORGOTTEN


@pytest.mark.django_db
def test_beyond_what_an_address_gets_a_day_the_mailbox_still_tells() -> None:
    notices = [told(rosa()) for _ in range(rules.MOST_A_DAY + 1)]
    assert Letter.objects.count() == rules.MOST_A_DAY
    assert (state(notices[-2]), state(notices[-1])) == (Delivery.WAITING, Delivery.TOO_MANY)
    assert queries.unread(rosa()).count() == rules.MOST_A_DAY + 1


@pytest.mark.django_db
def test_a_silenced_topic_is_not_written_and_the_account_always_is() -> None:
    person, offered = rosa(), {Topic.CASES, Topic.DESK, Topic.ACCOUNT}
    actions.choose(person=person, offered=offered, wanted={Topic.DESK})
    assert queries.silenced(person) == {Topic.CASES}
    Silence.objects.create(person=person, topic=Topic.ACCOUNT)  # behind our back
    states = [state(told(person, topic)) for topic in Topic]
    waiting = Delivery.WAITING
    assert states == [Delivery.SILENCED, *[waiting] * (len(Topic) - 1)]


@pytest.mark.django_db
def test_choosing_again_is_the_same_and_what_was_not_offered_stays() -> None:
    person = rosa()
    actions.choose(person=person, offered={Topic.CASES, Topic.DESK}, wanted=())
    for _ in range(2):
        actions.choose(person=person, offered={Topic.CASES}, wanted={Topic.CASES})
    assert queries.silenced(person) == {Topic.DESK}


@pytest.mark.django_db
def test_the_unread_stand_first_and_the_newest_of_each() -> None:
    person = rosa()
    for number in range(4):
        at = NOON + number * MINUTE
        actions.notify(person=person, topic=Topic.CASES, title=str(number), at=at)
    for title in ("1", "3"):
        actions.read(notice=Notice.objects.get(title=title), at=NOON)
    told(rosa("otra@example.org"), title="De otra persona")
    found = queries.notices_of(person).order_by(F("seen"), F("at").desc())
    assert [notice.title for notice in found] == ["2", "0", "3", "1"]
    assert queries.unread(person).count() == 2


@pytest.mark.django_db
def test_all_up_to_the_newest_shown_are_read_and_nobody_elses() -> None:
    person, other = rosa(), told(rosa("otra@example.org"))
    first, second, later = (told(person) for _ in range(3))
    assert actions.read_all(person=person, until=second.pk, at=NOON) == 2
    assert actions.read_all(person=person, until=second.pk, at=NOON + DAY) == 0
    unread = set(Notice.objects.filter(read_at=None))
    assert unread == {later, other}
    first.refresh_from_db()
    assert first.read_at == NOON


@pytest.mark.django_db
def test_what_is_forgotten_of_somebody_is_all_of_it_and_nobody_elses() -> None:
    person, other = rosa(), rosa("otra@example.org")
    told(person)
    told(other)
    actions.write(to="ROSA@example.org", subject="Otra cosa", body="x", at=NOON)
    actions.choose(person=person, offered={Topic.CASES}, wanted=())
    actions.forget_person(person=person, address=person.email)
    assert [notice.person for notice in Notice.objects.all()] == [other]
    assert [letter.to for letter in Letter.objects.all()] == [other.email]
    assert not Silence.objects.exists()
