from django.db import models
from django.db.models import Q


class Record(models.Model):
    """One public thing that people can find. Hidden means: no row."""

    type = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    text = models.TextField()
    address = models.CharField(max_length=300)
    published_at = models.DateTimeField()
    demo = models.BooleanField()
    sort_title = models.CharField(max_length=300)
    title_roots = models.TextField()
    roots = models.TextField()  # of title and text: what the search index is made of

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "reference"], name="catalogue_record_once"),
            models.CheckConstraint(
                name="catalogue_record_address_is_of_this_site",
                condition=Q(address__startswith="/") & ~Q(address__startswith="//"),
            ),
        ]
        indexes = [
            models.Index(fields=["type", "sort_title", "id"], name="catalogue_record_by_title"),
            models.Index(fields=["published_at", "id"], name="catalogue_record_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.reference}"


class Link(models.Model):
    """One record gave rise to another, and who said so."""

    from_record = models.ForeignKey(Record, models.PROTECT, related_name="outcomes")
    to_record = models.ForeignKey(Record, models.PROTECT, related_name="origins")
    kind = models.CharField(max_length=100)
    reason = models.TextField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_record", "to_record", "kind"], name="catalogue_link_once"
            ),
            models.CheckConstraint(
                name="catalogue_link_leads_elsewhere",
                condition=~Q(from_record=models.F("to_record")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_record_id} {self.kind} {self.to_record_id}"


class Publication(models.Model):
    """The version of everything public: one row, changed by whatever people can then see."""

    number = models.PositiveBigIntegerField(default=0)
    mark = models.CharField(max_length=16, default="")  # no number comes twice after a restore
    roots_version = models.CharField(max_length=20, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="catalogue_publication_is_one", condition=Q(id=1))
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.mark}"


class Visit(models.Model):
    """How often a public page was opened on a day, by whomever: pages are counted, not people."""

    day = models.DateField()
    page = models.CharField(max_length=200)  # its route, with nothing of what filled it
    count = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("day", "page", name="catalogue_visit_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.page}: {self.count}"
