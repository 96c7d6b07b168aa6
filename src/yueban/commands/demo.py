"""`yueban demo`: the whole platform with its model city on this machine, after one command."""

import argparse
import json
import signal
import threading
import time
from pathlib import Path

from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError
from yueban.commands.instance import DEMO_HOME, Instance
from yueban.commands.output import finish, say
from yueban.commands.ports import check_port, find_free_port

CHECK_HOME = ROOT / "var" / "check"
SETUP_STAMP = ROOT / ".venv" / "yueban-setup.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The port, and the check that starts, measures and stops."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="0.0.0.0 让局域网里的手机也能打开 / for other devices"
    )
    parser.add_argument("--port", type=int, default=8000, help="网站端口 / port of the site")
    parser.add_argument("--check", action="store_true", help="启动、等到首页、停止 / start, measure, stop")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Start, say where, and wait for Ctrl+C; or check."""
    if arguments.check:
        arguments.json = True
        return check()
    check_port(arguments.host, arguments.port)
    instance = Instance(DEMO_HOME, port=arguments.port, host=arguments.host)
    instance.claim()
    stopping = _listen_for_stop()
    try:
        _welcome(instance, start_and_measure(instance))
        while not stopping.wait(1.0):
            instance.check_children()
        say("正在停止… / stopping …")
    finally:
        instance.stop()
    return finish({"ok": True, "address": instance.address}, as_json=arguments.json)


def check() -> int:
    """Start on a free port, measure to the first page, stop."""
    instance = _claim_for_check()
    try:
        first_page_s = start_and_measure(instance)
    finally:
        instance.stop()
    figures = read_setup_figures()
    return finish(
        {"ok": True, **figures, "first_page_s": round(first_page_s, 2), "address": instance.address},
        as_json=True,
    )


def start_and_measure(instance: Instance) -> float:
    """Start everything; returns the seconds to the first page."""
    started = time.monotonic()
    instance.start()
    instance.wait_for_first_page()
    return time.monotonic() - started


def _claim_for_check() -> Instance:
    """The demo's instance; while that runs, one of the check's own beside it."""
    instance = Instance(DEMO_HOME, port=find_free_port())
    try:
        instance.claim()
    except CommandError:
        instance = Instance(CHECK_HOME, port=find_free_port())
        instance.claim()
    return instance


def read_setup_figures() -> dict[str, float | None]:
    """What the bootstrap measured when it prepared the environment."""
    try:
        stamp = json.loads(SETUP_STAMP.read_text())
    except (OSError, ValueError):
        stamp = {}
    return {"setup_s": stamp.get("setup_s"), "download_mb": stamp.get("download_mb")}


def _listen_for_stop() -> threading.Event:
    stopping = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: stopping.set())
    return stopping


def _welcome(instance: Instance, seconds: float) -> None:
    say("")
    say(f"越办演示已就绪({seconds:.1f} 秒) / the demo is ready")
    say(f"  门户 / portal   {instance.address}/")
    say(f"  工作台 / desk   {instance.address}/desk/")
    say(f"  自助终端 / kiosk  {instance.address}/kiosk/")
    say(f"  演示账号 / demo accounts   {instance.address}/sign-in")
    for line in demo_accounts(ROOT / "cities" / "shaoxing" / "cast.yaml"):
        say(f"    {line}")
    say(f"  数据 / data     {instance.home}")
    say("按 Ctrl+C 停止，数据保留。 / Ctrl+C stops; the data stays.")


def demo_accounts(cast: Path) -> list[str]:
    """One line for each user of the demo cast."""
    if not cast.exists():
        return []
    import yaml

    users = yaml.safe_load(cast.read_text(encoding="utf-8")).get("users", [])
    return [f"{user['username']:20} {user['name']}\t{user['role']}" for user in users]
