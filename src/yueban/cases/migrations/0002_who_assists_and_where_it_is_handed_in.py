"""Who assists an applicant, and where a case is handed in and arises."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Cases of before were handed in at the hall of the agency that received them, in its own division.
FILL = """
    UPDATE cases_case SET intake_division = divisions_division.code, place_division = cases_case.division_code
    FROM agencies_agency JOIN divisions_division ON divisions_division.id = agencies_agency.division_id
    WHERE agencies_agency.id = cases_case.intake_agency_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0001_initial_tables"),
        ("cases", "0001_initial_tables"),
        ("catalogue", "0002_published_versions_are_immutable"),
        ("parties", "0001_initial_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="application",
            name="one_draft_per_item_and_party",
        ),
        migrations.AddField(
            model_name="application",
            name="assist_agency",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="assist_division",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="application",
            name="assisted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="mandate_number",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="case",
            name="assisted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="intake_division",
            field=models.CharField(default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="case",
            name="mandate_number",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="case",
            name="place_division",
            field=models.CharField(default="", max_length=12),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["intake_agency", "intake_division", "state"], name="case_by_intake"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "draft")),
                fields=("user", "party", "item_version", "assisted_by"),
                name="one_draft_per_item_and_party",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("assist_agency", None), ("assist_division", ""), ("assisted_by", None)),
                    models.Q(
                        ("assist_agency__isnull", False),
                        ("assisted_by__isnull", False),
                        models.Q(("assist_division", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="assistance_names_who_and_where",
            ),
        ),
    ]
