"""After the kills: is everything there that somebody was told is done, and nothing twice? Prints one JSON object.

Waits until the worker has made the papers that are still to be made.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from yueban.commands.django_setup import set_up_django

PATIENCE_S = 120.0
EVENTS = "SELECT reference_number, kind, count(*) FROM audit_event WHERE kind IN ('receive', 'accept') GROUP BY 1, 2"
# The papers of those acts alone: an example of the demo may lawfully have been asked twice.
PAPERS = (
    "SELECT subject_number, kind, count(*) FROM documents_document"
    " WHERE subject_kind = 'case' AND kind IN ('receipt', 'acceptance') GROUP BY 1, 2"
)
UNMADE = "SELECT count(*) FROM documents_document WHERE state <> 'ready'"
# What each act leaves behind besides its event.
PAPER_OF = {"receive": "receipt", "accept": "acceptance"}


def main() -> None:
    """Count."""
    set_up_django()
    told = [tuple(pair) for pair in json.loads(Path(sys.argv[1]).read_text())]
    print(json.dumps(check(told)))


def check(told: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Lost and doubled acts and papers, and whether every chain holds."""
    from yueban.audit.selectors import verify_all

    unmade = _wait_for_papers()
    events, papers = _counted(EVENTS), _counted(PAPERS)
    lost = [pair for pair in told if pair not in events]
    lost += [pair for pair in told if (pair[0], PAPER_OF[pair[1]]) not in papers]
    doubled = [key for key, count in (*events.items(), *papers.items()) if count > 1]
    for name, found in (("lost", lost), ("doubled", doubled)):
        if found:
            print(f"{name}: {found[:5]}", file=sys.stderr, flush=True)
    proof = verify_all()
    return {
        "lost": len(lost) + unmade,
        "doubled": len(doubled),
        "papers": sum(papers.values()),
        "events": proof.events,
        "chain_verified": proof.ok,
    }


def _wait_for_papers() -> int:
    """How many papers are still not made when patience ends."""
    until = time.monotonic() + PATIENCE_S
    while (unmade := _number(UNMADE)) and time.monotonic() < until:
        time.sleep(0.5)
    return unmade


def _number(statement: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _counted(statement: str) -> dict[tuple[str, str], int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {(number, kind): count for number, kind, count in cursor.fetchall()}


if __name__ == "__main__":
    main()
