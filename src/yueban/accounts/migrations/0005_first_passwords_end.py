"""A first password serves once and for some days; those that wait now get a week."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_keys_are_asked_for")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="first_password_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="first_password_used_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE accounts_user SET first_password_until = now() + interval '7 days' WHERE must_change_password",
            migrations.RunSQL.noop,
        ),
    ]
