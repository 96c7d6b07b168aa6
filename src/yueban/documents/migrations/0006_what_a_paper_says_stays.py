"""Triggers: what an issued document says never changes, its PDF comes once, and none is deleted."""

from django.db import migrations

# The PDF follows from the content and may come late; nothing else of a row may move.
FIXED = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    loose text[] := CASE WHEN TG_OP = 'UPDATE' AND OLD.state = 'ready' THEN '{}'::text[]
                    ELSE '{state,file_id,sha256,failure,rendered_at}'::text[] END;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - loose = to_jsonb(NEW) - loose THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: an issued document stays as it is', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON documents_document
    FOR EACH STATEMENT EXECUTE FUNCTION documents_refuse_change();
"""
REMOVED = """
DROP TRIGGER never_emptied ON documents_document;
DROP TRIGGER stays ON documents_document;
DROP FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_papers_of_every_turn")]

    operations = [migrations.RunSQL(FIXED, REMOVED)]
