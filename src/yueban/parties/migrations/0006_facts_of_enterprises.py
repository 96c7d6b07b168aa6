import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Func, Value


class Migration(migrations.Migration):
    dependencies = [("parties", "0005_a_mandate_shown_at_the_window")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE parties_facts_edition", "DROP SEQUENCE parties_facts_edition"),
        migrations.CreateModel(
            name="FactSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("rank", models.PositiveSmallIntegerField()),
                ("is_authoritative", models.BooleanField(default=True)),
            ],
            options={"ordering": ["rank", "name"]},
        ),
        migrations.CreateModel(
            name="EnterpriseFacts",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=100)),
                ("facts", models.JSONField(default=dict)),
                ("as_of", models.DateField()),
                ("expires_on", models.DateField(null=True)),
                ("confidence", models.PositiveSmallIntegerField(default=100)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("rule", "按规则推算"),
                            ("import", "部门数据"),
                            ("manual", "人工填报"),
                            ("model", "模型推断"),
                        ],
                        default="import",
                        max_length=8,
                    ),
                ),
                (
                    "edition",
                    models.BigIntegerField(
                        db_default=Func(Value("parties_facts_edition"), function="nextval"), editable=False
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="enterprise_facts",
                        to="parties.party",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["edition"], name="facts_by_edition")],
                "constraints": [
                    models.UniqueConstraint(fields=("party", "source"), name="one_row_of_facts_per_source"),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__lte", 100)), name="confidence_is_a_percentage"
                    ),
                ],
            },
        ),
    ]
