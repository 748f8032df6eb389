from django.db import models
from django.db.models import Q

from minga.kernel.identity.models import Organisation, Post
from minga.kernel.trust.models import AppendOnly


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
    public = models.BooleanField(default=False)
    holder = models.ForeignKey(Organisation, models.PROTECT)
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
            )
        ]
        indexes = [models.Index("holder", "phase", "moved_at", "id", name="cases_case_desk")]

    def __str__(self) -> str:
        return self.code

    @property
    def stream(self) -> str:
        return f"case:{self.pk}"  # not the code: whoever knows the code reads the case


class Draft(models.Model):
    """What somebody has written and not said yet. Its words go once it is sent; the row
    stays, so that sending it again finds the case it became."""

    id = models.UUIDField(primary_key=True)
    type = models.CharField(max_length=100)
    words = models.JSONField(default=dict)
    kept_at = models.DateTimeField()
    case = models.OneToOneField(Case, models.PROTECT, null=True)

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
