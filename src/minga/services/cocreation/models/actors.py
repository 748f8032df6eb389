from django.db import models
from django.db.models import Q

from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction.models import Territory

from .proposals import Cycle


class Stakeholder(models.Model):
    """An organisation on the map of actors of a cycle: what it does, where, and who it is of
    (PAGA I, l. 885; Guía de Gobierno Abierto, l. 350). Nobody's telephone is here."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="stakeholders")
    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200)
    sector = models.CharField(max_length=40)  # rules.Sector
    reach = models.CharField(max_length=20)  # rules.actors.Reach
    territory = models.ForeignKey(Territory, models.PROTECT, null=True, to_field="iso")
    does = models.TextField()
    state = models.CharField(max_length=20)  # rules.actors.State
    reason = models.CharField(max_length=500, default="")  # why it is not listed
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")  # who asked
    rev = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("cycle", "sort_name", name="cocreation_stakeholder_once"),
            models.CheckConstraint(
                name="cocreation_not_listed_has_a_reason",
                condition=~Q(state="declined") | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index("cycle", "state", "sort_name", name="cocreation_stakeholder_name")]

    def __str__(self) -> str:
        return self.name


class Theme(models.Model):
    """A goal of the Agenda 2030 on which an organisation works."""

    stakeholder = models.ForeignKey(Stakeholder, models.PROTECT, related_name="themes")
    goal = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint("stakeholder", "goal", name="cocreation_theme_once"),
            models.CheckConstraint(name="cocreation_theme_known", condition=Q(goal__range=(1, 17))),
        ]

    def __str__(self) -> str:
        return str(self.goal)
