"""Where the thing of an event stands, and an index for the auditor of a county; older events stand nowhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_events_by_person")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="division_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.RunSQL(
            "CREATE INDEX audit_event_by_county ON audit_event (left(division_code, 6), at DESC, id DESC)"
            " WHERE division_code <> ''",
            "DROP INDEX audit_event_by_county",
        ),
    ]
