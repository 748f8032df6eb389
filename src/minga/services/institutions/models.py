from django.db import models

from minga.kernel.identity.models import Organisation, Person


class Mention(models.Model):
    """What a document says that an institution does: a role, or a service it gives."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mentions")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    printed = models.CharField(max_length=200, default="")  # the name, where it is another there
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "position", name="institutions_mention_once")
        ]

    def __str__(self) -> str:
        return self.title


class Upload(models.Model):
    """A spreadsheet between being sent and being confirmed: its rows, as they were written."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="uploads")
    name = models.CharField(max_length=200)
    rows = models.JSONField()
    kept_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
