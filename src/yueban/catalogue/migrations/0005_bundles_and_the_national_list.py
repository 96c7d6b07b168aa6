"""一件事: bundles, their versions in each division with the item versions they join, and the national list."""

import django.db.models.deletion
from django.db import migrations, models

# As item versions: what was published never changes.
CREATE = """
CREATE FUNCTION catalogue_refuse_bundle_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published bundle version cannot be deleted (id %)', OLD.id;
    END IF;
    IF (NEW.bundle_id, NEW.division_code, NEW.number, NEW.effective_on, NEW.published_at, NEW.name,
        NEW.content_hash, NEW.definition, NEW.compiled)
       IS DISTINCT FROM
       (OLD.bundle_id, OLD.division_code, OLD.number, OLD.effective_on, OLD.published_at, OLD.name,
        OLD.content_hash, OLD.definition, OLD.compiled)
    THEN
        RAISE EXCEPTION 'a published bundle version cannot be changed (id %)', OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER bundle_version_is_immutable
    BEFORE UPDATE OR DELETE ON catalogue_bundleversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_refuse_bundle_change();
"""

DROP = """
DROP TRIGGER bundle_version_is_immutable ON catalogue_bundleversion;
DROP FUNCTION catalogue_refuse_bundle_change();
"""

KEY = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
STATES = [
    ("draft", "草稿"),
    ("checking", "待复核"),
    ("published", "已发布"),
    ("suspended", "暂停"),
    ("cancelled", "取消"),
]


class Migration(migrations.Migration):
    """Adds the tables and the trigger."""

    dependencies = [("catalogue", "0004_what_is_checked_stays")]

    operations = [
        migrations.CreateModel(
            name="Bundle",
            fields=[
                ("id", KEY),
                ("key", models.SlugField(max_length=80, unique=True)),
                ("name", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="NationalList",
            fields=[
                ("id", KEY),
                ("content", models.JSONField()),
                ("content_hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="BundleVersion",
            fields=[
                ("id", KEY),
                ("division_code", models.CharField(max_length=12)),
                ("number", models.PositiveIntegerField()),
                ("state", models.CharField(choices=STATES, default="published", max_length=10)),
                ("published_at", models.DateTimeField()),
                ("effective_on", models.DateField()),
                ("effective_until", models.DateField(blank=True, null=True)),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, default="", max_length=200)),
                ("summary", models.CharField(max_length=500)),
                ("summary_en", models.CharField(blank=True, default="", max_length=500)),
                ("for_person", models.BooleanField()),
                ("for_enterprise", models.BooleanField()),
                ("definition", models.JSONField()),
                ("compiled_json", models.JSONField(db_column="compiled")),
                ("content_hash", models.CharField(max_length=64)),
                ("words", models.TextField(blank=True, default="")),
                (
                    "bundle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="catalogue.bundle",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BundleChildVersion",
            fields=[
                ("id", KEY),
                ("child_key", models.CharField(max_length=60)),
                (
                    "bundle_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_versions",
                        to="catalogue.bundleversion",
                    ),
                ),
                (
                    "item_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bundle_uses",
                        to="catalogue.itemversion",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bundleversion",
            constraint=models.UniqueConstraint(
                fields=["bundle", "division_code", "number"], name="bundle_version_numbered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bundleversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(effective_until__isnull=True, state="published"),
                fields=["bundle", "division_code"],
                name="one_open_version_of_a_bundle_in_a_division",
            ),
        ),
        migrations.AddIndex(
            model_name="bundleversion",
            index=models.Index(fields=["division_code", "effective_on"], name="bundle_version_in_force"),
        ),
        migrations.AddConstraint(
            model_name="bundlechildversion",
            constraint=models.UniqueConstraint(
                fields=["bundle_version", "child_key"], name="one_item_version_a_child"
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
