"""An index for the auditor's search by person; object and time have theirs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial_tables")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX audit_event_by_person ON audit_event ((actor ->> 'user_id'), at DESC, id DESC)"
            " WHERE (actor ->> 'user_id') IS NOT NULL",
            "DROP INDEX audit_event_by_person",
        )
    ]
