from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_units_and_holders")]

    operations = [
        migrations.RemoveField("post", "unit_name"),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("post",),
                name="identity_one_holder_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                fields=("organisation", "unit", "title"), name="identity_post_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("unit__isnull", True)),
                fields=("organisation", "title"),
                name="identity_post_of_no_unit_once",
            ),
        ),
    ]
