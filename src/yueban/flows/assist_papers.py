"""What a person takes home from the desk: the slip, the large-print sheet, and the mandate to be signed."""

import json
import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.utils import timezone

from yueban.cases import selectors as cases_read
from yueban.cases.choices import ENDED
from yueban.cases.models import BundleApplication, BundleCase, Case
from yueban.cases.selectors import AnyApplication
from yueban.catalogue import selectors as catalogue
from yueban.documents.services import PAD, Code, Slip, SlipKind, print_slip
from yueban.flows import assist, find_person
from yueban.kernel import clock, money
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid
from yueban.kernel.reference import Reference
from yueban.parties import selectors as parties
from yueban.parties.choices import PartyKind, Power
from yueban.parties.errors import MandateUnsigned
from yueban.payments import selectors as payments
from yueban.payments.choices import OrderState
from yueban.ratings import selectors as ratings

HOTLINE = "12345"
MOST_POINTS = 4000
LEAST_INK = 60.0  # a dot or a slip of the pen is no signature
BLANK = "　" * 12
FOR_A_PERSON = (
    "我委托上述代办员代我办理上述事项。我提供的情况和材料是真实的，办理的结果由我承担。",
    "代办员不代我作承诺、不代收款项、不改收款账户；代办不收任何费用。",
    "以上内容已经读给我听，我听明白了。",
)
FOR_A_COMPANY = (
    "我单位委托上述经办人到政务服务窗口办理上述事项。提供的情况和材料是真实的，办理的结果由我单位承担。",
    "请加盖单位公章，并由法定代表人签名。",
)
Strokes = tuple[tuple[tuple[float, float], ...], ...]


def case_slip(actor: Actor, number: str, kind: SlipKind) -> bytes:
    """The slip of a case handed in at this desk, as it stands now."""
    case = cases_read.get_case(actor, number)
    step = cases_read.next_step(case)
    handed_in = timezone.localtime(case.applied_at)
    facts = [
        ("办什么", case.item_name),
        ("给谁办", case.applicant_name),
        ("哪天交的", f"{clock.written(handed_in.date())} {handed_in:%H:%M}"),
        ("编号", case.number),
    ]
    facts += [*_by_whom(case), *_paid(case)]
    version = case.item_version
    facts.append(("按哪版标准", f"第{version.number}版，指纹 {version.content_hash[:8]}"))
    return print_slip(
        kind,
        Slip(
            title="办理结果" if case.state in ENDED else "收件凭证",
            agency=case.intake_agency.name,
            facts=tuple(facts),
            next=step.sentence,
            phone=case.intake_agency.phone or HOTLINE,
            codes=_codes(case, may_rate=assist.may_assist(actor, case)),
        ),
    )


def _by_whom(found: Case | BundleCase) -> list[tuple[str, str]]:
    if found.assisted_by is None:
        return []
    return [("经手人", f"{found.assisted_by.name}（{found.intake_agency.short_name}）")]


def bundle_slip(actor: Actor, number: str, kind: SlipKind) -> bytes:
    """The slip of a whole 一件事: every item with its number and how it stands, and what happens next."""
    found = cases_read.get_bundle_case(actor, number)
    views = cases_read.child_views([found])[found.pk]
    handed_in = timezone.localtime(found.submitted_at)
    items = [
        (f"第{place}项", f"{view.name}（{view.agency}）：{view.word}{_numbered(view)}")
        for place, view in enumerate(views, 1)
    ]
    version = found.bundle_version
    site = settings.YUEBAN_PUBLIC_URL.rstrip("/")
    return print_slip(
        kind,
        Slip(
            title="一件事办理结果" if found.ended_at else "一件事收件凭证",
            agency=found.intake_agency.name,
            facts=(
                ("办什么", f"{found.name}（{len(views)}项一次办）"),
                ("给谁办", found.applicant_name),
                ("哪天交的", f"{clock.written(handed_in.date())} {handed_in:%H:%M}"),
                ("编号", found.number),
                *items,
                *_by_whom(found),
                ("按哪版标准", f"第{version.number}版，指纹 {version.content_hash[:8]}"),
            ),
            next=cases_read.bundle_sentence(found, views),
            phone=found.intake_agency.phone or HOTLINE,
            codes=tuple(
                Code(f"{site}/r/case/{view.case.number}", f"扫码看“{view.name}”的进度")
                for view in views[:1]
                if view.case is not None
            ),
        ),
    )


def _numbered(view: cases_read.ChildView) -> str:
    return f"，编号{view.case.number}" if view.case is not None else ""


def _paid(case: Case) -> list[tuple[str, str]]:
    """How much money, and where it went or will go."""
    rows = []
    for order in payments.orders_of(Reference("case", case.number)).exclude(state=OrderState.CANCELLED):
        where = f"尾号{order.account_tail}的账户"
        if order.state == OrderState.PAID and order.ended_at:
            day = timezone.localtime(order.ended_at).date()
            where = f"{where}，{clock.written(day)}到账"
        rows += [("给多少钱", money.to_text(order.amount)), ("打到哪里", where)]
    return rows


def _codes(case: Case, *, may_rate: bool) -> tuple[Code, ...]:
    """The code to rate by stands only on what the desk prints for the person, not on a colleague's copy."""
    site = settings.YUEBAN_PUBLIC_URL.rstrip("/")
    follow = Code(f"{site}/r/case/{case.number}", "扫码看进度，不用登录")
    service = ratings.find_service(Reference("case", case.number)) if may_rate else None
    return (follow, Code(f"{site}/rate/{service.code}", "扫码评价，不用登录")) if service else (follow,)


def mandate_sheet(
    actor: Actor, number: str, *, powers: Sequence[str], ends_on: date, strokes: Strokes = ()
) -> bytes:
    """The 授权委托书 for what a draft asks for: to be printed and signed, or with the strokes drawn on the pad."""
    application = assist.open_draft(actor, number)
    party, post = application.party, assist.post_of(actor)
    named = "、".join(str(Power(power).label) for power in powers)
    today = clock.today()
    place = find_person.place_of(party)
    is_company = party.kind == PartyKind.ENTERPRISE
    number_of = "统一社会信用代码" if is_company else "身份证号"
    agent = f"{actor.name}（代办员，{post.agency_name}）"
    slip = Slip(
        title="授权委托书",
        agency=post.agency_name,
        facts=(
            ("委托人", party.name),
            (number_of, parties.id_number_of(party)),
            *(() if is_company else (("住址", place or "—"),)),
            ("受托人", BLANK if is_company else agent),
            *((("身份证号", BLANK),) if is_company else ()),
            ("委托事项", _asked(application)),
            ("委托权限", named),
            ("委托期限", f"{clock.written(today)}至{clock.written(ends_on)}"),
        ),
        paragraphs=FOR_A_COMPANY if is_company else FOR_A_PERSON,
        strokes=strokes,
    )
    return print_slip(SlipKind.MANDATE, slip)


def _asked(application: AnyApplication) -> str:
    """What the mandate is for: the item, or the 一件事 with each of its items."""
    if not isinstance(application, BundleApplication):
        return application.title
    asked = cases_read.asked_items(application)
    behind = catalogue.item_versions_of(application.bundle_version).values()
    names = dict.fromkeys(version.name for version in behind if version.item.key in asked)
    return f"{application.title}：{'、'.join(names)}"


def read_strokes(text: str) -> Strokes:
    """What was drawn on the pad; raises MandateUnsigned where that is no signature, Invalid where it is no drawing."""
    try:
        drawn = json.loads(text or "[]")
        strokes = tuple(tuple((_within(x, 0), _within(y, 1)) for x, y in stroke) for stroke in drawn)
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        raise Invalid.of_fields({"pad": "手写板的内容没有读懂，请清除后重新签名。"}) from error
    if sum(len(stroke) for stroke in strokes) > MOST_POINTS:
        raise Invalid.of_fields({"pad": "手写板的笔画太多，请清除后重新签名。"})
    if sum(map(_length, strokes)) < LEAST_INK:
        message = "手写板上还没有签名。请委托人在方框里写上姓名。"
        raise MandateUnsigned(message, data={"fields": {"pad": message}})
    return strokes


def _within(value: Any, axis: int) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(value)
    return min(max(number, 0.0), float(PAD[axis]))


def _length(stroke: Sequence[tuple[float, float]]) -> float:
    return sum(math.dist(a, b) for a, b in pairwise(stroke))
