from django.db import models
from django.db.models import F, Q

from minga.kernel.identity.models import Organisation, Post

from .integration import Integrated


class Score(models.Model):
    """What the evaluation of an integrated proposal came to. Written when it is published, and
    not before: until then scores are with those who gave them (`rubrics`)."""

    integrated = models.OneToOneField(Integrated, models.PROTECT, primary_key=True)
    total = models.DecimalField(max_digits=7, decimal_places=5)  # 0 to 3, by the weights
    criteria = models.JSONField()  # key of a criterion: its score as a fraction, "5/2"
    indicators = models.JSONField()  # key of an indicator: the scores that counted
    published_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(F("total").desc(), "integrated", name="cocreation_score_order")]

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.total}"


class Pick(models.Model):
    """Where the forum would put an integrated proposal, until the whole selection is decided at
    once: only its members see it."""

    integrated = models.OneToOneField(Integrated, models.PROTECT, primary_key=True)
    rank = models.PositiveIntegerField()  # by score, in its cycle
    by_score = models.PositiveSmallIntegerField()
    category = models.PositiveSmallIntegerField()
    reserve_for = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(default="")
    anchor = models.TextField(default="")
    entity = models.CharField(max_length=300, default="")
    deferral = models.TextField(default="")
    axis = models.CharField(max_length=40, default="")
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index("rank", "integrated", name="cocreation_pick_order")]

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.category}"


class Placement(models.Model):
    """In which category an integrated proposal was put, each time; the last one counts
    (PAGA I, l. 541-563)."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="placements")
    category = models.PositiveSmallIntegerField()
    rank = models.PositiveIntegerField(default=0)  # by score, in its cycle
    reserve_for = models.PositiveSmallIntegerField(null=True)  # of category 2: 3 or 4
    reason = models.TextField(default="")  # why, when it is not what the scores say
    by_score = models.PositiveSmallIntegerField()  # the category that the scores alone give
    anchor = models.TextField(default="")  # of category 3: the project it goes to
    entity = models.CharField(max_length=300, default="")
    deferral = models.TextField(default="")  # of category 4: why not now
    decision = models.CharField(max_length=100)  # a reference of the history: who decided
    placed_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integrated"],
                condition=Q(current=True),
                name="cocreation_placement_one_at_a_time",
            ),
            models.CheckConstraint(
                name="cocreation_placement_known",
                condition=Q(category__range=(1, 4), by_score__range=(1, 4)),
            ),
            models.CheckConstraint(
                name="cocreation_placement_reserve",
                condition=Q(reserve_for__isnull=True) | Q(category=2, reserve_for__in=[3, 4]),
            ),
            models.CheckConstraint(
                name="cocreation_placement_by_hand_has_a_reason",
                condition=Q(category=F("by_score")) | ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                *("category", "rank", "integrated"),
                name="cocreation_placement_order",
                condition=Q(current=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.category}"


class Confirmation(models.Model):
    """What the highest authority of a party, or the counterpart, says to a commitment that was
    selected: from their own account, each for their side (PAGA I, l. 565-571)."""

    integrated = models.ForeignKey(Integrated, models.PROTECT, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    side = models.CharField(max_length=20)  # responsible or counterpart
    answer = models.CharField(max_length=20, default="")  # confirmed, countered, declined
    message = models.TextField(default="")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    post = models.ForeignKey(Post, models.PROTECT, null=True)  # that answered
    replaced = models.TextField(default="")  # the text that gave way to the one proposed here
    current = models.BooleanField(default=True)  # asked again after a counter-proposal: the last

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integrated", "organisation"],
                condition=Q(current=True),
                name="cocreation_confirmation_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.integrated_id} {self.side} {self.answer}"
