"""Tables of the audit and the triggers that make them append-only."""

import django.db.models.deletion
from django.db import migrations, models

APPEND_ONLY = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the audit is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchoredhead
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
REMOVED = """
DROP TRIGGER append_only ON audit_anchoredhead;
DROP TRIGGER append_only ON audit_anchor;
DROP TRIGGER append_only ON audit_event;
DROP FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Anchor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("at", models.DateTimeField()),
                ("algorithm", models.CharField(max_length=16)),
                ("prev_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "日锚",
                "verbose_name_plural": "日锚",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference_kind", models.CharField(max_length=32)),
                ("reference_number", models.CharField(max_length=64)),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_index=True)),
                ("actor", models.JSONField()),
                ("data", models.JSONField()),
                ("algorithm", models.CharField(max_length=16)),
                ("prev_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "事件",
                "verbose_name_plural": "事件",
                "ordering": ["reference_kind", "reference_number", "seq"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reference_kind", "reference_number", "seq"), name="audit_event_one_per_seq"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AnchoredHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference_kind", models.CharField(max_length=32)),
                ("reference_number", models.CharField(max_length=64)),
                ("seq", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
                (
                    "anchor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="heads", to="audit.anchor"
                    ),
                ),
            ],
            options={
                "verbose_name": "日锚所含链尾",
                "verbose_name_plural": "日锚所含链尾",
                "ordering": ["anchor", "reference_kind", "reference_number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reference_kind", "reference_number", "seq"), name="audit_anchoredhead_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, REMOVED),
    ]
