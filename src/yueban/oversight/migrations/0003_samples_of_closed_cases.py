"""Closed cases drawn by lot, and what their checking found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0002_more_roles"),
        ("oversight", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("made_at", models.DateTimeField()),
                ("first", models.DateField()),
                ("last", models.DateField()),
                ("item_name", models.CharField(blank=True, default="", max_length=200)),
                ("population", models.PositiveIntegerField()),
                ("population_digest", models.CharField(max_length=64)),
                ("seed", models.CharField(max_length=32)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SampledCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("case_number", models.CharField(max_length=30)),
                ("item_name", models.CharField(max_length=200)),
                ("answers", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, default="", max_length=1000)),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("sound", "合格"), ("faulty", "不合格")],
                        default="",
                        max_length=8,
                    ),
                ),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sample",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="oversight.sample",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="sample",
            index=models.Index(fields=["agency", "-made_at"], name="sample_by_agency"),
        ),
        migrations.AddIndex(
            model_name="sampledcase",
            index=models.Index(fields=["case_number", "result"], name="sampled_case_by_number"),
        ),
        migrations.AddConstraint(
            model_name="sampledcase",
            constraint=models.UniqueConstraint(fields=("sample", "case_number"), name="one_case_a_sample"),
        ),
        migrations.AddConstraint(
            model_name="sampledcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at", None), ("checked_by", None), ("result", "")),
                    models.Q(
                        models.Q(("result", ""), _negated=True),
                        ("checked_at__isnull", False),
                        ("checked_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="checked_case_says_by_whom",
            ),
        ),
    ]
