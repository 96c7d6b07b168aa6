"""What somebody saw when he looked again at what an order rests on can be added to, never changed."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_orderconfirmation
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_changes_of_totals_confirmations_and_receipts")]

    operations = [migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON payments_orderconfirmation")]
