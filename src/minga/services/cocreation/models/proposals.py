from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from minga.kernel.cases.models import Case
from minga.kernel.identity.models import Organisation
from minga.kernel.jurisdiction.models import Territory
from minga.kernel.plans.models import Plan

models.TextField.register_lookup(Length)


class Method(models.Model):
    """A method's file as a cycle keeps it; a corrected one is another row."""

    key = models.SlugField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()  # the whole file: rules.method.Method
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Cycle(models.Model):
    """A call for proposals: who convenes it, from a day to a day; and what follows by its
    method. Without one it only receives and accepts."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    convener = models.ForeignKey(Organisation, models.PROTECT)
    opens_on = models.DateField()
    closes_on = models.DateField()
    accepted = models.PositiveIntegerField(default=0)  # the last public number given
    joined = models.PositiveIntegerField(default=0)  # the last number of an integrated one
    method = models.ForeignKey(Method, models.PROTECT, null=True)
    stage = models.CharField(max_length=40, default="")  # a key of the method
    forum = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    working_group = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    commission = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True)  # what its commitments are written in

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cocreation_cycle_in_order", condition=Q(closes_on__gte=F("opens_on"))
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def stream(self) -> str:
        return f"cocreation:{self.pk}"


class Proposal(models.Model):
    """What somebody proposed. Where it stands is on the case."""

    case = models.OneToOneField(Case, models.PROTECT, primary_key=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT)
    number = models.PositiveIntegerField(null=True)  # its public name, once accepted
    title = models.CharField(max_length=120)
    sort_title = models.CharField(max_length=120)
    problem = models.TextField()
    solution = models.TextField()
    goal = models.PositiveSmallIntegerField(null=True)  # None: too general for one
    territory = models.ForeignKey(Territory, models.PROTECT, to_field="iso")
    sector = models.CharField(max_length=40)
    channel = models.CharField(max_length=20, default="web")  # rules.Channel
    received_at = models.DateTimeField()
    supports = models.PositiveIntegerField(default=0)  # how many people: rows of Support
    salt = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint("cycle", "number", name="cocreation_proposal_number_once"),
            models.CheckConstraint(
                name="cocreation_proposal_lengths",
                condition=Q(problem__length__lte=3000, solution__length__lte=3000)
                & ~Q(title="")
                & ~Q(problem="")
                & ~Q(solution=""),
            ),
            models.CheckConstraint(
                name="cocreation_proposal_goal",
                condition=Q(goal__isnull=True) | Q(goal__range=(1, 17)),
            ),
        ]
        indexes = [
            models.Index("received_at", "case", name="cocreation_by_date"),
            models.Index("sort_title", "case", name="cocreation_by_title"),
            models.Index("supports", "case", name="cocreation_by_support"),
            models.Index("goal", "received_at", name="cocreation_by_goal"),
            models.Index("territory", "received_at", name="cocreation_by_territory"),
        ]

    def __str__(self) -> str:
        return self.title


class Statistics(models.Model):
    """What a proponent chose to say of themselves: never shown with the proposal, only
    counted. Empty: not said."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, primary_key=True)
    sex = models.CharField(max_length=20, default="")
    age_group = models.CharField(max_length=20, default="")
    ethnic_group = models.CharField(max_length=20, default="")

    def __str__(self) -> str:
        return str(self.proposal_id)
