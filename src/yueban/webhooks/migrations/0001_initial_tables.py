"""Who listens to events of cases, the events kept for them, and what is on its way to whom."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Listener",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency_code", models.CharField(max_length=60, unique=True)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.BigIntegerField(unique=True)),
                ("case_number", models.CharField(max_length=64)),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=64)),
                ("state", models.CharField(blank=True, default="", max_length=32)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event_id", models.BigIntegerField(unique=True)),
                ("case_number", models.CharField(max_length=64)),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("kept_at", models.DateTimeField()),
                ("data", models.JSONField()),
                ("agency_code", models.CharField(max_length=60)),
                ("intake_agency_code", models.CharField(max_length=60)),
                ("division_code", models.CharField(max_length=12)),
                ("intake_division", models.CharField(max_length=12)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency_code", "id"], name="occurrence_by_agency"),
                    models.Index(fields=["intake_agency_code", "id"], name="occurrence_by_intake"),
                    models.Index(fields=["kept_at"], name="occurrence_by_age"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("key_prefix", models.CharField(max_length=12)),
                ("agency_code", models.CharField(max_length=60)),
                ("address", models.CharField(max_length=500)),
                ("kinds", models.JSONField(default=list)),
                ("secret_cipher", models.BinaryField()),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "推送中"), ("paused", "已暂停"), ("ended", "已停用")],
                        db_index=True,
                        default="active",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("failures", models.PositiveIntegerField(default=0)),
                ("hold_until", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                ("why_paused", models.CharField(blank=True, default="", max_length=200)),
                ("last_success_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["key_prefix", "-created_at"], name="subscription_by_key")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_number", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "待送达"), ("delivered", "已送达"), ("given_up", "三天未送达")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("next_try_at", models.DateTimeField()),
                ("try_until", models.DateTimeField()),
                ("claimed_until", models.DateTimeField(null=True)),
                ("delivered_at", models.DateTimeField(null=True)),
                ("last_status", models.PositiveSmallIntegerField(null=True)),
                ("last_fault", models.CharField(blank=True, default="", max_length=200)),
                (
                    "occurrence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="webhooks.occurrence",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="webhooks.subscription",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "pending")),
                        fields=["subscription", "case_number", "id"],
                        name="delivery_waiting",
                    ),
                    models.Index(fields=["subscription", "-id"], name="delivery_latest"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "occurrence"), name="one_delivery_an_event"
                    )
                ],
            },
        ),
    ]
