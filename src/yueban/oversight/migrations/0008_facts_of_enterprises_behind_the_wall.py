"""What sources say of an enterprise is its own, and the staff's who work with it."""

from importlib import import_module

from django.db import migrations

_FIRST = import_module("yueban.oversight.migrations.0002_row_level_security")
OWN = f"{_FIRST.STAFF} OR party_id = ANY {_FIRST.ids('parties')}"


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0007_bundles_behind_the_wall"),
        ("parties", "0006_facts_of_enterprises"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE parties_enterprisefacts ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY wall ON parties_enterprisefacts USING (coalesce(({OWN}), false))",
            "DROP POLICY wall ON parties_enterprisefacts;"
            "ALTER TABLE parties_enterprisefacts DISABLE ROW LEVEL SECURITY",
        )
    ]
