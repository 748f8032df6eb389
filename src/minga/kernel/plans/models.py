from django.db import models
from django.db.models import F, Q

from minga.kernel.identity.models import Organisation, Post


class Plan(models.Model):
    """A plan as it is called on its cover."""

    key = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=200)
    period = models.CharField(max_length=20)
    summary = models.TextField(default="")
    source = models.CharField(max_length=200)
    demo = models.BooleanField(default=False)  # invented, as whoever shows it says

    def __str__(self) -> str:
        return self.short_title

    @property
    def stream(self) -> str:
        return f"plan:{self.key}"


class Edition(models.Model):
    """One text of a plan; a later one replaces it and does not erase it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    published = models.CharField(max_length=10, default="")  # 2020 or 2020-12
    replaces = models.TextField(default="")
    source = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, default="")  # of its file; empty: written here

    class Meta:
        constraints = [models.UniqueConstraint("plan", "number", name="plans_edition_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class Node(models.Model):
    """One place in the tree of an edition: axis, line, theme, commitment, result, goal."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    code = models.SlugField(max_length=60)
    number = models.CharField(max_length=20, default="")
    title = models.CharField(max_length=500)
    summary = models.TextField(default="")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    target = models.IntegerField(null=True)
    unit = models.CharField(max_length=40, default="")
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint("edition", "code", name="plans_node_once"),
            models.CheckConstraint(
                name="plans_node_in_order",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            ),
        ]
        indexes = [models.Index("edition", "position", name="plans_node_order")]

    def __str__(self) -> str:
        return self.code


class Milestone(models.Model):
    """A step of a node with its dates, which documents give by the month."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint("node", "number", name="plans_milestone_once"),
            models.CheckConstraint(
                name="plans_milestone_in_order", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.number}"


class Involvement(models.Model):
    """Who answers for a node, stands beside it or takes part: an organisation, and the
    post in it when the document names one."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="involved")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    post = models.ForeignKey(Post, models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("node", "role", "organisation", name="plans_involvement_once")
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.role}"


class Alignment(models.Model):
    """What a node serves in somebody else's list, such as the goals of the Agenda 2030."""

    node = models.ForeignKey(Node, models.PROTECT, related_name="alignments")
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint("node", "scheme", "code", name="plans_alignment_once")
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.code}"


class Note(models.Model):
    """What a reader must know of a document: where it contradicts itself, what it lost."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="notes")
    node = models.ForeignKey(Node, models.PROTECT, null=True, related_name="notes")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    text = models.TextField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.edition_id} {self.position}"
