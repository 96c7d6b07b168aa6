"""工作量: what lies with an office, by person and by item, in two grouped queries however much it is."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from yueban.approvals.choices import TaskKind, TaskState
from yueban.approvals.models import Task
from yueban.kernel import clock

NOBODY = "0"


@dataclass
class Load:
    """The work of one person or of one item; `open` counts the taken ones too."""

    key: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def open(self) -> int:
        """What is to be done."""
        return self.counts["open"]

    @property
    def taken(self) -> int:
        """What somebody has in hand."""
        return self.counts["taken"]

    @property
    def overdue(self) -> int:
        """What is past its day."""
        return self.counts["overdue"]

    @property
    def done(self) -> int:
        """What was finished since Monday."""
        return self.counts["done"]


@dataclass(frozen=True)
class Workload:
    """An office's work since Monday."""

    since: date
    people: list[Load]
    items: list[Load]


def open_tasks_at(agencies: Collection[str]) -> QuerySet[Task]:
    """What is open at these agencies and is somebody's to do, the most urgent first."""
    return (
        Task.objects.filter(agency__code__in=agencies, state=TaskState.OPEN)
        .exclude(kind=TaskKind.NOTICE)
        .select_related("agency", "taken_by", "sent_by")
        .order_by("due_on", "pk")
    )


def workload(agencies: Collection[str]) -> Workload:
    """Open, taken and overdue now, finished since Monday."""
    today = clock.today()
    since = today - timedelta(days=today.weekday())
    people: dict[str, Load] = {}
    items: dict[str, Load] = {}
    for row in _open(agencies, today):
        counts = Counter(open=row["open"], overdue=row["overdue"])
        if row["taken_by"] is not None:
            counts["taken"] = row["open"]
        name = row["taken_by__name"] or "还没有人接办"
        _load(people, str(row["taken_by"] or NOBODY), name).counts.update(counts)
        _load(items, row["title"], row["title"]).counts.update(counts)
    for row in _done(agencies, since):
        counts = Counter(done=row["done"])
        _load(people, str(row["done_by"]), row["done_by__name"]).counts.update(counts)
        _load(items, row["title"], row["title"]).counts.update(counts)
    return Workload(since, _ordered(people), _ordered(items))


def _open(agencies: Collection[str], today: date) -> Iterable[dict[str, Any]]:
    rows = open_tasks_at(agencies).order_by().values("taken_by", "taken_by__name", "title")
    found = rows.annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=today)))
    return [dict(row) for row in found]


def _done(agencies: Collection[str], since: date) -> Iterable[dict[str, Any]]:
    begins = datetime.combine(since, time(), tzinfo=clock.BEIJING)
    rows = Task.objects.filter(agency__code__in=agencies, state=TaskState.DONE, done_at__gte=begins)
    grouped = rows.exclude(done_by=None).values("done_by", "done_by__name", "title")
    return [dict(row) for row in grouped.annotate(done=Count("pk"))]


def _load(found: dict[str, Load], key: str, name: str) -> Load:
    return found.setdefault(key, Load(key, name))


def _ordered(found: dict[str, Load]) -> list[Load]:
    return sorted(found.values(), key=lambda load: (-load.overdue, -load.open, load.name))
