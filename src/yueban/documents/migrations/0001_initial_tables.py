"""First tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency_code", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "收件凭证"),
                            ("acceptance", "受理通知书"),
                            ("supplement_notice", "补正告知书"),
                            ("non_acceptance", "不予受理通知书"),
                            ("decision_grant", "准予许可决定书"),
                            ("decision_refuse", "不予许可决定书"),
                            ("delivery_receipt", "送达回证"),
                            ("certificate", "证照"),
                        ],
                        max_length=20,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "文书编号计数",
                "verbose_name_plural": "文书编号计数",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agency_code", "kind", "year"), name="one_counter_per_series"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("receipt", "收件凭证"),
                            ("acceptance", "受理通知书"),
                            ("supplement_notice", "补正告知书"),
                            ("non_acceptance", "不予受理通知书"),
                            ("decision_grant", "准予许可决定书"),
                            ("decision_refuse", "不予许可决定书"),
                            ("delivery_receipt", "送达回证"),
                            ("certificate", "证照"),
                        ],
                        max_length=20,
                    ),
                ),
                ("agency_code", models.CharField(max_length=60)),
                ("agency_name", models.CharField(max_length=200)),
                ("agency_short", models.CharField(max_length=100)),
                ("division_code", models.CharField(max_length=12)),
                ("subject_kind", models.CharField(max_length=32)),
                ("subject_number", models.CharField(max_length=64)),
                ("title", models.CharField(max_length=200)),
                ("content", models.JSONField()),
                ("issued_on", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("issuer_user_id", models.BigIntegerField(null=True)),
                ("issuer_name", models.CharField(max_length=200)),
                ("verify_code", models.CharField(max_length=32, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "生成中"), ("ready", "已生成"), ("failed", "生成失败")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("failure", models.CharField(blank=True, default="", max_length=500)),
                ("rendered_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书",
                "verbose_name_plural": "文书",
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_number"], name="document_by_subject"),
                    models.Index(
                        condition=models.Q(("state", "ready"), _negated=True),
                        fields=["state"],
                        name="document_not_ready",
                    ),
                ],
            },
        ),
    ]
