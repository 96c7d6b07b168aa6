"""The database refuses to change the words of a version while a second person checks it."""

from django.db import migrations

CHECKED = """
CREATE OR REPLACE FUNCTION catalogue_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF OLD.state = 'checking' THEN
        IF TG_OP = 'DELETE' OR NEW.definition IS DISTINCT FROM OLD.definition THEN
            RAISE EXCEPTION 'an item version that is being checked cannot be changed (id %)', OLD.id;
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published item version cannot be deleted (id %)', OLD.id;
    END IF;
    IF NEW.state IN ('draft', 'checking')
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
"""

UNCHECKED = """
CREATE OR REPLACE FUNCTION catalogue_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    """Writes the function of the trigger anew."""

    dependencies = [("catalogue", "0003_drafts_are_checked_and_entries_adopted")]

    operations = [migrations.RunSQL(CHECKED, UNCHECKED)]
