from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_facts_of_enterprises")]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, default="", max_length=200)),
                ("owner", models.CharField(max_length=40)),
                (
                    "kind",
                    models.CharField(choices=[("rule", "按规则"), ("source", "按来源")], max_length=8),
                ),
                ("rule", models.JSONField(default=dict)),
                ("element", models.CharField(blank=True, default="", max_length=100)),
                ("requires", models.JSONField(default=list)),
                ("description", models.CharField(max_length=500)),
            ],
            options={"verbose_name": "标签", "verbose_name_plural": "标签"},
        ),
    ]
