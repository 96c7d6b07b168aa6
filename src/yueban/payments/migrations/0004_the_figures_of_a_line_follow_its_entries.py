"""Each budget entry moves its line and what its reference holds; nothing else can, and entries stay as they are."""

from django.db import migrations

FIGURES = """
CREATE FUNCTION payments_move_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moved numeric(18, 2)[];
    part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['balance', 'reserved', 'frozen', 'spent'] LOOP
        moved := moved || CASE part WHEN NEW.to_part THEN NEW.amount WHEN NEW.from_part THEN -NEW.amount ELSE 0 END;
    END LOOP;
    UPDATE payments_budgetline
        SET balance = balance + moved[1], reserved = reserved + moved[2],
            frozen = frozen + moved[3], spent = spent + moved[4],
            total = total + moved[1] + moved[2] + moved[3] + moved[4]
        WHERE id = NEW.line_id;
    IF NEW.reference_kind <> '' THEN
        INSERT INTO payments_budgetuse (line_id, reference_kind, reference_number, reserved, frozen, spent)
            VALUES (NEW.line_id, NEW.reference_kind, NEW.reference_number, 0, 0, 0)
            ON CONFLICT (line_id, reference_kind, reference_number) DO NOTHING;
        UPDATE payments_budgetuse
            SET reserved = reserved + moved[2], frozen = frozen + moved[3], spent = spent + moved[4]
            WHERE line_id = NEW.line_id
                AND reference_kind = NEW.reference_kind AND reference_number = NEW.reference_number;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER move_budget AFTER INSERT ON payments_budgetentry
    FOR EACH ROW EXECUTE FUNCTION payments_move_budget();

CREATE FUNCTION payments_refuse_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- At depth 1 a statement of somebody's own asks; deeper, the trigger of an entry.
    IF pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'the figures of % follow from its entries', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER figures_follow BEFORE UPDATE ON payments_budgetline FOR EACH ROW
    WHEN ((OLD.total, OLD.balance, OLD.reserved, OLD.frozen, OLD.spent)
        IS DISTINCT FROM (NEW.total, NEW.balance, NEW.reserved, NEW.frozen, NEW.spent))
    EXECUTE FUNCTION payments_refuse_figures();
CREATE TRIGGER figures_begin BEFORE INSERT ON payments_budgetline FOR EACH ROW
    WHEN ((NEW.total, NEW.balance, NEW.reserved, NEW.frozen, NEW.spent) IS DISTINCT FROM (0.0, 0.0, 0.0, 0.0, 0.0))
    EXECUTE FUNCTION payments_refuse_figures();
CREATE TRIGGER figures_follow BEFORE INSERT OR UPDATE OR DELETE ON payments_budgetuse FOR EACH ROW
    EXECUTE FUNCTION payments_refuse_figures();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_budgetentry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""
REMOVED = """
DROP TRIGGER append_only ON payments_budgetentry;
DROP TRIGGER figures_follow ON payments_budgetuse;
DROP TRIGGER figures_begin ON payments_budgetline;
DROP TRIGGER figures_follow ON payments_budgetline;
DROP FUNCTION payments_refuse_figures();
DROP TRIGGER move_budget ON payments_budgetentry;
DROP FUNCTION payments_move_budget();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0003_budget_lines_with_their_ledger")]

    operations = [migrations.RunSQL(FIGURES, REMOVED)]
