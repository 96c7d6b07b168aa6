"""核查结果: what departments say of the records they hold, as the report and the pages list it."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yueban.approvals import selectors as approvals
from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.cases.models import Case
from yueban.cases.outcome_words import outcome_words
from yueban.cases.transitions import reference_of
from yueban.kernel import clock

LAW = re.compile(r"《[^》]+》")
LATE_PREFIX = "late-"


@dataclass(frozen=True)
class RecordLine:
    """One department: what it answers, when, by which law it holds such records, and what it said too late."""

    key: str
    name: str
    agency: str
    phone: str
    outcome: str
    word: str
    opinion: str
    at: datetime | None
    laws: str
    late_outcome: str = ""
    late_word: str = ""
    late_opinion: str = ""
    late_at: datetime | None = None

    @property
    def stands_out(self) -> bool:
        """Whether it said anything but 无记录: such lines are read first."""
        return self.outcome != TaskOutcome.NO_RECORD

    @property
    def has_record(self) -> bool:
        """Whether there is something that could be objected to or repaired."""
        return TaskOutcome.HAS_RECORD in (self.outcome, self.late_outcome)


def has_records(case: Case) -> bool:
    """Whether this item asks departments for their records."""
    return any(step.kind == "records" for step in case.item_version.compiled.route.steps)


def decision_title(case: Case, *, is_granted: bool) -> str:
    """The heading of the decision as this kind of item calls it; a report of records bears its own name."""
    if is_granted and has_records(case):
        return f"{case.item_version.compiled.guide.result.name}正文"
    return outcome_words(case).title(is_granted=is_granted)


def record_lines(case: Case) -> list[RecordLine]:
    """Every department in the order of the route, with what it said; one query."""
    if not has_records(case):
        return []
    tasks = list(approvals.tasks_of(reference_of(case)))
    late = {task.key.removeprefix(LATE_PREFIX): task for task in tasks if task.kind == TaskKind.LATE}
    asked = [task for task in tasks if task.kind == TaskKind.RECORDS]
    return [_line(task, late.get(task.key)) for task in asked if task.state != TaskState.RETURNED]


def _line(task: Task, late: Task | None) -> RecordLine:
    line = RecordLine(
        key=task.key,
        name=task.name,
        agency=task.agency.short_name,
        phone=task.agency.phone,
        outcome=task.outcome,
        word=str(task.get_outcome_display()) if task.outcome else "核查中",
        opinion=task.opinion,
        at=task.done_at if task.outcome != TaskOutcome.UNANSWERED else None,
        laws="".join(LAW.findall(" ".join(str(check) for check in task.checks))),
    )
    if late is None or late.state != TaskState.DONE:
        return line
    return replace(
        line,
        late_outcome=late.outcome,
        late_word=str(late.get_outcome_display()),
        late_opinion=late.opinion,
        late_at=late.done_at,
    )


def report_content(case: Case) -> dict[str, Any]:
    """What the report says in place of a decision's words: one sentence, then every department."""
    lines = record_lines(case)
    return {
        "paragraphs": [f"您申请的“{case.item_name}”，{_sentence(lines)}"],
        "table": {
            "columns": ["部门", "核查结果", "答复日期", "依据"],
            "rows": [[line.agency, _told(line), _day(line.at), line.laws or "—"] for line in lines],
        },
        "closing": [
            "本报告只写报告期内有无记录和是否修复，不作合规、不合规的评价。",
            "对记录有异议的，可以在办件页面提出数据异议；符合条件的，可以申请信用修复，修复后重新出具报告。",
        ],
    }


def _sentence(lines: list[RecordLine]) -> str:
    count = Counter(line.outcome for line in lines)
    named = {
        outcome: "、".join(line.agency for line in lines if line.outcome == outcome)
        for outcome in (TaskOutcome.HAS_RECORD, TaskOutcome.UNANSWERED)
    }
    parts = [f"共向{len(lines)}个部门核查，{count[TaskOutcome.NO_RECORD]}个部门答复无记录"]
    parts += [f"{named[TaskOutcome.HAS_RECORD]}答复有记录"] if count[TaskOutcome.HAS_RECORD] else []
    parts += [f"{named[TaskOutcome.UNANSWERED]}到期未答复"] if count[TaskOutcome.UNANSWERED] else []
    return "；".join(parts) + "。"


def _told(line: RecordLine) -> str:
    return f"{line.word}：{line.opinion}" if line.outcome == TaskOutcome.HAS_RECORD else line.word


def _day(moment: datetime | None) -> str:
    return clock.written(moment.astimezone(clock.BEIJING).date()) if moment else "—"
