"""An entry of a list is held while a fact that it rests on is objected to; what was announced is remembered."""

from django.db import migrations, models

ENTRY_STATES = [
    ("listed", "拟享受"),
    ("held", "有异议，暂缓"),
    ("removed", "已移出"),
    ("asked", "待确认"),
    ("queued", "已确认，等待预算"),
    ("consented", "已确认，待拨付"),
    ("declined", "已放弃"),
    ("unanswered", "到期未确认"),
]


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_corrections")]

    operations = [
        migrations.AddField("autoentry", "is_announced", models.BooleanField(default=False)),
        migrations.AlterField(
            "autoentry", "state", models.CharField(choices=ENTRY_STATES, default="listed", max_length=12)
        ),
        migrations.RunSQL(
            "UPDATE claims_autoentry AS entry SET is_announced = true FROM claims_autolist AS list"
            " WHERE list.id = entry.auto_list_id AND list.state IN ('noticed', 'asking', 'closed')",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            "autoentry",
            models.Index(fields=["party"], name="auto_entry_held", condition=models.Q(state="held")),
        ),
    ]
