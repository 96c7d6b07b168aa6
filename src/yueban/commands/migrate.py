"""`yueban migrate`: bring the database up to date as the owner of its tables, and grant rows to the application."""

import argparse

from django.core.exceptions import ImproperlyConfigured

from yueban.commands.django_setup import set_up_django
from yueban.commands.output import finish, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """JSON for programs."""
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Migrate over YUEBAN_OWNER_DATABASE_URL; the role of DATABASE_URL then works with the rows."""
    set_up_django()
    from django.conf import settings

    from yueban.commands import prepare
    from yueban.settings import env

    role = str(settings.DATABASES["default"]["USER"])
    owner = env.text("YUEBAN_OWNER_DATABASE_URL")
    if env.database_from(owner)["USER"] == role:
        raise ImproperlyConfigured(
            "YUEBAN_OWNER_DATABASE_URL 与 DATABASE_URL 是同一个账户。应用不应拥有数据表，请使用两个账户。"
        )
    prepare.use_database(env.database_from(owner))
    prepare.migrate(progress=say)
    prepare.grant_to_app(owner, role)
    return finish({"ok": True}, as_json=arguments.json)
