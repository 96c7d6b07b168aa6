"""An exported file is shown to the one who asked for it, and to nobody else."""

from django.db import migrations

CONDITION = """coalesce(
    (SELECT public.wall_scope()) = 'system' OR user_id = (SELECT public.wall_who()), false
)"""


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0004_policies_that_are_estimated_well"),
        ("cases", "0012_exports_by_the_worker"),
    ]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE cases_caseexport ENABLE ROW LEVEL SECURITY;"
            f"CREATE POLICY wall ON cases_caseexport USING ({CONDITION})",
            "DROP POLICY wall ON cases_caseexport; ALTER TABLE cases_caseexport DISABLE ROW LEVEL SECURITY",
        )
    ]
