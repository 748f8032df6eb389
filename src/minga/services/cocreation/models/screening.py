from django.db import models
from django.db.models import Q

from minga.kernel.identity.models import Person, Seat

from .proposals import Proposal


class Screening(models.Model):
    """What a member of the working group says of a proposal, and what another one says to it
    (PAGA I, l. 456-463). Nothing of it is ever changed but where it stands."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="screenings")
    again = models.BooleanField(default=False)  # after the person answered a decision
    met = models.JSONField()  # criterion: whether it is met
    pillars = models.JSONField(default=list)  # keys of the method
    related = models.BooleanField()
    reason = models.CharField(max_length=40, default="")  # a criterion, when it is not related
    explanation = models.TextField(default="")  # for everybody to read
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    salt = models.CharField(max_length=32)
    standing = models.CharField(max_length=20)  # rules.screening.Standing
    second_seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    note = models.TextField(default="")  # why it was returned: for the members
    answer_until = models.DateField(null=True)  # the last day on which the person may answer

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(standing="proposed"),
                name="cocreation_screening_one_proposed",
            ),
            models.UniqueConstraint(
                fields=["proposal", "again"],
                condition=Q(standing="confirmed"),
                name="cocreation_screening_one_confirmed",
            ),
            models.CheckConstraint(
                name="cocreation_screening_has_a_reason",
                condition=Q(related=True, reason="") | (Q(related=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="cocreation_screening_returned_with_a_note",
                condition=~Q(standing="returned") | ~Q(note=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.standing}"

    @property
    def stream(self) -> str:
        return f"screening:{self.proposal_id}"
