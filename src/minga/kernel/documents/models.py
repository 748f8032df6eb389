from django.db import models
from django.db.models import Q

from minga.kernel.identity.models import Organisation

from . import rules


class Document(models.Model):
    """A paper that was issued: what it says, sealed, and the one file that is it."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=100)
    reference = models.CharField(max_length=200)  # what it is about, for whoever issues it
    issuer = models.ForeignKey(Organisation, models.PROTECT, null=True)  # None: the house itself
    data = models.JSONField()
    seal = models.CharField(max_length=64)  # of the data
    public = models.BooleanField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when the press takes it, or takes it again
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, default="")
    size = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=60, unique=True)
    annulled_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, default="")  # rules.Reason

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "reference", "seal"],
                condition=Q(annulled_at__isnull=True),
                name="documents_document_issued_once",
            ),
            models.CheckConstraint(
                name="documents_document_made_whole",
                condition=Q(made_at__isnull=True, sha256="", size=0)
                | Q(made_at__isnull=False, due_at__isnull=True) & ~Q(sha256="") & ~Q(size=0),
            ),
            models.CheckConstraint(
                name="documents_document_annulled_for_a_reason",
                condition=Q(annulled_at__isnull=True, reason="")
                | Q(annulled_at__isnull=False, due_at__isnull=True) & ~Q(reason=""),
            ),
        ]
        indexes = [
            models.Index(
                "due_at", name="documents_document_due", condition=Q(due_at__isnull=False)
            ),
            models.Index("kind", "reference", "asked_at", name="documents_document_about"),
            models.Index("sha256", name="documents_document_bytes", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def stream(self) -> str:
        return f"document:{self.pk}"

    @property
    def title(self) -> str:
        return str(self.data["title"])

    @property
    def state(self) -> rules.State:
        if self.annulled_at:
            return rules.State.ANNULLED
        if self.made_at:
            return rules.State.READY
        return rules.State.WAITING if self.due_at else rules.State.FAILED
