"""A kept instance with the model city and its made-up enterprises, to measure matching end to end in it."""

from typing import Any

from yueban.commands.django_setup import ROOT
from yueban.commands.instance import Instance
from yueban.commands.measuring import Progress, run_program, running
from yueban.commands.ports import find_free_port

HOME = ROOT / "var" / "bench" / "made-city"
PROGRAM = "benchmarks.match.city"


def measure_ends(*, enterprises: int, times: int, progress: Progress) -> dict[str, Any]:
    """The full run from the database, then signings and pages beside the site and the worker; what is loaded stays."""
    HOME.mkdir(parents=True, exist_ok=True)
    with running(Instance(HOME, port=find_free_port())) as instance:
        words = ["load", "enterprises", "--count", enterprises, "--json"]
        loaded = run_program("yueban", words, progress=progress, settings={})
        full = run_program(PROGRAM, ["full"], progress=progress, settings={})
        for child in ("sources", "site", "worker"):
            instance.start_child(child)
        instance.wait_for_first_page()
        words = ["ends", "--address", instance.address, "--times", times]
        ends = run_program(PROGRAM, words, progress=progress, settings={})
    # A city that an earlier measuring had loaded says nothing of how long that takes.
    load = {"load_s": loaded["seconds"]} if loaded["created"] else {}
    return {**load, **full, **ends}
