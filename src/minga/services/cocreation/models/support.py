from django.db import models

from minga.kernel.identity.models import Person

from .proposals import Proposal


class Support(models.Model):
    """Somebody supports a proposal: once, whichever account they use. Who it was is shown to
    nobody."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="supporters")
    mark = models.CharField(max_length=64)  # identity.queries.mark_of
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("proposal", "mark", name="cocreation_support_once")]

    def __str__(self) -> str:
        return str(self.proposal_id)
