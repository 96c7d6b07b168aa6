"""What was kept as a refusal is a setting now; pushes learn of which agency's offer they are."""

from django.db import migrations

# Who wanted to be told of nothing still wants it.
REFUSALS = """
    INSERT INTO matching_pushsetting (party_id, refused_at, reason, muted, quiet_from, quiet_until, changed_at)
    SELECT party_id, since, '', '[]', 21, 8, since FROM matching_pushrefusal
"""
TOPICS = """
    UPDATE matching_push p SET topic = v.department_kind
    FROM policies_offerversion v WHERE v.id = p.offer_version_id
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_settings_segments_and_sends")]

    operations = [
        migrations.RunSQL(REFUSALS, migrations.RunSQL.noop),
        migrations.RunSQL(TOPICS, migrations.RunSQL.noop),
        migrations.DeleteModel(name="PushRefusal"),
    ]
