"""The log of unmasking and the trigger that makes it append-only."""

from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION vault_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the log of unmasking is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON vault_unmasking
    FOR EACH STATEMENT EXECUTE FUNCTION vault_refuse_change();
"""
REMOVED = """
DROP TRIGGER append_only ON vault_unmasking;
DROP FUNCTION vault_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Unmasking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference_kind", models.CharField(max_length=32)),
                ("reference_number", models.CharField(max_length=64)),
                ("field", models.CharField(max_length=64)),
                ("purpose", models.CharField(max_length=200)),
                ("actor", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "查看原文记录",
                "verbose_name_plural": "查看原文记录",
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(fields=["reference_kind", "reference_number"], name="vault_unmasking_of")
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, REMOVED),
    ]
