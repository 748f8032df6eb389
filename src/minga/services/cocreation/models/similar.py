from django.db import models

from .proposals import Cycle, Proposal


class Run(models.Model):
    """A list of suggestions that somebody asked for, and all that is needed to make it again:
    how, with which parameters, from which texts."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="runs")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when the worker may take it; None: it has not to
    attempts = models.PositiveSmallIntegerField(default=0)
    algorithm = models.CharField(max_length=60, default="")
    version = models.CharField(max_length=20, default="")
    parameters = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    input_hash = models.CharField(max_length=64, default="")
    output_hash = models.CharField(max_length=64, default="")
    texts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    took = models.PositiveIntegerField(default=0)  # milliseconds

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle"],
                condition=models.Q(due_at__isnull=False),
                name="cocreation_run_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.made_at}"

    @property
    def stream(self) -> str:
        return f"suggestions:{self.pk}"


class Suggestion(models.Model):
    """Proposals of a run that seem to say alike, and the words by which they do."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="suggestions")
    number = models.PositiveIntegerField()
    words = models.JSONField()
    cohesion = models.PositiveSmallIntegerField()  # thousandths
    key = models.CharField(max_length=64)  # of whom it has, whichever run it is of

    class Meta:
        constraints = [models.UniqueConstraint("run", "number", name="cocreation_suggestion_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class Suggested(models.Model):
    """A proposal of a suggestion."""

    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="members")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("suggestion", "proposal", name="cocreation_suggested_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} > {self.suggestion_id}"


class Verdict(models.Model):
    """What a member of the working group says of a suggestion: once, with their reason. The same
    proposals suggested again are not asked about again."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="verdicts")
    key = models.CharField(max_length=64)
    suggestion = models.ForeignKey(Suggestion, models.PROTECT, related_name="verdicts")
    accepted = models.BooleanField()
    numbers = models.JSONField(default=list)  # of the proposals that do say alike
    reason = models.TextField()
    by = models.CharField(max_length=100)  # a reference of the history
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("cycle", "key", name="cocreation_verdict_once"),
            models.CheckConstraint(
                name="cocreation_verdict_has_a_reason", condition=~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.accepted}"
