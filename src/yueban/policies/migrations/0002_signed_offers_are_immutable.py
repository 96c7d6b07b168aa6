"""The database itself refuses to change or delete what was signed."""

from django.db import migrations

CREATE = """
CREATE FUNCTION policies_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.signed_at IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a signed offer version cannot be deleted (id %)', OLD.id;
    END IF;
    IF NEW.state IN ('draft', 'reviewing')
       OR (NEW.offer_id, NEW.policy_version_id, NEW.number, NEW.name, NEW.definition, NEW.spans, NEW.content_hash,
           NEW.in_force_from, NEW.signed_at, NEW.signed_by_id, NEW.signed_name, NEW.backtest)
          IS DISTINCT FROM
          (OLD.offer_id, OLD.policy_version_id, OLD.number, OLD.name, OLD.definition, OLD.spans, OLD.content_hash,
           OLD.in_force_from, OLD.signed_at, OLD.signed_by_id, OLD.signed_name, OLD.backtest)
    THEN
        RAISE EXCEPTION 'a signed offer version cannot be changed (id %)', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER offer_version_is_immutable
    BEFORE UPDATE OR DELETE ON policies_offerversion
    FOR EACH ROW EXECUTE FUNCTION policies_refuse_change();
"""

DROP = """
DROP TRIGGER offer_version_is_immutable ON policies_offerversion;
DROP FUNCTION policies_refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the trigger."""

    dependencies = [("policies", "0001_tables_of_policies")]

    operations = [migrations.RunSQL(CREATE, DROP)]
