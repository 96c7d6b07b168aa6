"""Keys of the API, their uses by the minute, and the commands that were sent under an idempotency key."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_second_factor"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("digest", models.BinaryField()),
                ("name", models.CharField(max_length=60)),
                ("agency_code", models.CharField(db_index=True, max_length=60)),
                ("scopes", models.JSONField()),
                ("created_at", models.DateTimeField()),
                ("expires_on", models.DateField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by_name", models.CharField(blank=True, default="", max_length=100)),
                ("revoke_reason", models.CharField(blank=True, default="", max_length=200)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ApiCommand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commands",
                        to="accounts.apikey",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "idempotency_key"), name="one_command_an_idempotency_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKeyUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("calls", models.PositiveIntegerField(default=1)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("operations", models.JSONField(default=dict)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="accounts.apikey"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "minute"), name="one_row_a_key_and_minute")
                ],
            },
        ),
    ]
