"""What was asked, promised and kept of somebody is his own, and the staff's who work on it."""

from importlib import import_module

from django.db import migrations

_FIRST = import_module("yueban.oversight.migrations.0002_row_level_security")
OWN = f"{_FIRST.STAFF} OR party_id = ANY {_FIRST.ids('parties')}"
TABLES = ("exchange", "holding", "promise", "promisebar", "dataobjection")


def wall(table: str) -> migrations.RunSQL:
    """One policy for reading and writing alike, for every role but the owner."""
    name = f"certificates_{table}"
    return migrations.RunSQL(
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall ON {name} USING (coalesce(({OWN}), false))",
        f"DROP POLICY wall ON {name}; ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0005_exports_are_their_askers"),
        ("certificates", "0004_the_proof_ladder"),
    ]

    operations = [wall(table) for table in TABLES]
