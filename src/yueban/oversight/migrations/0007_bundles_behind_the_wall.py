"""一件事 stands behind the second wall: the parent is seen by whose it is, who took it in, and who sees a child.

Its receipt is a document whose subject is the parent.
"""

# ruff: noqa: S608 - the statements are put together from the constants of the first policies
from importlib import import_module

from django.db import migrations

FIRST = import_module("yueban.oversight.migrations.0002_row_level_security")
ids, words = FIRST.ids, FIRST.words
PARENT = f"""
    {FIRST.SYSTEM}
    OR party_id = ANY {ids("parties")} OR intake_agency_id = ANY {ids("intakes")}
    OR division_code LIKE ANY {words("divisions")} OR intake_division LIKE ANY {words("divisions")}
    OR assisted_by_id = (SELECT public.wall_who())
"""
# A parent asks for its children's cases, a child for its parent: with the owner's eyes, so that nobody asks in a circle.
SEES = f"""
CREATE FUNCTION wall_sees_bundle(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT 1 FROM public.cases_bundlecase WHERE id = wanted AND ({PARENT}))
    OR EXISTS (
        SELECT 1 FROM public.cases_bundlechildcase
        WHERE bundle_case_id = wanted AND case_id IS NOT NULL AND public.wall_sees_case_id(case_id)
    ) $$;

CREATE FUNCTION wall_sees_bundle_number(wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (
    SELECT 1 FROM public.cases_bundlecase WHERE number = wanted AND public.wall_sees_bundle(id)
) $$;

CREATE FUNCTION wall_sees_bundle_application(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (
    SELECT 1 FROM public.cases_bundlecase WHERE application_id = wanted AND public.wall_sees_bundle(id)
) $$;
"""
DROPPED = """
DROP FUNCTION wall_sees_bundle_application; DROP FUNCTION wall_sees_bundle_number; DROP FUNCTION wall_sees_bundle;
"""
POLICIES = {
    "cases_bundlecase": f"{PARENT} OR public.wall_sees_bundle(id)",
    "cases_bundlechildcase": f"{FIRST.SYSTEM} OR public.wall_sees_bundle(bundle_case_id)",
    "cases_bundleapplication": f"""
        {FIRST.SYSTEM}
        OR party_id = ANY {ids("parties")} OR assisted_by_id = (SELECT public.wall_who())
        OR user_id = (SELECT public.wall_who()) OR assist_agency_id = ANY {ids("intakes")}
        OR public.wall_sees_bundle_application(id)
    """,
}
DOCUMENTS = f"""{FIRST.POLICIES["documents_document"]}
    OR subject_kind = 'bundle' AND public.wall_sees_bundle_number(subject_number)
"""


def wall(table: str, condition: str) -> migrations.RunSQL:
    """One policy for reading and writing alike, wrapped as 0004 says why."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY wall ON {table} USING (coalesce(({condition}), false))",
        f"DROP POLICY wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0006_proofs_behind_the_wall"),
        ("cases", "0015_bundles"),
    ]

    operations = [
        migrations.RunSQL(SEES, DROPPED),
        *(wall(table, condition) for table, condition in POLICIES.items()),
        migrations.RunSQL(
            f"ALTER POLICY wall ON documents_document USING (coalesce(({DOCUMENTS}), false))",
            "ALTER POLICY wall ON documents_document USING "
            f"(coalesce(({FIRST.POLICIES['documents_document']}), false))",
        ),
    ]
