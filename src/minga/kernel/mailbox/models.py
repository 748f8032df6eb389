from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Letter(models.Model):
    """One e-mail to one address. Its words are forgotten once it is delivered."""

    key = models.UUIDField(unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailbox_letter_due_until_delivered",
                condition=Q(due_at__isnull=True) | Q(delivered_at__isnull=True),
            )
        ]
        indexes = [
            models.Index("due_at", name="mailbox_letter_due", condition=Q(due_at__isnull=False)),
            models.Index(Lower("to"), "written_at", name="mailbox_letter_to"),
        ]

    def __str__(self) -> str:
        return str(self.key)
