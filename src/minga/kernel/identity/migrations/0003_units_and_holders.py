from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def units(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Each unit that a post named becomes a row."""
    unit, post = apps.get_model("identity", "Unit"), apps.get_model("identity", "Post")
    for row in post.objects.exclude(unit_name=""):
        row.unit, _ = unit.objects.get_or_create(
            organisation_id=row.organisation_id, name=row.unit_name
        )
        row.save(update_fields=["unit"])


def holders(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """A post has one holder: who came later to one that was held gets a post of the same title
    and a number."""
    post, membership = apps.get_model("identity", "Post"), apps.get_model("identity", "Membership")
    taken: dict[int, int] = {}
    for row in membership.objects.filter(ends_on=None).order_by("starts_on", "pk"):
        taken[row.post_id] = taken.get(row.post_id, 0) + 1
        if taken[row.post_id] > 1:
            old = row.post
            row.post = post.objects.create(
                organisation_id=old.organisation_id,
                unit_id=old.unit_id,
                unit_name=old.unit_name,
                title=f"{old.title[:190]} {taken[old.pk]}",
            )
            row.save(update_fields=["post"])


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_register")]

    operations = [
        migrations.RunPython(units, migrations.RunPython.noop),
        migrations.RunPython(holders, migrations.RunPython.noop),
    ]
