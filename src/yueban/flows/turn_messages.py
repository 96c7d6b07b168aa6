"""Messages to the applicant about the turns off the straight way: what happened, and what he may do."""

from datetime import date

from yueban.cases.models import Case, CaseMaterial, Hearing, SpecialProcedure
from yueban.flows.message_texts import tell


def accepted_tolerantly(case: Case, owed: list[CaseMaterial]) -> None:
    """Accepted, and what is still to come until when."""
    names, until = "、".join(row.name for row in owed), _day(owed[0].owed_until)
    text = f"“{case.item_name}”已容缺受理，请在{until}前补交：{names}。补齐之前不作决定。"
    tell(case, "tolerated", "已受理，请补交材料", text[:500], needs_action=True)


def owed_supplied(case: Case) -> None:
    """All that was owed has come."""
    tell(case, "owed_supplied", "材料已补齐", f"“{case.item_name}”容缺的材料已补齐，接着办理。")


def owed_lapsed(case: Case) -> None:
    """The promise was not kept."""
    text = f"“{case.item_name}”容缺的材料没有按期补交，已终止办理。材料备齐后，可以重新申请。"
    tell(case, "owed_lapsed", "已终止办理", text)


def suspended(case: Case, procedure: SpecialProcedure) -> None:
    """Why the days stand still, and for how long."""
    text = (
        f"“{case.item_name}”需要进行{procedure.name}，计划{procedure.planned_days}个工作日，"
        f"到{_day(procedure.planned_end_on)}为止；这段时间不计入办理期限。见《特殊程序审查期限告知书》。"
    )
    tell(case, f"suspended-{procedure.pk}", f"开始{procedure.name}", text)


def resumed(case: Case, procedure: SpecialProcedure) -> None:
    """The days count on."""
    until = f"，新的承诺办结日期是{_day(case.promised_on)}" if case.promised_on else ""
    text = f"“{case.item_name}”的{procedure.name}已结束，办理期限接着计算{until}。"
    tell(case, f"resumed-{procedure.pk}", f"{procedure.name}已结束", text)


def extended(case: Case) -> None:
    """By how long, and that the reasons stand on paper."""
    until = f"，延至{_day(case.promised_on)}" if case.promised_on else ""
    text = f"“{case.item_name}”的办理期限经批准延长一次{until}，理由见《延长办理期限通知书》。"
    tell(case, "extended", "办理期限已延长", text)


def hearing_told(case: Case, hearing: Hearing) -> None:
    """He may ask to be heard."""
    text = f"“{case.item_name}”作出决定之前，您有权要求听证，请在{_day(hearing.ask_until)}前提出。"
    tell(case, f"hearing-{hearing.pk}", "您可以要求听证", text, needs_action=True)


def hearing_announced(case: Case, hearing: Hearing) -> None:
    """When and where he is heard."""
    text = f"“{case.item_name}”的听证时间和地点已定：{hearing.place}，见《听证通知书》。"
    tell(case, f"hearing-day-{hearing.pk}-{hearing.held_at}"[:60], "听证通知", text, needs_action=True)


def revoked(case: Case, word: str) -> None:
    """What was granted has ended; why and where to turn stands on paper."""
    text = f"“{case.item_name}”准予的结果已被{word}，理由和救济途径见《{word}决定书》。"
    tell(case, "revoked", f"已{word}", text)


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else "期满"
