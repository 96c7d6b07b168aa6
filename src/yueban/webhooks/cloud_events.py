"""An occurrence as a CloudEvents 1.0 message: numbers, kinds and states, never a person."""

import json
from typing import Any

from yueban.webhooks.models import Occurrence

TYPE = "yueban.case."
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def type_of(kind: str) -> str:
    """yueban.case.accept; a kind that is not of a case names its own noun: yueban.consultation.handed_over"""
    return f"yueban.{kind}" if "." in kind else f"{TYPE}{kind}"


def event_of(occurrence: Occurrence, *, source: str) -> dict[str, Any]:
    """The event; the same `id` whenever it is sent, and `sequence` grows by case."""
    return {
        "specversion": "1.0",
        "id": f"{occurrence.case_number}-{occurrence.seq}",
        "source": source,
        "type": type_of(occurrence.kind),
        "subject": occurrence.case_number,
        "time": occurrence.at.isoformat(timespec="seconds"),
        "sequence": f"{occurrence.seq:06d}",
        "datacontenttype": "application/json",
        "data": occurrence.data,
    }


def message_of(occurrence: Occurrence, *, source: str) -> bytes:
    """The same as it is sent."""
    return json.dumps(event_of(occurrence, source=source), ensure_ascii=False, separators=(",", ":")).encode()
