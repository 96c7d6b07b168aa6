"""补正: what is to be mended, by when, and what was replaced; a claim that is mended is live."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_claims_and_lists")]

    operations = [
        migrations.RemoveConstraint(
            model_name="claim",
            name="one_live_claim_of_a_kind",
        ),
        migrations.AddField(
            model_name="claim",
            name="correct_by",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="corrected_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="claim",
            name="correction",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="claimfile",
            name="replaced_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="claim",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "初审中"),
                    ("correcting", "待补正"),
                    ("reviewing", "评审中"),
                    ("deciding", "待审定"),
                    ("noticed", "公示中"),
                    ("agreed", "已审定，待拨付"),
                    ("paying", "分期拨付中"),
                    ("paid", "已到账"),
                    ("refused", "不予支持"),
                    ("withdrawn", "已撤回"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "correcting")), fields=["correct_by"], name="claim_to_mend"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ("checking", "correcting", "reviewing", "deciding", "noticed", "agreed", "paying"),
                    )
                ),
                fields=("party", "exclusion"),
                name="one_live_claim_of_a_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "correcting"), _negated=True),
                    models.Q(("correct_by__isnull", False), ("corrected_at", None)),
                    _connector="OR",
                ),
                name="what_is_mended_has_a_day_and_is_asked_once",
            ),
        ),
    ]
