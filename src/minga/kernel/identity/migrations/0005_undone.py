from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_one_holder")]

    operations = [
        migrations.RemoveConstraint(model_name="membership", name="identity_membership_once"),
        migrations.RemoveConstraint(model_name="membership", name="identity_one_holder_at_a_time"),
        migrations.AddField(
            model_name="deputy", name="undone", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="membership", name="undone", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="post", name="rev", field=models.PositiveIntegerField(default=1)
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("undone", False)),
                fields=("person", "post", "starts_on"),
                name="identity_membership_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True), ("undone", False)),
                fields=("post",),
                name="identity_one_holder_at_a_time",
            ),
        ),
    ]
