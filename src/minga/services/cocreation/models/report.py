from django.db import models

from .proposals import Proposal


class Told(models.Model):
    """Whoever sent a proposal was told what became of it: once."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.proposal_id)
