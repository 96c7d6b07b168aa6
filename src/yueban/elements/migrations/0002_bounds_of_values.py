"""Limits of numbers and dates."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column more."""

    dependencies = [("elements", "0001_initial_tables")]

    operations = [
        migrations.AddField(
            model_name="element",
            name="bounds",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
