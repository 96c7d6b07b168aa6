"""The roles a post can carry, and their Chinese names."""

from __future__ import annotations

from typing import Final

CLERK: Final = "clerk"
REVIEWER: Final = "reviewer"
DECIDER: Final = "decider"
CHECKER: Final = "checker"
SUPERVISOR: Final = "supervisor"
EDITOR: Final = "editor"
HELPER: Final = "helper"
PAYER: Final = "payer"
SYSTEM_ADMIN: Final = "system_admin"
SECURITY_ADMIN: Final = "security_admin"
AUDITOR: Final = "auditor"

NAMES: Final[dict[str, str]] = {
    CLERK: "窗口人员",
    REVIEWER: "审查人员",
    DECIDER: "决定人",
    CHECKER: "协查人员",
    SUPERVISOR: "监督人员",
    EDITOR: "事项编辑",
    HELPER: "代办员",
    PAYER: "财务支付人员",
    SYSTEM_ADMIN: "系统管理员",
    SECURITY_ADMIN: "安全管理员",
    AUDITOR: "审计管理员",
}
# What a colleague may do for somebody on leave; money, supervision and administration are stood in for by nobody.
PASSED_ON: Final = frozenset({CLERK, REVIEWER, DECIDER, CHECKER})
# Whoever works on one side of a case stands in only for colleagues on that side.
SIDES: Final = (frozenset({REVIEWER, DECIDER, CHECKER}), frozenset({CLERK}))
ALL: Final = frozenset(NAMES)
