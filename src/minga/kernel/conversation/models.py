from django.db import models
from django.db.models import Q

from minga.kernel.identity.models import Organisation, Person, Post


class Thread(models.Model):
    """Something public that people talk about, named as the catalogue names it; who answers for
    what is said there, and who wrote it if that is known."""

    type = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    address = models.CharField(max_length=300)
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    level = models.PositiveSmallIntegerField()  # how sure the State must be of who speaks
    said = models.PositiveIntegerField(default=0)  # the last number of a comment
    demo = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint("type", "reference", name="conversation_thread_once")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.reference}"

    @property
    def stream(self) -> str:
        return f"conversation:{self.pk}"


class Comment(models.Model):
    """What somebody said, or answered to somebody. Taken back by them: no words, no person."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()  # its public name in the thread
    root = models.PositiveIntegerField()  # the number it answers to, or its own
    key = models.UUIDField(unique=True)  # of the form it came from: sent twice, said once
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="comments")
    body = models.TextField()
    salt = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("thread", "root", "number", name="conversation_comment_place"),
            models.UniqueConstraint("thread", "number", name="conversation_comment_once"),
            models.CheckConstraint(
                name="conversation_comment_somebodys",
                condition=Q(person__isnull=False) | Q(body=""),
            ),
        ]
        indexes = [models.Index("person", "at", name="conversation_comment_person")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.number}"


class Matter(models.Model):
    """A text that somebody reported: a comment, or what the thread is about."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="matters")
    comment = models.OneToOneField(Comment, models.PROTECT, null=True)
    state = models.CharField(max_length=20)  # rules.State
    hidden = models.BooleanField(default=False)
    reason = models.CharField(max_length=20, default="")  # why it is hidden
    reviewed = models.BooleanField(default=False)  # somebody asked for another look
    withheld = models.JSONField(default=dict)  # its record of the catalogue, to give it back
    rev = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thread"],
                condition=Q(comment__isnull=True),
                name="conversation_matter_of_thread_once",
            ),
            models.CheckConstraint(
                name="conversation_hidden_has_a_reason", condition=Q(hidden=False) | ~Q(reason="")
            ),
        ]
        indexes = [models.Index("state", "opened_at", name="conversation_matter_open")]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.comment_id or ''}"


class Report(models.Model):
    """Somebody says that a text harms: once each."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="reports")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="reports")
    reason = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("matter", "person", name="conversation_report_once")]
        indexes = [models.Index("person", "at", name="conversation_report_person")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.reason}"


class Decision(models.Model):
    """What an institution did about a reported text: what everybody may read, without a word
    of the text."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="decisions")
    hides = models.BooleanField()
    reason = models.CharField(max_length=20, default="")
    review = models.BooleanField()  # another look, by somebody else
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")  # never shown
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("at", "id", name="conversation_decision_by_day")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.hides}"
