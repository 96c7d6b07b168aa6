# 自助终端: terminals registered at outlets.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outlets", "0001_initial_tables")]

    operations = [
        migrations.CreateModel(
            name="Kiosk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, default="", max_length=100)),
                ("key_cipher", models.BinaryField()),
                ("items", models.JSONField(default=list)),
                ("parts", models.JSONField(default=list)),
                ("agent_address", models.CharField(blank=True, default="", max_length=200)),
                ("is_demo", models.BooleanField(default=False)),
                ("registered_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kiosks",
                        to="outlets.outlet",
                    ),
                ),
            ],
        ),
    ]
