"""`yueban bench crash`: site and worker are killed (kill -9) again and again while window clerks work.

Each clerk presses a button until he is answered, as people do; what he was told is done must stand once in the
database afterwards, with its papers. Runs once, since it measures no time.
"""

import argparse
import json
import random
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from yueban.commands.errors import CommandError
from yueban.commands.instance import Instance
from yueban.commands.measuring import Progress, fresh_instance, run_program
from yueban.commands.visitor import Form, Page, Visitor

CLERK = "clerk-zhou"
ACTS = ("receive", "accept")
CASES_A_KILL = 12
PATIENCE_S = 240.0  # under fire the machine may be slow
BROKEN = (OSError, urllib.error.URLError, LookupError, ValueError)
# A worker that was killed is missed after so many seconds, so that its jobs are taken up by the next one.
SETTINGS = {"YUEBAN_JOB_STALL_SECONDS": "3"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--kills", type=int, default=200, help="杀掉多少次 / how many kills")
    parser.add_argument("--clients", type=int, default=4, help="窗口人员数 / clerks at work")
    parser.add_argument("--seed", type=int, default=4, help="随机时刻的种子 / seed of the random moments")


@dataclass
class Work:
    """What the clerks have before them, and what they were told is done."""

    numbers: list[str]
    told: list[tuple[str, str]] = field(default_factory=list)
    is_over: bool = False


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Work under fire, then peace, then the count."""
    with fresh_instance(**SETTINGS) as instance:
        wanted = ["--cases", max(arguments.kills * CASES_A_KILL, 40)]
        made = run_program("benchmarks.crash.fill", wanted, progress=progress, settings={})
        work = Work(made["numbers"][::-1])
        for name in ("site", "worker"):
            instance.start_child(name)
        instance.wait_for_first_page(PATIENCE_S)
        clerks = [
            threading.Thread(target=_work, args=(instance.address, work), daemon=True)
            for _ in range(arguments.clients)
        ]
        for clerk in clerks:
            clerk.start()
        begun = time.perf_counter()
        kills = _kill(instance, work, arguments, progress)
        work.is_over = True
        for clerk in clerks:
            clerk.join()
        seconds = time.perf_counter() - begun
        told = instance.home / "told.json"
        told.write_text(json.dumps(work.told))
        found = run_program("benchmarks.crash.check", [told], progress=progress, settings={})
    is_right = not found["lost"] and not found["doubled"] and found["chain_verified"]
    ours = {"kills": kills, "acts": len(work.told), "seconds": round(seconds, 1), **found}
    return {"ours": ours, "peers": {}, "ratios": {}, "checked_equal": is_right}


def _kill(instance: Instance, work: Work, arguments: argparse.Namespace, progress: Progress) -> int:
    """Kill site and worker at random moments while somebody works: after each kill something is done first."""
    chance = random.Random(arguments.seed)  # noqa: S311 - moments, not secrets
    for count in range(1, arguments.kills + 1):
        name = chance.choice(("site", "worker"))
        _wait_for_an_act(work)
        time.sleep(chance.uniform(0.0, 0.6))
        instance.kill_child(name)
        instance.start_child(name)
        if name == "site":
            instance.wait_for_first_page(PATIENCE_S)
        if count % 20 == 0 or count == arguments.kills:
            progress(f"  {count}/{arguments.kills}")
    return int(arguments.kills)


def _wait_for_an_act(work: Work) -> None:
    """Until a clerk has been told that something is done."""
    before, last = len(work.told), time.monotonic() + PATIENCE_S
    while len(work.told) == before:
        if time.monotonic() > last:
            raise CommandError("窗口人员什么也没有办成，测试没有意义。 / Nothing was done under fire.")
        time.sleep(0.02)


def _work(address: str, work: Work) -> None:
    """One clerk: case after case, each act pressed until it is answered."""
    clerk = _until_answered(partial(_signed_in, address), work)
    while clerk is not None and work.numbers and not work.is_over:
        number = work.numbers.pop()
        for act in ACTS:
            pressed = _until_answered(partial(_read, clerk, number, act), work)
            if pressed is None:
                break
            page, form = pressed
            answer = _until_answered(partial(clerk.send, page, form), work, also_after=True)
            if answer is not None and answer.status == 200:
                work.told.append((number, act))


def _signed_in(address: str) -> Visitor:
    visitor = Visitor(address)
    page = visitor.get("/sign-in")
    form = next(form for form in page.forms if form.fields.get("username") == [CLERK])
    if visitor.send(page, form).status != 200:
        raise ValueError("not signed in")
    return visitor


def _read(clerk: Visitor, number: str, act: str) -> tuple[Page, Form]:
    page = clerk.get(f"/desk/cases/{number}/")
    return page, page.form_to(f"/{act}")


def _until_answered(do: Callable[[], Any], work: Work, *, also_after: bool = False) -> Any:
    """Try until the site answers; None when the work is over before (what was pressed is pressed to its end)."""
    last = time.monotonic() + PATIENCE_S
    while (also_after or not work.is_over) and time.monotonic() < last:
        with suppress(*BROKEN):
            answer = do()
            if not isinstance(answer, Page) or answer.status < 500:
                return answer
        time.sleep(0.05)
    return None
