"""Decisions of an agency by time, for its figures."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_more_roles"),
        ("cases", "0008_lists_of_a_city"),
        ("catalogue", "0004_what_is_checked_stays"),
        ("parties", "0004_personal_data_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", False)),
                fields=["agency", "decided_at"],
                name="case_by_decision",
            ),
        ),
    ]
