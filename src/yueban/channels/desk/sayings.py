"""What the kinds of events mean in words, for whoever reads the audit."""

from yueban.cases.choices import CaseEvent

SAID = {
    **dict(CaseEvent.choices),
    "sign_in": "登录",
    "sign_out": "退出",
    "session_ended": "登录结束",
    "second_factor_confirmed": "绑定验证器",
    "recovery_code_used": "使用恢复码",
    "account_created": "建立账号",
    "account_reset": "重置密码和验证器",
    "account_unlocked": "解除锁定",
    "account_deactivated": "停用账号",
    "account_locked": "账号锁定",
    "post_asked": "申请授岗",
    "post_end_asked": "申请收岗",
    "post_approved": "复核同意",
    "post_refused": "复核不同意",
    "post_given": "授岗",
    "post_ended": "收岗",
    "export": "导出",
    "audit_exported": "导出审计记录",
    "oversee": "督办",
    "oversee_answered": "督办反馈",
    "oversee_closed": "督办销号",
    "asked": "监察督办",
    "answered": "监察反馈",
    "closed": "监察销号",
}


def said_of(kind: str) -> str:
    """The Chinese word for a kind, or the kind itself where it has none."""
    return SAID.get(kind, kind)
