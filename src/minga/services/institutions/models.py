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


class Face(models.Model):
    """How an institution shows itself: its colours, its emblem, and which sites may show its
    frame. What it has not chosen is the house's, or nobody's."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="face")
    hue = models.PositiveSmallIntegerField(null=True)
    strength = models.PositiveSmallIntegerField(null=True)
    lightness = models.PositiveSmallIntegerField(null=True)
    accent = models.PositiveSmallIntegerField(null=True)
    sheet = models.TextField(default="")
    sheet_digest = models.CharField(max_length=16, default="")
    logo = models.BinaryField(default=b"")
    logo_digest = models.CharField(max_length=16, default="")
    logo_width = models.PositiveSmallIntegerField(default=0)
    logo_height = models.PositiveSmallIntegerField(default=0)
    logo_words = models.CharField(max_length=200, default="")
    hosts = models.JSONField(default=list)
    rev = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.organisation_id)
