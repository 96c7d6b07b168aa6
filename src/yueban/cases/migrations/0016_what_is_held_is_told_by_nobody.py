"""What is held when this comes is marked as held: its papers and certificates are told when all is issued."""

from django.db import migrations

MARK = """
INSERT INTO documents_heldresult (subject_kind, subject_number, until, held_at)
SELECT 'case', held.number, parent.hold_until, child.held_at
FROM cases_bundlechildcase AS child
JOIN cases_bundlecase AS parent ON parent.id = child.bundle_case_id
JOIN cases_case AS held ON held.id = child.case_id
WHERE child.held_at IS NOT NULL AND child.released_at IS NULL AND parent.hold_until IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_bundles"),
        ("documents", "0007_results_held_for_joint_issue"),
    ]

    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
