"""A trigger copies the audited events of cases, in the transaction that writes them, while anybody listens."""

from django.db import migrations

KEEP = """
CREATE FUNCTION webhooks_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM webhooks_listener) THEN
        INSERT INTO webhooks_outgoing (event_id, case_number, seq, kind, state, at)
        SELECT id, reference_number, seq, kind, coalesce(data ->> 'to', ''), at
        FROM added WHERE reference_kind = 'case';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER kept_for_other_systems AFTER INSERT ON audit_event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION webhooks_keep();
"""
REMOVED = """
DROP TRIGGER kept_for_other_systems ON audit_event;
DROP FUNCTION webhooks_keep();
"""


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial_tables"), ("audit", "0001_initial_tables")]

    operations = [migrations.RunSQL(KEEP, REMOVED)]
