"""Resolve the materials of many applications against sources of which some fail and some lag; prints one JSON object.

Run by `yueban bench proofs` in the environment of a loaded instance.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yueban.commands.demo_sources import BEHAVE
from yueban.commands.django_setup import set_up_django

MATERIALS = 7
SECONDS = 1.0  # what a source is given for one try
LAG = 5.0
ONE_IN = 20


@dataclass(frozen=True)
class Outcome:
    """One application: how long, on which rungs its materials stand, and whether they are the right ones."""

    seconds: float
    ways: tuple[str, ...]
    is_blocked: bool
    is_right: bool


def main() -> None:
    """One run; each application is timed by itself."""
    parser = argparse.ArgumentParser()
    for name in ("applications", "sources", "threads", "port"):
        parser.add_argument(f"--{name}", type=int, required=True)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_sources(Path(folder), arguments.sources)
        os.environ["YUEBAN_CITY_DIR"] = folder
        set_up_django()
        server = subprocess.Popen(
            [sys.executable, "-m", "yueban", "sources", "--port", str(arguments.port), "--with-parent"],
            stdout=subprocess.DEVNULL,
        )
        try:
            ill = tell_sources(arguments.port, arguments.sources)
            print(json.dumps(measure(arguments, ill)))
        finally:
            server.terminate()
            server.wait()


def name_of(source: int) -> str:
    """As an item would call it."""
    return f"数据源{source}"


def write_sources(folder: Path, count: int) -> None:
    """The connectors of a city that has so many."""
    rows = [
        {
            "key": f"source-{one}",
            "source": name_of(one),
            "agency_kind": "social-insurance",
            "seconds": SECONDS,
        }
        for one in range(count)
    ]
    (folder / "connectors.yaml").write_text(yaml.safe_dump({"connectors": rows}, allow_unicode=True), "utf-8")


def tell_sources(port: int, count: int) -> frozenset[int]:
    """One in twenty fails, one in twenty lags; which they are."""
    share = max(1, count // ONE_IN)
    failing, lagging = range(share), range(share, 2 * share)
    for one in (*failing, *lagging):
        told = {"source": f"source-{one}", "how": "fail" if one in failing else "lag", "seconds": LAG}
        _post(f"http://127.0.0.1:{port}{BEHAVE}", json.dumps(told).encode())
    return frozenset((*failing, *lagging))


def _post(address: str, body: bytes) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, body), timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def planned(application: int, sources: int) -> list[Any]:
    """Seven materials: a certificate, four shares with what lies below them, one to promise, one to hand in."""
    from yueban.catalogue import selectors as catalogue

    stated = catalogue.get_published("unemployment-registration", "330602000000").compiled.materials
    model = next(one for one in stated if one.key == "end-of-work")
    upload, promise = catalogue.ByUpload(way="upload"), catalogue.ByPromise(way="promise", text="承诺属实")
    card = catalogue.ByCertificate(way="certificate", certificate_type="resident-id-card")
    ladders: list[tuple[Any, ...]] = [(card, upload), (promise, upload), (upload,)]
    for turn in range(MATERIALS - len(ladders)):
        name = name_of((application * 7 + turn * 11) % sources)
        ladders.append((catalogue.ByShare(way="share", source=name, subject="是否属实"), promise, upload))
    return [
        catalogue.PlannedMaterial(
            model.model_copy(update={"key": f"m{position}", "satisfy": ways}), TRUE, (), ways[0], ways[1:]
        )
        for position, ways in enumerate(ladders)
    ]


TRUE: Any = None


def measure(arguments: argparse.Namespace, ill: frozenset[int]) -> dict[str, Any]:
    """All applications, so many at once."""
    from yueban.accounts import walls
    from yueban.certificates.models import PromiseBar
    from yueban.expressions import Truth
    from yueban.parties.models import Party

    global TRUE
    TRUE = Truth.TRUE
    walls.trust_process()
    barred = PromiseBar.objects.values("party")
    people = list(Party.objects.filter(kind="person").exclude(pk__in=barred).order_by("pk"))
    plans = [planned(one, arguments.sources) for one in range(arguments.sources)]
    told = threading.Lock()
    done: list[Outcome] = []

    def one(number: int) -> None:
        outcome = resolve(number, people[number % len(people)], plans[number % len(plans)], ill)
        with told:
            done.append(outcome)
            if len(done) % 1000 == 0:
                print(f"{len(done)} 件", file=sys.stderr)

    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=arguments.threads) as pool:
        list(pool.map(one, range(arguments.applications)))
    return figures(done, time.monotonic() - started)


def resolve(number: int, party: Any, plan: list[Any], ill: frozenset[int]) -> Outcome:
    """What the flow does for one draft: look, ask, look again."""
    from yueban.certificates import selectors, services
    from yueban.kernel.actor import SYSTEM
    from yueban.kernel.reference import Reference

    reference = Reference("application", f"bench-{number}")
    ids = {"party_id": party.pk, "person_id": party.pk, "reference": reference}
    started = time.monotonic()
    wanted = selectors.sources_to_ask(plan, selectors.evidence_for(**ids))
    matter = services.Matter(
        reference=reference, item_key="bench", item_name="测速", division_code="330602000000"
    )
    services.ask_sources(
        party=party,
        matter=matter,
        wanted=[
            services.Wanted(material_key=key, source=way.source, subject=way.subject) for key, way in wanted
        ],
        actor=SYSTEM,
    )
    climbed = selectors.climb(plan, selectors.evidence_for(**ids))
    seconds = time.monotonic() - started
    return Outcome(
        seconds, tuple(one.planned.rung.way for one in climbed), is_blocked(climbed), right(climbed, ill)
    )


def is_blocked(climbed: list[Any]) -> bool:
    """Whether a material stands on a rung that has neither its evidence nor anything the person can do."""
    return len(climbed) != MATERIALS or any(
        one.planned.rung.way == "share" and one.exchange is None for one in climbed
    )


def right(climbed: list[Any], ill: frozenset[int]) -> bool:
    """Whether a source that is well was believed, and one that is ill led to its department."""
    for one in climbed[3:]:
        source = int(one.planned.material.satisfy[0].source.removeprefix("数据源"))
        if (one.planned.rung.way == "check") != (source in ill):
            return False
    return [one.planned.rung.way for one in climbed[1:3]] == ["promise", "upload"]


def figures(done: list[Outcome], seconds: float) -> dict[str, Any]:
    """Of all applications."""
    times = sorted(one.seconds * 1000 for one in done)
    ways = Counter(way for one in done for way in one.ways)
    return {
        "applications": len(done),
        "materials": sum(ways.values()),
        "blocked": sum(one.is_blocked for one in done),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "p99_ms": round(times[int(len(times) * 0.99)], 1),
        "max_ms": round(times[-1], 1),
        "per_s": round(len(done) / seconds, 1),
        **{f"by_{way}": count for way, count in sorted(ways.items())},
        "is_right": all(one.is_right for one in done),
    }


if __name__ == "__main__":
    main()
