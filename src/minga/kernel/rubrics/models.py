from django.db import models
from django.db.models import Q

from minga.kernel.identity.models import Organisation, Person, Seat

from .rules import State


class Round(models.Model):
    """A judgement of many things by one rubric, which stays as it was when it was opened."""

    about = models.CharField(max_length=100, unique=True)  # a reference: whose round it is
    rubric = models.TextField()  # rules.Rubric, written
    state = models.CharField(max_length=20, default="open")  # rules.State
    opened_at = models.DateTimeField()
    consolidated_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.about} {self.state}"

    @property
    def stream(self) -> str:
        return f"round:{self.pk}"

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED


class Subject(models.Model):
    """One of the things that are judged: the list is closed when the round is opened, and so
    is what is computed of each."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="subjects")
    reference = models.CharField(max_length=100)
    position = models.PositiveIntegerField()  # in which order they are read: never by a score
    facts = models.JSONField()  # an indicator: what it was computed from, as a fraction
    computed = models.JSONField()  # an indicator: its score

    class Meta:
        constraints = [
            models.UniqueConstraint("round", "reference", name="rubrics_subject_once"),
            models.UniqueConstraint("round", "position", name="rubrics_subject_in_order"),
        ]

    def __str__(self) -> str:
        return self.reference


class Assessment(models.Model):
    """One person scores one criterion of one thing. Who may read what it says:
    `queries.visible_to`, and nothing else."""

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="assessments")
    criterion = models.CharField(max_length=40)
    rater = models.CharField(max_length=40)  # the role
    third = models.BooleanField(default=False)
    assessor = models.ForeignKey(Person, models.PROTECT, related_name="assessments")
    organisation = models.ForeignKey(Organisation, models.PROTECT)  # for which they score
    assigned_at = models.DateTimeField()
    declared = models.CharField(max_length=20, default="")  # rules.Declared
    conflict = models.TextField(default="")  # which one, in their words
    recused_at = models.DateTimeField(null=True)  # by their conflict, or given to somebody else
    values = models.JSONField(default=dict)  # an indicator: its score
    comment = models.TextField(default="")
    rev = models.PositiveIntegerField(default=1)
    locked_at = models.DateTimeField(null=True)
    salt = models.CharField(max_length=32, default="")
    seal = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("subject", "assessor", name="rubrics_once_by_each"),
            models.UniqueConstraint(
                fields=["subject", "criterion", "rater"],
                condition=Q(third=False, recused_at__isnull=True),
                name="rubrics_one_of_each_role",
            ),
            models.UniqueConstraint(
                fields=["subject", "criterion"],
                condition=Q(third=True, recused_at__isnull=True),
                name="rubrics_one_third",
            ),
            models.CheckConstraint(
                name="rubrics_locked_is_sealed",
                condition=Q(locked_at__isnull=True)
                | (Q(declared="none", recused_at__isnull=True) & ~Q(seal="") & ~Q(salt="")),
            ),
        ]
        indexes = [models.Index("assessor", "subject", name="rubrics_by_assessor")]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.criterion} {self.rater}"


class Approval(models.Model):
    """A seat of the body that runs a round agrees to a step of it: one alone takes none."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="approvals")
    step = models.CharField(max_length=20)  # rules.State: what the round becomes
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("round", "step", "seat", name="rubrics_approval_once")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.step} {self.seat_id}"
