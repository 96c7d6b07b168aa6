"""The planner takes no policy for rarer than it is.

It may not look into the statistics for `LIKE ANY` and `= ANY` of what only the session knows, takes each for one row
in two hundred, and then reads a whole list where the first twenty rows of an index were asked for. What stands in
`coalesce` it takes for true of every second row.
"""

from importlib import import_module

from django.db import migrations

POLICIES: dict[str, str] = import_module("yueban.oversight.migrations.0002_row_level_security").POLICIES


def policy(table: str, condition: str) -> migrations.RunSQL:
    """The same condition, wrapped."""
    return migrations.RunSQL(
        f"ALTER POLICY wall ON {table} USING (coalesce(({condition}), false))",
        f"ALTER POLICY wall ON {table} USING ({condition})",
    )


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_samples_of_closed_cases")]

    operations = [policy(table, condition) for table, condition in POLICIES.items()]
