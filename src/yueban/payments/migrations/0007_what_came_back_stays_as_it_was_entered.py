"""What came back of a recovery can be added to, never changed."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payments_recoveryentry
    FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0006_recoveries")]

    operations = [migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER append_only ON payments_recoveryentry")]
