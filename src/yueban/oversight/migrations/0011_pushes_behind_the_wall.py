"""What an enterprise is told of and what it wants to be told of is its own; the desk counts it as the platform.

What the table of matching said of an enterprise before is walled as the facts themselves are. The bits of matching
name nobody, and what enterprises have changed are numbers alone: docs/decisions/0012.
"""

from importlib import import_module

from django.db import migrations

_FIRST = import_module("yueban.oversight.migrations.0002_row_level_security")
_OWN = f"party_id = ANY {_FIRST.ids('parties')}"
POLICIES = {
    "matching_push": f"{_FIRST.SYSTEM} OR {_OWN}",
    "matching_pushsetting": f"{_FIRST.SYSTEM} OR {_OWN}",
    "matching_replacedfacts": f"{_FIRST.STAFF} OR {_OWN}",
}


def wall(table: str, condition: str) -> migrations.RunSQL:
    """One policy for reading and writing alike, wrapped as 0004 says why."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall ON {table} USING (coalesce(({condition}), false))",
        f"DROP POLICY wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0010_recoveries_behind_the_wall"),
        ("matching", "0005_refusals_become_settings"),
    ]

    operations = [wall(table, condition) for table, condition in POLICIES.items()]
