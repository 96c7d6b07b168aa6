"""Why an address was ended, and deliveries that were put aside."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("webhooks", "0002_events_of_cases_are_kept"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="why_ended",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "待送达"),
                    ("delivered", "已送达"),
                    ("given_up", "三天未送达"),
                    ("aside", "已搁置"),
                ],
                default="pending",
                max_length=10,
            ),
        ),
    ]
