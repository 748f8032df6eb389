from django.db import models
from django.db.models import F, Q

from minga.kernel.identity.models import Organisation, Seat
from minga.kernel.plans.models import Node

from .proposals import Cycle, Proposal


class Integrated(models.Model):
    """Proposals that say alike, written as one to the structure of OGP (PAGA I, l. 719). The
    originals never change: who belongs to it is a `Join`."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="integrated")
    number = models.PositiveIntegerField()  # its public name in the cycle
    title = models.CharField(max_length=200)
    sort_title = models.CharField(max_length=200)
    problem = models.TextField(default="")
    solution = models.TextField(default="")
    pillars = models.JSONField(default=list)  # keys of the method
    axis = models.CharField(max_length=40, default="")  # a key of the method, once selected
    cooperation = models.TextField(default="")  # agencies that might help
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # for reference
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    node = models.OneToOneField(Node, models.PROTECT, null=True)  # the commitment it became
    rev = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("cycle", "number", name="cocreation_integrated_once"),
            models.CheckConstraint(
                name="cocreation_integrated_in_order",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index("cycle", "sort_title", "id", name="cocreation_integrated_title")]

    def __str__(self) -> str:
        return self.title

    @property
    def stream(self) -> str:
        return f"integrated:{self.pk}"


class Step(models.Model):
    """A milestone that an integrated proposal plans."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=500)
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint("integrated", "number", name="cocreation_step_once"),
            models.CheckConstraint(
                name="cocreation_step_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """Who would do it, or stand beside it: what `complexity` counts."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="parties")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=20)  # responsible, counterpart, government, other

    class Meta:
        constraints = [
            models.UniqueConstraint("integrated", "organisation", name="cocreation_party_once")
        ]

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.role}"


class Aim(models.Model):
    """A goal of the Agenda 2030 that an integrated proposal serves."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="aims")
    goal = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("integrated", "goal", name="cocreation_aim_once"),
            models.CheckConstraint(name="cocreation_aim_known", condition=Q(goal__range=(1, 17))),
        ]

    def __str__(self) -> str:
        return str(self.goal)


class Passage(models.Model):
    """What a member typed of one part of an integrated proposal, right or wrong: only the
    working group reads it. The last one of a part counts, the others stay, so that nobody's
    words are lost; all go when they become its text."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="passages")
    part = models.CharField(max_length=20)
    words = models.JSONField()  # by the name of its field
    seat = models.ForeignKey(Seat, models.PROTECT)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.part}"


class Join(models.Model):
    """A proposal belongs to an integrated one, from when somebody joined it until somebody
    took it out again: nothing of it is ever deleted."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="joins")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="joins")
    joined_at = models.DateTimeField()
    joined_by = models.CharField(max_length=100)  # a reference of the history
    reason = models.TextField()
    left_at = models.DateTimeField(null=True)
    left_by = models.CharField(max_length=100, default="")
    left_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integrated", "proposal"],
                condition=Q(left_at__isnull=True),
                name="cocreation_join_once",
            ),
            models.CheckConstraint(name="cocreation_join_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="cocreation_left_has_a_reason",
                condition=Q(left_at__isnull=True) | ~Q(left_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} > {self.integrated_id}"


class Agreement(models.Model):
    """A sector of the working group stands behind an integrated proposal as it was at a
    revision: the one that wrote it, then those that agree (PAGA I, l. 385)."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="agreements")
    rev = models.PositiveIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT)
    sector = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integrated", "rev", "sector"], name="cocreation_agreement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.rev} {self.sector}"
