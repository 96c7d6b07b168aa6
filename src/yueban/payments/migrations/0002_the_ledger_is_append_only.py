"""The ledger and the corrections of accounts can be added to, never changed."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_accountcorrection
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""
REMOVED = """
DROP TRIGGER append_only ON payments_accountcorrection;
DROP TRIGGER append_only ON payments_ledgerentry;
DROP FUNCTION payments_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_payment_orders_attempts_and_ledger")]

    operations = [migrations.RunSQL(APPEND_ONLY, REMOVED)]
