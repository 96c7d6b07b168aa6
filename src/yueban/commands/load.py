"""`yueban load CITY_DIR`: load a city pack; running it again changes nothing."""

import argparse
from pathlib import Path

from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The pack."""
    parser.add_argument("city", type=Path, nargs="?", help="城市资料文件夹 / folder of the city pack")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Load it into the instance of this shell, or into the demo's."""
    if arguments.city is not None and not arguments.city.is_dir():
        raise CommandError(f"找不到文件夹 {arguments.city}。 / There is no folder {arguments.city}.")
    with running_instance():
        from django.conf import settings

        from yueban.commands.prepare import load_city

        if arguments.city is not None:
            settings.CITY_DIR = arguments.city.resolve()
        load_city(progress=say)
        return finish({"ok": True, "city": settings.CITY_DIR.name}, as_json=arguments.json)
