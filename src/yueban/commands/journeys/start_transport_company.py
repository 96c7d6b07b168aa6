"""开办运输企业: a company applies once, three departments work at the same time, one refuses, the rest stands.

Over real HTTP, through the pages as people see them. No step waits for days to pass.
"""

import json
import re
from typing import Any

from yueban.commands.visitor import Page, Visitor
from yueban.commands.walking import (
    Journey,
    Progress,
    StepFailed,
    done,
    expect,
    finish_task,
    grant,
    number_in,
    paper,
    savings_of,
    verify_chain,
    wait_for,
)

BUNDLE = "start-transport-company"
DIVISION = "330602000000"
ANSWERS = {
    "licensed": "yes",
    "vehicle_mass": "heavy",
    "cargo_kind": "general",
    "vehicle_readiness": "owned",
    "confirmed": "no",
    "invoices": "yes",
    "staff": "yes",
    "registered": "no",
}
FORM: dict[str, str | list[str]] = {
    "freight.scope": ["general"],
    "taxsetup.accounting": "own",
    "taxsetup.invoice_count": "20",
    "contact.id_type": "resident_id",
    "contact.name": "陈示例",
    "contact.id_number": "99999919850316001X",
    "contact.phone": "13800000001",
    "vehicles-0-vehicle.plate": "浙D00001",
    "vehicles-0-vehicle.type": "heavy_truck",
    "vehicles-0-vehicle.gross_mass": "18",
    "vehicles-0-vehicle.inspection_valid_until": "2027-06-30",
    "drivers-0-driver.name": "孙驾驶",
    "drivers-0-driver.id_number": "999999198806120058",
    "drivers-0-driver.qualification_number": "999999198806120058",
    "insured-0-empins.employee_name": "孙驾驶",
    "insured-0-empins.employee_id": "999999198806120058",
    "insured-0-empins.start_on": "2026-11-01",
    "insured-0-empins.base": "5000",
    "delivery.method": "window",
}
# Item, department, who reviews, who decides.
DEPARTMENTS = (
    ("道路普通货物运输经营许可", "交通运输局", "reviewer-zheng", "decider-chu"),
    ("新办纳税人税务信息确认", "税务局", "reviewer-fan", "decider-xie"),
    ("用人单位社会保险登记", "社保中心", "reviewer-peng", "decider-lei"),
)
CHECKERS = (("公安交管", "checker-wei"), ("从业资格登记机构", "checker-jiang"))
WHY = "停车场地证明与现场不符，不符合道路运输条例第二十一条规定的条件。"


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json."""
    del is_private  # no step of this journey waits for days to pass
    journey = Journey(base_url, progress)
    result: dict[str, Any] = {"cases": [], "certificates": [], "documents": [], "audit_verified": False}
    try:
        result["savings"] = _guide(journey)
        _apply(journey)
        children = _children(journey)
        result["cases"] = [journey.number, *children.values()]
        result["parallel_tasks"] = _at_the_same_time(journey, children)
        _refuse(journey, children)
        _grant_the_rest(journey, children)
        result["refused"], result["stood"] = _explained(journey)
        _verify(journey, children, result)
    except StepFailed as error:
        progress(str(error))
    ok = not journey.has_failed and bool(result["audit_verified"])
    return {"journey": BUNDLE, "ok": ok, "steps": journey.steps, "result": result}


def _guide(journey: Journey) -> dict[str, dict[str, str]]:
    with journey.step("搜索“开货运公司”，找到一件事，看合起来办省了什么", "企业", "portal"):
        anyone = Visitor(journey.base_url)
        found = anyone.get("/search?q=%E5%BC%80%E8%B4%A7%E8%BF%90%E5%85%AC%E5%8F%B8")
        expect(anyone.get(found.link_to(f"/bundles/{BUNDLE}/")), 200, "分开办合计")
    return savings_of(journey, BUNDLE)


def _apply(journey: Journey) -> None:
    owner = journey.as_person("chen")
    with journey.step("回答情形问题，每个只问一次", "企业", "portal"):
        page = owner.get(f"/bundles/{BUNDLE}/questions?division={DIVISION}")
        for question, answer in ANSWERS.items():
            form = next(f for f in page.forms if question in f.choices)
            page = expect(owner.send(page, form, {question: answer}), 200)
    with journey.step("一张表填好三件", "企业", "portal"):
        form = page.form_to("/start")
        # Himself first, then his company.
        page = expect(owner.send(page, form, {"apply.party": form.choices["apply.party"][-1]}), 200)
        address = page.address
        form = next(f for f in page.forms if "contact.phone" in f.names)
        page = expect(owner.send(page, form, FORM), 200)
        if not page.address.rstrip("/").endswith("/materials"):
            raise StepFailed("表单没有通过")
    with journey.step("材料只交一次，核对后一次提交", "企业", "portal"):
        while missing := [f for f in page.forms if f.files and _is_open(_block_of(page, f.action))]:
            upload = missing[0]
            page = expect(owner.send(page, upload, files={"file": ("材料.pdf", paper(upload.action))}), 200)
        page = expect(owner.get(f"{address}preview"), 200)
        agreed = next(f for f in page.forms if "agreed" in f.names)
        page = expect(owner.send(page, agreed, {"agreed": "1"}), 200, "已经提交")
        journey.number = number_in(page)


def _is_open(block: str) -> bool:
    """Whether it waits for a paper: one that could be promised may be handed in as well."""
    return "待上传" in block or "待承诺或上传" in block


def _block_of(page: Page, action: str) -> str:
    """The source of the card that holds the upload form, to see whether it is still waited for."""
    before = page.text.partition(f'action="{action}"')[0]
    return before[before.rfind('id="m-') :]


def _children(journey: Journey) -> dict[str, str]:
    """The numbers of the three cases by item, after the window took all of it in."""
    clerk, owner = journey.as_person("clerk-zhou"), journey.as_person("chen")
    with journey.step("窗口一次收件、一并受理", "窗口", "desk"):
        page = expect(clerk.get(f"/desk/bundle-cases/{journey.number}/"), 200)
        done(clerk.send(page, page.form_to("/receive")))
    with journey.step("三个部门各有一件", "企业", "portal"):
        page = expect(owner.get(f"/my/bundles/{journey.number}/"), 200)
        rows = re.findall(r'href="/my/cases/(\d{23})/"><b>([^<]+)</b>', page.text)
        found = {name: number for number, name in rows}
        missing = [item for item, *_ in DEPARTMENTS if item not in found]
        if missing:
            raise StepFailed(f"没有开始：{'、'.join(missing)}")
    return found


def _at_the_same_time(journey: Journey, children: dict[str, str]) -> int:
    """How many people have work of it at the same moment."""
    workers = [(agency, who, children[DEPARTMENTS[0][0]]) for agency, who in CHECKERS]
    workers += [(agency, who, children[item]) for item, agency, who, _ in DEPARTMENTS]
    with journey.step("三个部门和两个协查单位同时收到待办", "各部门", "desk"):
        for _agency, who, number in workers:
            expect(journey.as_person(who).get("/desk/"), 200, number)
    return len(workers)


def _refuse(journey: Journey, children: dict[str, str]) -> None:
    item, agency, reviewer, decider = DEPARTMENTS[0]
    parent, journey.number = journey.number, children[item]
    for checking, who in CHECKERS:
        with journey.step("核查", checking, "desk"):
            finish_task(journey, journey.as_person(who), "check")
    with journey.step("许可审查", agency, "desk"):
        finish_task(journey, journey.as_person(reviewer), "approve")
    with journey.step("不予许可，写明理由", agency, "desk"):
        person = journey.as_person(decider)
        page = expect(person.get(f"/desk/cases/{journey.number}/?act=refuse"), 200)
        done(person.send(page, page.form_to("/refuse"), {"reason": WHY}))
    journey.number = parent


def _grant_the_rest(journey: Journey, children: dict[str, str]) -> None:
    parent = journey.number
    for item, agency, reviewer, decider in DEPARTMENTS[1:]:
        journey.number = children[item]
        with journey.step("审核", agency, "desk"):
            finish_task(journey, journey.as_person(reviewer), "approve")
        with journey.step("办结", agency, "desk"):
            grant(journey, journey.as_person(decider))
    journey.number = parent


def _explained(journey: Journey) -> tuple[list[str], list[str]]:
    """What was refused and what stands, as the parent's page tells it."""
    owner = journey.as_person("chen")
    with journey.step("部分办结：谁没有批准、为什么、接下来怎么办，其余照样有效", "企业", "portal"):
        page = expect(owner.get(f"/my/bundles/{journey.number}/"), 200, "部分办结")
        for words in (WHY, "行政复议", "重新申请", "办成的仍然有效"):
            if words not in page.text:
                raise StepFailed(f"页面上没有说“{words}”")
        rows = re.findall(r"<li class=\"line matter\">(.*?)</li>", page.text, re.DOTALL)
        refused = [item for item, *_ in DEPARTMENTS if any(item in r and "未准予" in r for r in rows)]
        stood = [item for item, *_ in DEPARTMENTS if any(item in r and "已办成" in r for r in rows)]
        if refused != [DEPARTMENTS[0][0]] or len(stood) != 2:
            raise StepFailed(f"未准予{refused}，办成{stood}")
        draft = expect(owner.send(page, page.form_to("/again/")), 200, "13800000001")
        if "/apply/" not in draft.address:
            raise StepFailed("没有打开补办的申请表")
    return refused, stood


def _verify(journey: Journey, children: dict[str, str], result: dict[str, Any]) -> None:
    owner, supervisor = journey.as_person("chen"), journey.as_person("supervisor-shen")
    with journey.step("任何人扫码查验每一件的决定文书", "任何人", "portal"):
        for item, number in children.items():
            codes = _codes_of(owner, number)
            for code in codes:
                answer = json.loads(Visitor(journey.base_url).get(f"/api/v1/verify/{code}").body)
                if not answer.get("is_genuine"):
                    raise StepFailed(f"{item}的文书没有验到")
                result["documents"].append(answer["number"])
    with journey.step("外人看不到这件一件事", "另一家企业", "portal"):
        expect(journey.as_person("wang").get(f"/my/bundles/{journey.number}/"), 404)
    with journey.step("验证三件办件的记录没有被改过", "监督人员", "desk"):
        parent = journey.number
        for number in children.values():
            journey.number = number
            result["audit_verified"] = verify_chain(journey, supervisor)
        journey.number = parent


def _codes_of(owner: Visitor, number: str) -> list[str]:
    """The codes of a case's receipt, acceptance and decision once the worker has made every PDF."""

    def look() -> list[str] | None:
        page = expect(owner.get(f"/my/cases/{number}/"), 200)
        links = dict.fromkeys(link for link, _ in page.links if "/documents/" in link)
        codes = [link.rstrip("/").rpartition("/")[2] for link in links]
        return codes if len(codes) >= 3 else None

    return wait_for("决定文书", look)
