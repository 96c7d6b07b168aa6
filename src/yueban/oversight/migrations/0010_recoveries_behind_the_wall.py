"""What is asked back of somebody is his own, and theirs who paid it."""

from importlib import import_module

from django.db import migrations

_FIRST = import_module("yueban.oversight.migrations.0002_row_level_security")
SEES = f"""
    {_FIRST.SYSTEM}
    OR payee_id = ANY {_FIRST.ids("parties")} OR agency_id = ANY {_FIRST.ids("tasks")}
    OR division_code LIKE ANY {_FIRST.words("divisions")}
"""


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0009_claims_behind_the_wall"),
        ("payments", "0006_recoveries"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE payments_recovery ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY wall ON payments_recovery USING (coalesce(({SEES}), false))",
            "DROP POLICY wall ON payments_recovery; ALTER TABLE payments_recovery DISABLE ROW LEVEL SECURITY",
        )
    ]
