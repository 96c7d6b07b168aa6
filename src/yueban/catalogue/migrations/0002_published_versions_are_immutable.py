"""The database itself refuses to change or delete what was published."""

from django.db import migrations

CREATE = """
CREATE FUNCTION catalogue_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published item version cannot be deleted (id %)', OLD.id;
    END IF;
    IF NEW.state = 'draft'
       OR (NEW.item_id, NEW.agency_id, NEW.number, NEW.effective_on, NEW.published_at, NEW.name,
           NEW.task_code, NEW.content_hash, NEW.definition, NEW.compiled)
          IS DISTINCT FROM
          (OLD.item_id, OLD.agency_id, OLD.number, OLD.effective_on, OLD.published_at, OLD.name,
           OLD.task_code, OLD.content_hash, OLD.definition, OLD.compiled)
    THEN
        RAISE EXCEPTION 'a published item version cannot be changed (id %)', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER item_version_is_immutable
    BEFORE UPDATE OR DELETE ON catalogue_itemversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_change();
"""

DROP = """
DROP TRIGGER item_version_is_immutable ON catalogue_itemversion;
DROP FUNCTION catalogue_refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the trigger."""

    dependencies = [("catalogue", "0001_initial_tables")]

    operations = [migrations.RunSQL(CREATE, DROP)]
