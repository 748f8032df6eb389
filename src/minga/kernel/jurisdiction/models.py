from django.db import models


class Territory(models.Model):
    """A country or a part of it, with its ISO 3166 code and the State's own."""

    iso = models.CharField(max_length=10, unique=True)
    official = models.CharField(max_length=10, default="")
    level = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    name = models.CharField(max_length=100)
    sort_name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day nobody works in a territory, as it was known from a day on. A correction is a
    newer row; what was known before stays."""

    date = models.DateField()
    name = models.CharField(max_length=200)
    territory = models.ForeignKey(Territory, models.PROTECT)
    moved_from = models.DateField(null=True)
    known_on = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "date", "name", "territory", "known_on", name="jurisdiction_holiday_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.name}"
