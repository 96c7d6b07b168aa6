"""开办运输企业: a company applies once, three departments work at the same time, one refuses, the rest stands.

Then a founder without a licence: the company is registered first, and its licence fills what follows in its name.
Over real HTTP, through the pages as people see them. No step waits for days to pass.
"""

import json
import re
from collections.abc import Mapping
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

Fields = dict[str, str | list[str]]
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
FORM: Fields = {
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
        founder_walk(journey, result)
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
    # Himself first, then his company.
    _hand_in(journey, journey.as_person("chen"), "企业", ANSWERS, FORM, party=-1)


def _hand_in(
    journey: Journey, owner: Visitor, who: str, answers: Mapping[str, str], filled: Fields, *, party: int
) -> None:
    """Questions, form, materials, submit; `party` is the place of the applicant among those he may choose."""
    with journey.step("回答情形问题，每个只问一次", who, "portal"):
        page = owner.get(f"/bundles/{BUNDLE}/questions?division={DIVISION}")
        left = dict(answers)
        while asked := [(f, name) for f in page.forms for name in f.choices if name in left]:
            form, question = asked[0]
            page = expect(owner.send(page, form, {question: left.pop(question)}), 200)
    with journey.step("一张表填好", who, "portal"):
        form = page.form_to("/start")
        chosen = form.choices.get("apply.party")
        page = expect(owner.send(page, form, {"apply.party": chosen[party]} if chosen else {}), 200)
        address = page.address
        form = next(f for f in page.forms if "contact.phone" in f.names)
        page = expect(owner.send(page, form, filled), 200)
        if not page.address.rstrip("/").endswith("/materials"):
            raise StepFailed("表单没有通过")
    with journey.step("材料只交一次，核对后一次提交", who, "portal"):
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
        found = _begun_cases(page)
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
    item, agency, _reviewer, decider = DEPARTMENTS[0]
    parent, journey.number = journey.number, children[item]
    _look_through_the_permit(journey)
    with journey.step("不予许可，写明理由", agency, "desk"):
        person = journey.as_person(decider)
        page = expect(person.get(f"/desk/cases/{journey.number}/?act=refuse"), 200)
        done(person.send(page, page.form_to("/refuse"), {"reason": WHY}))
    journey.number = parent


def _look_through_the_permit(journey: Journey) -> None:
    _item, agency, reviewer, _decider = DEPARTMENTS[0]
    for checking, who in CHECKERS:
        with journey.step("核查", checking, "desk"):
            finish_task(journey, journey.as_person(who), "check")
    with journey.step("许可审查", agency, "desk"):
        finish_task(journey, journey.as_person(reviewer), "approve")


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


COMPANY, ADDRESS = "样例货运有限公司", "绍兴市越城区样例路9号（演示地址）"
FOUNDER, FOUNDER_ID = "赵样例", "999999196805070045"
REGISTRATION = ("公司设立登记", "市场监管局", "reviewer-hua", "decider-yun")
TO_REGISTER = {"licensed": "no", "company_type": "limited", "foreign": "no", "preapproval": "no"}
NEW_COMPANY: Fields = FORM | {
    "contact.name": FOUNDER,
    "contact.id_number": FOUNDER_ID,
    "contact.phone": "13800000003",
    "company.proposed_name": COMPANY,
    "company.registered_capital": "500000",
    "company.industry": "G5430",
    "enterprise.scope": "许可项目：道路货物运输（不含危险货物）",
    "premises.division": DIVISION,
    "premises.address": ADDRESS,
    "shareholders-0-shareholder.name": FOUNDER,
    "shareholders-0-shareholder.id_type": "resident_id",
    "shareholders-0-shareholder.id_number": FOUNDER_ID,
    "shareholders-0-shareholder.subscribed": "500000",
    "shareholders-0-shareholder.due_on": "2030-12-31",
    "officers-0-officer.post": "legal_representative",
    "officers-0-officer.name": FOUNDER,
    "officers-0-officer.id_number": FOUNDER_ID,
    "officers-0-officer.phone": "13800000003",
}
CODE = re.compile(r"91999999[0-9A-Z]{10}")


def founder_walk(journey: Journey, result: dict[str, Any]) -> None:
    """The second walk: 还没有，一起办. What the licence says flows into three more cases of the new company."""
    founder = journey.as_person("zhao")
    answers = ANSWERS | TO_REGISTER | {"premises": "rented"}
    _hand_in(journey, founder, "创办人", answers, NEW_COMPANY, party=0)
    parent = journey.number
    registration = _registered(journey, founder)
    journey.number = parent
    children = _begun(journey, founder)
    flowed = _flowed(journey, founder, children)
    result["cases"] += [parent, registration, *children.values()]
    result["founded"] = {"enterprise": COMPANY, "fields_flowed": flowed, "cases_begun": len(children)}
    journey.number = children[DEPARTMENTS[0][0]]
    _look_through_the_permit(journey)
    with journey.step("准予新公司的许可", DEPARTMENTS[0][1], "desk"):
        grant(journey, journey.as_person(DEPARTMENTS[0][3]))
    journey.number = parent
    _grant_the_rest(journey, children)
    with journey.step("全部办结", "创办人", "portal"):
        expect(founder.get(f"/my/bundles/{parent}/"), 200, "全部办结")


def _registered(journey: Journey, founder: Visitor) -> str:
    """The number of the registration once it is granted: what waits has no number before."""
    clerk, parent = journey.as_person("clerk-zhou"), journey.number
    item, agency, reviewer, decider = REGISTRATION
    with journey.step("窗口一次收件，登记先受理", "窗口", "desk"):
        page = expect(clerk.get(f"/desk/bundle-cases/{parent}/"), 200)
        done(clerk.send(page, page.form_to("/receive")))
    with journey.step("后面三件等登记的结果", "创办人", "portal"):
        begun = _begun_cases(expect(founder.get(f"/my/bundles/{parent}/"), 200))
        if list(begun) != [item]:
            raise StepFailed(f"已经开始：{'、'.join(begun)}")
        journey.number = begun[item]
    with journey.step("形式审查", agency, "desk"):
        finish_task(journey, journey.as_person(reviewer), "approve")
    with journey.step("准予登记，发营业执照", agency, "desk"):
        grant(journey, journey.as_person(decider))
    return journey.number


def _begun_cases(page: Page) -> dict[str, str]:
    rows = re.findall(r'href="/my/cases/(\d{23})/"><b>([^<]+)</b>', page.text)
    return {name: number for number, name in rows}


def _begun(journey: Journey, founder: Visitor) -> dict[str, str]:
    with journey.step("新公司出现在“为谁办事”里", "创办人", "portal"):
        expect(founder.get("/my/standing"), 200, COMPANY)
    with journey.step("登记以后三件自己开始，已经受理", "创办人", "portal"):
        begun = _begun_cases(expect(founder.get(f"/my/bundles/{journey.number}/"), 200))
        missing = [item for item, *_ in DEPARTMENTS if item not in begun]
        if missing:
            raise StepFailed(f"没有开始：{'、'.join(missing)}")
    return {item: begun[item] for item, *_ in DEPARTMENTS}


def _flowed(journey: Journey, founder: Visitor, children: Mapping[str, str]) -> int:
    """How many fields of the licence stand in the form of every one of the three."""
    with journey.step("执照上的名称、代码、法定代表人、住所带入三件", "创办人", "portal"):
        pages = [expect(founder.get(f"/my/cases/{number}/"), 200).text for number in children.values()]
        codes = {code for page in pages for code in CODE.findall(page)}
        if len(codes) != 1:
            raise StepFailed(f"信用代码：{'、'.join(sorted(codes))}")
        flowed = [
            value for value in (COMPANY, *codes, FOUNDER, ADDRESS) if all(value in page for page in pages)
        ]
        if len(flowed) != 4:
            raise StepFailed(f"只带入了：{'、'.join(flowed)}")
    return len(flowed)
