from django.db import models
from django.db.models import Q

from minga.kernel.plans.models import Node


class Commitment(models.Model):
    """What an action plan says of a commitment, beyond its place in the tree. Empty: the
    document does not give it."""

    node = models.OneToOneField(Node, models.PROTECT, primary_key=True, related_name="commitment")
    problem = models.TextField(default="")
    commitment = models.TextField(default="")
    contribution = models.TextField(default="")
    additional_information = models.TextField(default="")
    technical_note = models.TextField(default="")

    def __str__(self) -> str:
        return str(self.node_id)


class Value(models.Model):
    """A value of open government that a commitment serves, and why."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="values")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    why = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("commitment", "position", name="action_plans_value_once"),
            models.CheckConstraint(name="action_plans_value_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


class Instrument(models.Model):
    """A law, a plan or an agreement that a commitment leans on."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="instruments")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint("commitment", "position", name="action_plans_instrument_once"),
            models.CheckConstraint(name="action_plans_instrument_named", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
