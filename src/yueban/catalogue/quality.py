"""数据质量规则: what a sound standard may still get wrong: Q01-Q18 (Q17: same_standard.py), Q19 is our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yueban.catalogue.preparation import Prepared
from yueban.catalogue.standard import ItemStandard
from yueban.catalogue.workdays import workdays
from yueban.kernel.codes import item_codes
from yueban.kernel.codes.errors import CodeError
from yueban.kernel.codes.profiles import Profile

PERMIT = "01"
IMMEDIATE, PROMISED = "1", "2"
BY_POST = "4"
ISSUED_BY_GOVERNMENT = "20"
ENTRUSTED = "3"
# 兜底条款: words that let a clerk ask for anything.
CATCH_ALL = re.compile(
    r"其[他它](有关|相关|必要的?)?(的)?(申请)?(材料|资料|证明|文件)|需要提(供|交)的其[他它]|法律法规(规定|需要)的?其[他它]"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A quality rule that an item breaks; ``field`` names where, ``message`` what and what to do."""

    rule: str
    item: str
    field: str
    message: str


def check_quality(standard: ItemStandard, *, area_code: str = "") -> list[Finding]:
    """What the rules find in a standard; ``area_code`` is the city's, for telephone numbers (Q08)."""
    found = [
        *_handling(standard),
        *_visits(standard),
        *_fee(standard),
        *_phones(standard, area_code),
        *_targets(standard),
        *_permit(standard),
        *_limits(standard),
        *_materials(standard),
        *_entrustment(standard),
        *_result(standard),
        *_offerings(standard),
    ]
    return [Finding(rule, standard.key, field, message) for rule, field, message in found]


def check_code(prepared: Prepared) -> list[Finding]:
    """Q16: agency, level and 基本编码 inside the 实施编码 agree with their own fields."""
    try:
        item_codes.check_implementation(
            prepared.compiled.guide.task_code,
            level=prepared.agency.level,
            agency_uscc=prepared.agency.uscc,
            basic=prepared.standard.catalog_code,
            profile=Profile.DEMO,
        )
    except CodeError as error:
        return [Finding("Q16", prepared.standard.key, "catalog_code", str(error))]
    return []


Found = Iterator[tuple[str, str, str]]


def _handling(standard: ItemStandard) -> Found:
    is_immediate = standard.handling == IMMEDIATE and standard.review_mode == "即审即办"
    if (standard.promised.amount == 0) != is_immediate:
        yield (
            "Q01",
            "promised",
            "承诺时限为即办(0)的，应是即办件且即审即办；反之也一样。请核对 handling 和 review_mode。",
        )
    is_promised = standard.handling == PROMISED and standard.review_mode == "前审后批"
    if standard.promised.amount != 0 and not is_promised:
        yield "Q02", "handling", "承诺时限不是即办的，应是承诺件且前审后批。请核对 handling 和 review_mode。"


def _visits(standard: ItemStandard) -> Found:
    count, reason = standard.visits.count, (standard.visits.reason or "").strip()
    if count > 0 and not reason:
        yield "Q04", "visits.reason", "要到现场的，应写明必须现场办理的原因。"
    if count == 0 and reason not in {"", "无"}:
        yield "Q04", "visits.reason", "不用到现场的，不应写现场办理原因。"
    if count == 0 and not standard.online.available and BY_POST not in standard.handling_forms:
        yield "Q05", "handling_forms", "不到现场又不能网办的，办理形式应含快递申请(4)。"
    if standard.online.depth == "IV" and count != 0:
        yield "Q06", "online.depth", "网办深度为IV(全程网办)的，到现场次数应为0。"


def _fee(standard: ItemStandard) -> Found:
    fee = standard.fee
    if fee.charged:
        if not fee.basis:
            yield "Q07", "fee.basis", "收费的，应写明收费依据。"
        if not fee.items:
            yield "Q07", "fee.items", "收费的，应列出收费项目和标准。"
    elif fee.pay_online:
        yield "Q07", "fee.pay_online", "不收费的，不应支持网上支付。"


def _phones(standard: ItemStandard, area_code: str) -> Found:
    for field, contact in (("consult", standard.consult), ("supervise", standard.supervise)):
        phone = contact.phone or ""
        if not phone:
            yield "Q08", f"{field}.phone", "应写明电话。"
        elif area_code and not phone.startswith(area_code):
            yield "Q08", f"{field}.phone", f"电话“{phone}”应带区号 {area_code}。"
    if standard.consult.phone and standard.consult.phone == standard.supervise.phone:
        yield "Q08", "supervise.phone", "咨询电话和投诉电话不应相同。"


def _targets(standard: ItemStandard) -> Found:
    serves_person = "1" in standard.targets
    serves_others = bool(set(standard.targets) - {"1"})
    if serves_person != bool(standard.topics.person):
        yield "Q09", "topics.person", "服务对象含自然人的，应有面向自然人的主题；不含的，不应有。"
    if serves_others != bool(standard.topics.enterprise):
        yield "Q09", "topics.enterprise", "服务对象含法人或其他组织的，应有面向法人的主题；不含的，不应有。"


def _permit(standard: ItemStandard) -> Found:
    if standard.type != PERMIT:
        return
    if not standard.faq:
        yield "Q10", "faq", "行政许可至少应有1条常见问题。"
    kinds = {step.kind for step in standard.route}
    if "review" not in kinds or "decide" not in kinds:
        yield "Q11", "route", "行政许可的环节应包括审查和决定。"


def _limits(standard: ItemStandard) -> Found:
    if workdays(standard.promised) > workdays(standard.statutory):
        yield "Q13", "promised", "承诺时限不应长于法定时限。"


def _materials(standard: ItemStandard) -> Found:
    for i, material in enumerate(standard.materials):
        if CATCH_ALL.search(material.name):
            yield "Q14", f"materials[{i}].name", f"“{material.name}”是兜底条款。请写明究竟要哪些材料。"
        is_candidate = material.necessity == "1" and material.source == ISSUED_BY_GOVERNMENT
        ways = {way.way for way in material.satisfy} - {"upload"}
        if is_candidate and not ways and not material.no_exemption_reason:
            yield (
                "Q15",
                f"materials[{i}].satisfy",
                f"“{material.name}”由政府部门核发，应写明免提交的方式，或写明不能免的理由(no_exemption_reason)。",
            )


def _entrustment(standard: ItemStandard) -> Found:
    if standard.agency_nature == ENTRUSTED and not standard.entrusted_by:
        yield "Q18", "entrusted_by", "受委托组织实施的，应写明委托部门。"


def _result(standard: ItemStandard) -> Found:
    name, kind = standard.result.name, standard.result.type
    if name.endswith("证") and kind != "10":
        yield "Q03", "result.type", f"“{name}”是证照，结果类型应为10。"
    if name.endswith(("批复", "决定书", "通知书")) and kind == "10":
        yield "Q03", "result.type", f"“{name}”是批文，结果类型不应为10。"
    # A doubt noted under 待核 is no sample and no reason: what people are told must stand in the result itself.
    shown = standard.result.certificate_type or standard.result.sample or standard.result.no_sample_reason
    if not shown:
        yield (
            "Q12",
            "result.sample",
            f"结果“{name}”应附样本：写明证照类型（按证照类型的栏目给出样式）或样本；确实没有的，写明没有样本的理由。",
        )


def _offerings(standard: ItemStandard) -> Found:
    """Q19: whoever says where an item is handled says where it is handed in and where it ends."""
    acts = {offering.does for offering in standard.offerings}
    if acts and "intake" not in acts:
        yield "Q19", "offerings", "写了就近办理的，应写明哪一级受理(intake)。"
    if acts and "decide" not in acts:
        yield "Q19", "offerings", "写了就近办理的，应写明哪一级办结(decide)。"
