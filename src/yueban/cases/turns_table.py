"""The table of turns as a page of the documentation, printed from the rows that the program follows."""

from yueban.cases.choices import STATE_CODES, CaseEvent, CaseState
from yueban.cases.turns import BY_WORDS, EDGES, Edge, Target
from yueban.clocks.choices import ClockKind

HEAD = """# Every turn of a case

Printed from `cases/turns.py` by `yueban turns`; a test compares. What a move needs besides its place and post
stands in `cases/guards.py` under the name in the column 条件.

| 从 | 事件 | 到 | 谁 | 条件 | 时限 | 文书 | 依据和说明 |
|---|---|---|---|---|---|---|---|
"""
TARGETS = {Target.STAYS: "不变", Target.BACK: "回到之前的状态"}
VERBS = (
    ("starts", "起算"),
    ("meets", "完成"),
    ("pauses", "暂停"),
    ("resumes", "接着算"),
    ("extends", "延长"),
)


def as_markdown() -> str:
    """The whole page."""
    return HEAD + "".join(f"{_row(edge)}\n" for edge in EDGES)


def _row(edge: Edge) -> str:
    begins = sorted(edge.begins, key=lambda state: STATE_CODES[state])
    cells = (
        "、".join(_state(state) for state in begins),
        f"{CaseEvent(edge.event).label} `{edge.event}`",
        TARGETS[edge.to] if isinstance(edge.to, Target) else _state(edge.to),
        BY_WORDS[edge.by],
        f"`{edge.guard.__name__}`" if edge.guard else "",
        "；".join(f"{verb}{_kinds(getattr(edge, name))}" for name, verb in VERBS if getattr(edge, name)),
        str(edge.document.label) if edge.document else "",
        edge.reason,
    )
    return f"| {' | '.join(cells)} |"


def _state(state: CaseState) -> str:
    return f"{STATE_CODES[state]} {state.label}"


def _kinds(kinds: tuple[ClockKind, ...]) -> str:
    return "、".join(str(ClockKind(kind).label) for kind in kinds)
