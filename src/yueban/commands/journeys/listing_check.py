"""企业上市合法合规信息核查: one application, more than twenty departments at once, one report on the third day.

One department reports a record, one does not answer in time: the report is issued all the same and states both. What
is recorded can be objected to, and repaired; what comes late stands beside the report.
"""

import re
from typing import Any

from yueban.commands.visitor import Form, Page, Visitor
from yueban.commands.walking import (
    Journey,
    Progress,
    StepFailed,
    act,
    done,
    expect,
    finish_task,
    grant,
    number_in,
    pass_days,
    savings_of,
    verify_chain,
    wait_for,
)

BUNDLE, DIVISION = "listing-check", "330600000000"
OWNER, HALL, BUREAU = "企业", "市政务服务中心窗口", "市发展改革委"
ANSWERS = {"here": "yes", "purpose": "ipo", "group": "no"}
FORM: dict[str, str | list[str]] = {
    "listing.from_on": "2023-11-01",
    "listing.until_on": "2026-10-31",
    "listing.agrees": "agreed",
    "contact.name": "陈示例",
    "contact.id_type": "resident_id",
    "contact.id_number": "99999919850316001X",
    "contact.phone": "13800000001",
}
DEPARTMENTS = (
    *("market-regulation", "taxation", "human-resources", "social-insurance", "medical-security"),
    *("housing-fund", "ecology", "emergency", "fire-rescue", "natural-resources", "housing-construction"),
    *("transport", "water", "agriculture", "commerce", "culture-tourism", "health", "urban-management"),
    *("public-security", "science-technology", "economy-it", "finance", "statistics", "meteorology", "press"),
)
RECORDING, LATE = "ecology", "meteorology"
RECORD = "2025年3月罚款2万元，文号演示罚〔2025〕1号，已缴纳，尚未修复。"
ANSWER_DAYS, PROMISED = 3, 3
CHILD_CASE = re.compile(r"/my/cases/(\d{23})/")


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json. Only a private instance lets the days pass."""
    journey = Journey(base_url, progress)
    result: dict[str, Any] = {"cases": [], "certificates": [], "documents": [], "audit_verified": False}
    counted: dict[str, Any] = {"parallel_tasks": 0, "days": 0, "records": [], "late": [], "savings": {}}
    try:
        _apply(journey, counted)
        _check(journey, counted)
        if is_private:
            _report(journey, counted)
            _object(journey)
            _late_answer(journey)
            _verify(journey, result)
        else:
            journey.wait(f"{ANSWER_DAYS}个工作日后没有答复的写明，以后的步骤要等", BUREAU, "desk")
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"] = [journey.number] if journey.number else []
    ok = not journey.has_failed and (result["audit_verified"] or not is_private)
    return {"journey": BUNDLE, "ok": ok, "steps": journey.steps, "result": result | counted}


def _apply(journey: Journey, counted: dict[str, Any]) -> None:
    with journey.step("指南写明从多少天到多少天", "任何人", "portal"):
        counted["savings"] = savings_of(journey, BUNDLE)
    owner = journey.as_person("chen")
    with journey.step("回答情形问题", OWNER, "portal"):
        page = owner.get(f"/bundles/{BUNDLE}/questions?division={DIVISION}")
        for question, answer in ANSWERS.items():
            page = expect(owner.send(page, _form_with(page, question), {question: answer}), 200)
    with journey.step("填写报告期，营业执照由系统调取", OWNER, "portal"):
        start = page.form_to("/start")
        page = expect(owner.send(page, start, _as_company(start)), 200)
        form = _form_with(page, "listing.from_on")
        page = expect(owner.send(page, form, FORM, button="go=next"), 200)
        if any(form.files for form in page.forms):
            raise StepFailed("还有材料要上传")
    with journey.step("核对并提交", OWNER, "portal"):
        number = page.address.rstrip("/").split("/")[-2]
        page = expect(owner.get(f"/apply/{number}/preview"), 200)
        page = expect(owner.send(page, _form_with(page, "agreed"), {"agreed": "1"}), 200)
        found = CHILD_CASE.search(page.text)
        journey.number = found.group(1) if found else number_in(page)
    with journey.step("收件并受理，当天开始核查", HALL, "desk"):
        clerk = journey.as_person("clerk-cheng")
        act(journey, clerk, "receive")
        act(journey, clerk, "accept")


def _form_with(page: Page, name: str) -> Form:
    found = next((form for form in page.forms if name in form.names), None)
    if found is None:
        raise StepFailed(f"{page.address} 上没有“{name}”")
    return found


def _as_company(form: Form) -> dict[str, str | list[str]]:
    """The company where one has to choose for whom."""
    offered = form.choices.get("apply.party", [])
    return {"apply.party": offered[-1]} if len(offered) > 1 and not form.fields.get("apply.party") else {}


def _check(journey: Journey, counted: dict[str, Any]) -> None:
    with journey.step(f"{len(DEPARTMENTS)}个部门同时收到待办", "各部门", "desk"):
        for department in DEPARTMENTS:
            expect(journey.as_person(f"records-{department}").get("/desk/"), 200, journey.number)
            counted["parallel_tasks"] += 1
    with journey.step("各部门答复：没有记录", "各部门", "desk"):
        for department in DEPARTMENTS:
            if department not in (RECORDING, LATE):
                _answer(journey, department, "no_record", "")
    with journey.step("一个部门答复：有记录，写明文号和是否修复", "市生态环境局", "desk"):
        _answer(journey, RECORDING, "has_record", RECORD)
        counted["records"].append(RECORDING)


def _answer(journey: Journey, department: str, answer: str, opinion: str) -> None:
    person = journey.as_person(f"records-{department}")
    page = expect(person.get(f"/desk/cases/{journey.number}/"), 200)
    form = page.form_to("/check")
    points: dict[str, str | list[str]] = dict.fromkeys(form.choices, answer)
    done(person.send(page, form, {**points, "opinion": opinion}, button="/check"))


def _report(journey: Journey, counted: dict[str, Any]) -> None:
    reviewer = journey.as_person("reviewer-lei")
    with journey.step(f"过了{ANSWER_DAYS}个工作日，一个部门没有答复", "演示时钟", "desk"):
        pass_days(reviewer, ANSWER_DAYS)
        counted["days"] = ANSWER_DAYS
        counted["late"].append(LATE)
    with journey.step("到期未答复的写明，汇总不用等", BUREAU, "desk"):
        expect(reviewer.get(f"/desk/cases/{journey.number}/"), 200, "到期未答复")
        finish_task(journey, reviewer, "approve")
    with journey.step(f"第{PROMISED}个工作日出具报告", BUREAU, "desk"):
        grant(journey, journey.as_person("decider-bian"))


def _object(journey: Journey) -> None:
    owner = journey.as_person("chen")
    with journey.step("报告页写明谁有记录、谁到期未答复，可以提异议和信用修复", OWNER, "portal"):
        page = expect(owner.get(f"/my/cases/{journey.number}/"), 200)
        for words in ("有记录", RECORD, "到期未答复", "信用修复", "提出数据异议"):
            expect(page, 200, words)
    with journey.step("对记录提出数据异议", OWNER, "portal"):
        page = expect(owner.get(page.link_to(f"/records/{RECORDING}/object")), 200)
        form = _form_with(page, "text")
        expect(owner.send(page, form, {"text": "罚款已经缴纳并完成整改，应写已修复。"}), 200)
    with journey.step("作记录的部门收到异议", "市生态环境局", "desk"):
        expect(journey.as_person(f"records-{RECORDING}").get("/desk/"), 200, "数据异议")


def _late_answer(journey: Journey) -> None:
    with journey.step("迟到的部门补充答复", "市气象局", "desk"):
        _answer(journey, LATE, "no_record", "")
    with journey.step("补充的答复写在报告旁边", OWNER, "portal"):
        page = journey.as_person("chen").get(f"/my/cases/{journey.number}/")
        expect(page, 200, "后来答复：无记录")


def _verify(journey: Journey, result: dict[str, Any]) -> None:
    owner = journey.as_person("chen")
    with journey.step("报告的 PDF 已生成", OWNER, "portal"):

        def look() -> list[str] | None:
            page = expect(owner.get(f"/my/cases/{journey.number}/"), 200)
            links = list(dict.fromkeys(link for link, _ in page.links if "/documents/" in link))
            ready = [link for link in links if owner.get(link).body.startswith(b"%PDF")]
            return ready if len(ready) >= 4 else None

        links = wait_for("收件凭证、受理通知书、报告和电子证照", look)
        result["documents"] = [link.rstrip("/").rpartition("/")[2] for link in links]
    with journey.step("任何人扫码验证报告", "任何人", "portal"):
        anyone = Visitor(journey.base_url)
        for code in result["documents"]:
            expect(anyone.get(f"/v/{code}"), 200)
    with journey.step("别的企业看不到", "另一家企业", "portal"):
        expect(journey.as_person("wang").get(f"/my/cases/{journey.number}/"), 404)
    with journey.step("验证办件记录没有被改过", "监督人员", "desk"):
        result["audit_verified"] = verify_chain(journey, journey.as_person("supervisor-shen"))
