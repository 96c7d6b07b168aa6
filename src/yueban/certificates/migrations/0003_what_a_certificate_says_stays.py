"""Triggers: of an issued certificate only the status and the last day may change, and none is deleted."""

from django.db import migrations

FIXED = """
CREATE FUNCTION certificates_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    loose text[] := '{status,valid_until}';
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - loose = to_jsonb(NEW) - loose THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: an issued certificate stays as it is', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON certificates_certificate
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_change();
"""
REMOVED = """
DROP TRIGGER never_emptied ON certificates_certificate;
DROP TRIGGER stays ON certificates_certificate;
DROP FUNCTION certificates_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_personal_data_sealed")]

    operations = [migrations.RunSQL(FIXED, REMOVED)]
