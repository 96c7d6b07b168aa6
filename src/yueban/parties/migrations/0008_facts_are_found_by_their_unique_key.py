import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0007_tags_of_enterprises")]

    operations = [
        migrations.AlterField(
            model_name="enterprisefacts",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="enterprise_facts",
                to="parties.party",
            ),
        ),
    ]
