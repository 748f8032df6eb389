from django.db import models

from minga.kernel.identity.models import Person


class SavedView(models.Model):
    """The filters of the desk that somebody uses often, under a name of theirs."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1500)  # words of 100 letters, as an address spells them

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "name", name="public_service_saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
