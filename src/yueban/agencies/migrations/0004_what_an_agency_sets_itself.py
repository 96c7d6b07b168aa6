"""What an administrator has set of an agency is his: a pack loaded again does not write over it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the names of the fields that were set here."""

    dependencies = [("agencies", "0003_posts_are_asked_for_and_reviewed")]

    operations = [
        migrations.AddField(
            model_name="agency",
            name="set_here",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
