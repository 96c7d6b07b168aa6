"""Ask for the lists as their people do, in one process without a server in between; prints one JSON object.

Run by `yueban bench lists` in the environment of a loaded database.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from yueban.commands.django_setup import set_up_django

if TYPE_CHECKING:
    from benchmarks.lists.people import Person

WARM_UP = 3
EXPORT = "/desk/cases/export.csv?kind=reviewing"


def main() -> None:
    """Medians over the runs of what 95 of 100 requests stay under."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--requests", type=int, required=True)
    arguments = parser.parse_args()
    set_up_django()
    print(json.dumps(measure(arguments.runs, arguments.requests)))


def measure(runs: int, requests: int) -> dict[str, Any]:
    """Each list by its person, then the export."""
    from benchmarks.lists.people import Person

    reviewer, supervisor, citizen = (Person(name) for name in ("reviewer-zheng", "supervisor-shen", "chen"))
    plans = {
        "inbox": (reviewer, inbox_pages()),
        "search": (supervisor, search_pages()),
        "mine": (citizen, ["/my/", "/my/?page=2", "/my/?page=3"]),
    }
    found: dict[str, Any] = {"is_right": True}
    for name, (person, pages) in plans.items():
        found[f"{name}_queries"] = max(_queries(person, page) for page in pages)
        timed = [person.time(_cycled(pages, requests)) for _ in range(runs)]
        found[f"{name}_p95_ms"] = round(statistics.median(p95(run) for run in timed) * 1000, 2)
        found[f"{name}_ms"] = round(statistics.median(statistics.median(run) for run in timed) * 1000, 2)
        slowest = max(pages, key=lambda page: person.time([page])[0])
        print(f"{name} p95 {found[f'{name}_p95_ms']} ms, slowest {slowest}", file=sys.stderr, flush=True)
    first_bytes = [supervisor.first_byte(EXPORT) for _ in range(runs + 1)][1:]
    found["export_first_byte_ms"] = round(statistics.median(first_bytes) * 1000, 2)
    return found


def _queries(person: "Person", page: str) -> int:
    """The statements of a page; what a minute or a session's note adds now and then is not among them."""
    return min(person.count_queries(page) for _ in range(WARM_UP))


def _cycled(pages: Sequence[str], wanted: int) -> list[str]:
    return [pages[number % len(pages)] for number in range(wanted)]


def p95(seconds: Sequence[float]) -> float:
    """What 95 of 100 stay under."""
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]


def inbox_pages() -> list[str]:
    """A reviewer's inbox: as it opens, a page further, and each of its filters."""
    from yueban.approvals.models import Task

    task = Task.objects.filter(state="open", role="reviewer").order_by("-pk")[0]
    filters: list[dict[str, str]] = [
        {},
        {"page": "2"},
        {"overdue": "1"},
        {"kind": "review"},
        {"item": task.title},
        {"text": task.reference_number[:14]},
        {"text": task.applicant_name},
    ]
    return [f"/desk/?{urlencode(values)}" for values in filters]


def search_pages() -> list[str]:
    """A supervisor of the whole city looks for cases by number, name, item, state, agency and light."""
    from yueban.cases.models import Case

    newest = Case.objects.filter(state="delivered", assisted_by=None).order_by("-pk")[0]
    filters: list[dict[str, str]] = [
        {},
        {"page": "5"},
        {"text": newest.number},
        {"text": newest.number[:14]},
        {"text": newest.applicant_name},
        {"text": newest.applicant_name[:2]},
        {"text": newest.item_name},
        {"text": newest.item_name[:2]},
        {"text": "查无此人"},
        {"kind": "reviewing"},
        {"kind": "delivered"},
        {"kind": "withdrawn", "text": newest.applicant_name},
        {"kind": "terminated"},
        {"overdue": "1"},
        {"light": "red"},
        {"light": "orange"},
        {"light": "green"},
        {"agency": newest.agency.code},
        {"agency": newest.agency.code, "kind": "deciding"},
    ]
    return [f"/desk/cases/?{urlencode(values)}" for values in filters]


if __name__ == "__main__":
    main()
