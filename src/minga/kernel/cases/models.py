from datetime import date

from django.db import models
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce

from minga.kernel.identity.models import Organisation, Person, Post, Unit
from minga.kernel.trust.models import AppendOnly

from .declaration import TURNS

NEVER = date(9999, 12, 31)  # sorts what has no day after everything that has one


class Definition(AppendOnly):
    """A case type as it was declared at one time, with the country's terms."""

    key = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    snapshot = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint("key", "number", name="cases_definition_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"


class Case(models.Model):
    """State, phase, dates and holder of whatever anybody asked for, in any service."""

    code = models.CharField(max_length=12, unique=True)
    type = models.CharField(max_length=100)
    definition = models.ForeignKey(Definition, models.PROTECT)
    state = models.CharField(max_length=50)
    phase = models.CharField(max_length=50)
    turn = models.GeneratedField(
        expression=models.Case(
            *(
                When(phase__in=[str(phase) for phase in phases], then=Value(str(turn)))
                for turn, phases in TURNS.items()
            )
        ),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )
    public = models.BooleanField(default=False)
    holder = models.ForeignKey(Organisation, models.PROTECT)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    assigned = models.ForeignKey(Post, models.PROTECT, null=True)
    applicant = models.ForeignKey(Person, models.PROTECT, null=True, related_name="cases")
    due_on = models.DateField(null=True)  # None: no known term, and nobody set a day
    due_by_law = models.BooleanField(default=False)  # False: the institution set it for itself
    due_sort = models.GeneratedField(
        expression=Coalesce(F("due_on"), Value(NEVER)),
        output_field=models.DateField(),
        db_persist=True,
    )
    rev = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cases_case_closed_at_iff_closed",
                condition=Q(phase="closed", closed_at__isnull=False)
                | (~Q(phase="closed") & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="cases_case_law_gives_a_day",
                condition=Q(due_by_law=False) | Q(due_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index("holder", "turn", "moved_at", "id", name="cases_case_desk"),
            models.Index("assigned", "holder", "turn", "moved_at", "id", name="cases_case_mine"),
            models.Index("unit", "holder", "turn", "moved_at", "id", name="cases_case_of_unit"),
            models.Index("holder", "turn", "due_sort", "id", name="cases_case_due"),
            models.Index(
                *("holder", "turn", "moved_at", "id"),
                name="cases_case_of_nobody",
                condition=Q(assigned__isnull=True),
            ),
            models.Index("applicant", "opened_at", "id", name="cases_case_of_applicant"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def stream(self) -> str:
        return f"case:{self.pk}"  # not the code: whoever knows the code reads the case

    @property
    def desk_stream(self) -> str:
        """What happens to it inside the institution: its applicant does not read this."""
        return f"desk:{self.pk}"


class Draft(models.Model):
    """What somebody has written and not said yet. Its words go once it is sent; the row
    stays, so that sending it again finds the case it became."""

    id = models.UUIDField(primary_key=True)
    type = models.CharField(max_length=100)
    words = models.JSONField(default=dict)
    kept_at = models.DateTimeField()
    case = models.OneToOneField(Case, models.PROTECT, null=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="drafts")

    def __str__(self) -> str:
        return str(self.pk)


class Contact(models.Model):
    """Where the person is told about a case, apart from what they said in it."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    email = models.EmailField()

    def __str__(self) -> str:
        return str(self.case_id)


class Message(models.Model):
    """What one side of a case says to the other, with the step it belongs to."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    rev = models.PositiveIntegerField()
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    body = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "rev", name="cases_message_once"),
            models.CheckConstraint(name="cases_message_says_something", condition=~Q(body="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.rev}"


class Note(models.Model):
    """What officials say to each other about a case: never shown to its applicant."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    post = models.ForeignKey(Post, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT)
    body = models.TextField()
    salt = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="cases_note_says_something", condition=~Q(body=""))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Answer(models.Model):
    """A step somebody is writing and has not taken: one for a case and a step, whoever writes,
    and nobody overwrites what they have not read (`version`)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    move = models.CharField(max_length=50)
    message = models.TextField()
    version = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(Person, models.PROTECT)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("case", "move", name="cases_answer_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.move}"


class Attachment(models.Model):
    """A file that one side of a case gave to it. Its bytes are in the files' store, under a
    name of ours; what it is was read from its content."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="attachments")
    role = models.CharField(max_length=50)
    post = models.ForeignKey(Post, models.PROTECT, null=True)
    internal = models.BooleanField(default=False)  # only officials see it
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    place = models.CharField(max_length=100, unique=True)
    scan = models.CharField(max_length=20)  # rules.Scan
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index("at", "id", condition=Q(scan="waiting"), name="cases_attachment_waiting")
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def stream(self) -> str:
        """The history it belongs to: who opened the case does not read of internal ones."""
        return self.case.desk_stream if self.internal else self.case.stream
