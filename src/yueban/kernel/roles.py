"""The roles a post can carry, and their Chinese names."""

from __future__ import annotations

from typing import Final

CLERK: Final = "clerk"
REVIEWER: Final = "reviewer"
DECIDER: Final = "decider"
CHECKER: Final = "checker"
SUPERVISOR: Final = "supervisor"
EDITOR: Final = "editor"

NAMES: Final[dict[str, str]] = {
    CLERK: "窗口人员",
    REVIEWER: "审查人员",
    DECIDER: "决定人",
    CHECKER: "协查人员",
    SUPERVISOR: "监督人员",
    EDITOR: "事项编辑",
}
ALL: Final = frozenset(NAMES)
