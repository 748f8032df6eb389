from django.db import models
from django.db.models import F, Q

from minga.kernel.identity.models import Person, Seat


class Delegate(models.Model):
    """Who speaks for an organisation in its seat of a body, or stands in for whoever does,
    from a day to a day (PAGA I, l. 694: principal and alternate delegates)."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="delegates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    alternate = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "alternate"],
                condition=Q(ends_on__isnull=True),
                name="assemblies_one_delegate_at_a_time",
            ),
            models.CheckConstraint(
                name="assemblies_delegate_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.seat_id}"
