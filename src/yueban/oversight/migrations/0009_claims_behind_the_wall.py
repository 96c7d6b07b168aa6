"""Claims and lists stand behind the second wall: the enterprise's own, and the agency's that decides them.

A payer sees what is agreed: he pays for more agencies than his own.
"""

# ruff: noqa: S608 - the statements are put together from the constants of the first policies
from importlib import import_module

from django.db import migrations

_FIRST = import_module("yueban.oversight.migrations.0002_row_level_security")
ids, words = _FIRST.ids, _FIRST.words
_OFFICE = f"agency_id = ANY {ids('agencies')} OR division_code LIKE ANY {words('divisions')}"
POLICIES = {
    "claims_claim": f"""
        {_FIRST.SYSTEM} OR party_id = ANY {ids("parties")} OR {_OFFICE}
        OR 'payer' = ANY {words("roles")} AND state IN ('agreed', 'paying', 'paid')
        OR EXISTS (
            SELECT 1 FROM public.approvals_task AS task
            WHERE task.reference_kind = 'claim' AND task.reference_number = claims_claim.number
              AND task.agency_id = ANY {ids("tasks")} AND task.role = ANY {words("roles")}
        )
    """,
    "claims_claimfile": f"""
        {_FIRST.SYSTEM} OR EXISTS (SELECT 1 FROM public.claims_claim AS claim WHERE claim.id = claim_id)
    """,
    # What a list says of an enterprise is its own to read; the list itself is announced to everybody.
    "claims_autoentry": f"""
        {_FIRST.SYSTEM} OR party_id = ANY {ids("parties")}
        OR EXISTS (SELECT 1 FROM public.claims_autolist AS list WHERE list.id = auto_list_id AND ({_OFFICE}))
    """,
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
        ("oversight", "0008_facts_of_enterprises_behind_the_wall"),
        ("claims", "0001_claims_and_lists"),
    ]

    operations = [wall(table, condition) for table, condition in POLICIES.items()]
