"""From a comment to a decision about it, and back."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minga.kernel.catalogue import queries as catalogue
from minga.kernel.conversation import actions, queries
from minga.kernel.conversation.models import Comment, Matter, Thread
from minga.kernel.conversation.rules import Objected, Objection, State
from minga.kernel.identity.tests.build import a_post, an_organisation
from minga.kernel.mailbox.models import Notice, Task
from minga.kernel.public_service.actions import close_account
from minga.kernel.trust.models import Entry

from .build import NOON, a_thread, decided, officials, reported, said, somebody

pytestmark = pytest.mark.django_db


def words(thread: Thread) -> list[str]:
    shown = queries.visible().filter(thread=thread).order_by("root", "number")
    return [comment.said for comment in shown]  # type: ignore[attr-defined]  # annotated


def test_answers_stand_below_what_they_answer_and_a_page_costs_one_statement() -> None:
    thread, rosa, ana = a_thread(), somebody("rosa"), somebody("ana")
    first = said(thread, rosa, "Primero")
    said(thread, ana, "Segundo")
    answer = said(thread, ana, "Respuesta", to=first.number)
    said(thread, rosa, "Y otra", to=answer.number)
    with CaptureQueriesContext(connection) as told:
        talk = queries.talk(thread.pk, query={})
        assert talk
        rows: list[Any] = list(talk.page.rows)  # each with what it says and who said it
        seen = [(row.said, row.person.name) for row in rows]
    assert [text for text, _ in seen] == ["Primero", "Respuesta", "Y otra", "Segundo"]
    assert len(told) == 1


def test_sent_twice_it_is_said_once() -> None:
    thread, rosa, key = a_thread(), somebody("rosa"), uuid4()
    once, again = (
        actions.say(thread=thread, person=rosa, body="Hola", key=key, at=NOON) for _ in range(2)
    )
    assert once == again
    assert Comment.objects.count() == 1


def test_a_text_is_hidden_contested_and_given_back_by_somebody_else() -> None:
    author, reporter = somebody("rosa"), somebody("ana")
    thread = a_thread(author)
    about = {"type": thread.type, "reference": thread.reference}
    matter = reported(thread, None, reporter)
    assert Task.objects.filter(done_at=None).count() == 2
    decided(matter, "offence")
    assert not Task.objects.filter(done_at=None).exists()
    assert catalogue.record(**about) is None
    assert list(queries.hidden(thread.type)) == [int(thread.reference)]
    assert set(Notice.objects.values_list("person__email", flat=True)) == {
        author.email,
        reporter.email,
    }
    actions.ask_review(matter=matter, person=author, at=NOON)
    with pytest.raises(Objected) as refused:
        decided(matter, "", officials()[0])
    assert refused.value.objection == Objection.SAME_JUDGE
    decided(matter, "", officials()[1])
    back = catalogue.record(**about)
    assert back
    assert (back.title, back.text) == ("Agua para el barrio", "Palabras que no deben volver")
    assert [row.review for row in queries.decisions().order_by("pk")] == [False, True]
    with pytest.raises(Objected):
        actions.ask_review(matter=matter, person=author, at=NOON)
    assert not list(queries.verify())
    assert not list(catalogue.verify())


def test_nothing_of_a_hidden_comment_is_read_again() -> None:
    thread, rosa, ana = a_thread(), somebody("rosa"), somebody("ana")
    comment = said(thread, rosa, "Un insulto irrepetible")
    stamp = catalogue.stamp(0)
    decided(reported(thread, comment, ana), "offence")
    assert catalogue.stamp(0) != stamp
    assert words(thread) == [""]
    assert queries.comment(thread, comment.number) is None
    told = Notice.objects.values_list("title", "body")
    kept = [*map(str, told), *(entry.body for entry in Entry.objects.all())]
    assert not any("irrepetible" in text for text in kept)
    with pytest.raises(Objected):
        said(thread, ana, "¡Oye!", to=comment.number)


def test_nobody_decides_about_their_own_text_nor_about_what_is_said_of_it() -> None:
    post, olga = officials()[0]
    thread = a_thread(author=olga)
    comment = said(thread, somebody("rosa"))
    for matter in (reported(thread, comment, olga), reported(thread, None, somebody("ana"))):
        with pytest.raises(Objected) as refused:
            decided(matter, "offence", (post, olga))
        assert refused.value.objection == Objection.OWN


def test_who_decides_second_is_told_and_a_report_by_one_more_opens_it_again() -> None:
    thread, rosa = a_thread(), somebody("rosa")
    matter = reported(thread, said(thread, rosa), somebody("ana"))
    decided(matter, "")
    with pytest.raises(Objected) as refused:
        decided(matter, "offence", officials()[1])
    assert refused.value.objection == Objection.DECIDED
    assert reported(thread, matter.comment, somebody("ana")).state == State.LEFT
    assert reported(thread, matter.comment, somebody("eva")).state == State.OPEN


def test_closing_an_account_takes_its_words_and_leaves_the_answers() -> None:
    thread, rosa, ana = a_thread(), somebody("rosa"), somebody("ana")
    comment = said(thread, rosa, "Algo muy mío")
    said(thread, ana, "Te respondo", to=comment.number)
    reported(thread, Comment.objects.get(pk=comment.pk), rosa)
    close_account(person=rosa, at=NOON)
    assert words(thread) == ["", "Te respondo"]
    assert not Comment.objects.filter(person=rosa).exists()
    assert not list(queries.verify())


def test_a_comment_that_was_changed_behind_our_back_is_noticed() -> None:
    thread = a_thread()
    comment = said(thread, somebody("rosa"))
    matter = reported(thread, comment, somebody("ana"))
    Comment.objects.filter(pk=comment.pk).update(body="Otra cosa")
    Matter.objects.filter(pk=matter.pk).update(hidden=True, reason="offence")
    assert len(list(queries.verify())) == 2


def test_links_and_unverified_people_are_refused() -> None:
    thread, rosa = a_thread(), somebody("rosa")
    with pytest.raises(Objected) as refused:
        said(thread, rosa, "Compren en www.tienda.com")
    assert refused.value.objection == Objection.LINKS
    thread.level = 2
    thread.save()
    with pytest.raises(Objected) as refused:
        said(thread, rosa)
    assert refused.value.objection == Objection.LEVEL


def test_an_institution_that_ends_leaves_what_waits_to_another_one() -> None:
    thread = a_thread()
    matter = reported(thread, said(thread, somebody("rosa")), somebody("ana"))
    heir = an_organisation()
    post = a_post(organisation=heir)
    actions.hand_over(holder=thread.holder, to=heir, by="house", at=NOON)
    assert list(queries.to_decide([post])) == [matter]
    assert [task.post for task in Task.objects.filter(done_at=None)] == [post]
    assert not list(queries.to_decide([officials()[0][0]]))
