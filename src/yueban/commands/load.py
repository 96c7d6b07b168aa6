"""`yueban load CITY_DIR`: load a city pack; `yueban load enterprises`: the made-up enterprises of the demo.

Running either again changes nothing.
"""

import argparse
from pathlib import Path

from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

ENTERPRISES = Path("enterprises")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The pack, or the enterprises with their number and seed."""
    parser.add_argument(
        "city",
        type=Path,
        nargs="?",
        help="城市资料文件夹，或 enterprises（演示企业） / folder of the city pack, or enterprises",
    )
    parser.add_argument("--count", type=int, help="演示企业数，默认全部 / how many enterprises")
    parser.add_argument("--seed", type=int, default=1, help="编造的种子 / seed of the enterprises")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Load it into the instance of this shell, or into the demo's."""
    if arguments.city == ENTERPRISES:
        return _load_enterprises(arguments)
    if arguments.city is not None and not arguments.city.is_dir():
        raise CommandError(f"找不到文件夹 {arguments.city}。 / There is no folder {arguments.city}.")
    with running_instance():
        from django.conf import settings

        from yueban.commands.prepare import load_city

        if arguments.city is not None:
            settings.CITY_DIR = arguments.city.resolve()
        load_city(progress=say)
        return finish({"ok": True, "city": settings.CITY_DIR.name}, as_json=arguments.json)


def _load_enterprises(arguments: argparse.Namespace) -> int:
    with running_instance():
        from django.conf import settings

        from yueban.flows.load_enterprises import load_enterprises

        say("载入演示企业（编造，不对应任何真实企业） / loading made-up enterprises")
        done = load_enterprises(settings.CITY_DIR, count=arguments.count, seed=arguments.seed, progress=say)
        result = {
            "ok": True,
            "city": settings.CITY_DIR.name,
            "enterprises": done.wanted,
            "created": done.created,
            "rows": done.created + done.rows_of_facts,
            "seconds": round(done.seconds, 1),
        }
        return finish(result, as_json=arguments.json)
