"""The bundle at the window: a small transport company, one form, one permit, a certificate for each of two trucks.

The clerk finds the company by its credit code, asks each question once, fills in one form and hands in once. The
licences of company, trucks and driver are called up or checked by their departments: nobody uploads them. The
permit's number flows into both certificates, all three are issued together, and anybody verifies them.
What the result says of savings is read from the pages, never a constant.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from yueban.commands.visitor import Form, Page, Visitor
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

CODE, COMPANY = "91999999MA990001XD", "示例运输有限公司"
BUNDLE = "goods-transport"
WINDOW, POLICE, REGISTER, BUREAU = "窗口", "公安交管", "从业资格登记机构", "县级交通运输局"
CLERK, OWNER = "clerk-zhou", "chen"
CHECKERS = (("车辆信息核查", POLICE, "checker-wei"), ("从业资格核查", REGISTER, "checker-jiang"))
REVIEWER, DECIDER = "reviewer-zheng", "decider-chu"
ANSWERS = {
    "vehicle_mass": "heavy",
    "cargo_kind": "general",
    "applicant_kind": "enterprise",
    "vehicle_readiness": "owned",
    "acquisition": "new",
    "positioning": "yes",
}
# What each of the two items asks where it is applied for alone.
ALONE = {
    "road-freight-permit": {"action": "new"},
    "road-transport-certificate": {"permit_status": "yes", "action": "new"},
}
# Proofs that somebody else holds: called up or checked, never uploaded.
SPARED = ("营业执照", "机动车行驶证", "拟聘用驾驶员的机动车驾驶证和从业资格证")
CONTACT: dict[str, str | list[str]] = {
    "freight.scope": ["general"],
    "contact.id_type": "resident_id",
    "contact.name": "陈示例",
    "contact.id_number": "99999919850316001X",
    "contact.phone": "13800000001",
    "drivers-0-driver.name": "孙驾驶",
    "drivers-0-driver.id_number": "999999198806120058",
    "drivers-0-driver.qualification_number": "999999198806120058",
    "delivery.method": "window",
}
TRUCKS = (
    {
        "vehicle.plate": "浙D00001",
        "vehicle.type": "heavy_truck",
        "vehicle.gross_mass": "18",
        "vehicle.inspection_valid_until": "2027-06-30",
        "vehicle.identification_number": "LFV2A21K0E3000001",
        "vehicle.positioning_terminal_number": "SX0000001",
    },
    {
        "vehicle.plate": "浙D00002",
        "vehicle.type": "medium_truck",
        "vehicle.gross_mass": "11.99",
        "vehicle.inspection_valid_until": "2027-03-31",
        "vehicle.identification_number": "LFV2A21K0E3000002",
    },
)
CHILD = re.compile(r"/desk/cases/(\d{23})/")
HELD = "等一起发证"
PERMIT_NUMBER = re.compile(r"道路运输经营许可证号 (\S+)")
CODE_OF = re.compile(r"/documents/([0-9a-f]{32})")


class Together:
    """The parent and its children as they come to be."""

    def __init__(self) -> None:
        self.number = ""
        self.permit = self.permit_number = ""
        self.certificates: list[str] = []

    @property
    def cases(self) -> list[str]:
        """The cases there are, the permit first."""
        return [number for number in (self.permit, *self.certificates) if number]


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json."""
    del is_private  # half an hour is promised: no step waits for days to pass
    journey, together = Journey(base_url, progress), Together()
    result: dict[str, Any] = {"cases": [], "certificates": [], "documents": [], "audit_verified": False}
    result |= {"bundle": "", "uploads": 0, "materials_required": 0, "materials_merged": 0}
    result |= {"parallel_tasks": 0, "savings": {}}
    try:
        _measure(journey, result)
        page = _apply(journey, together, result)
        _take_in(journey, together, page)
        _permit(journey, together, result)
        _certificates(journey, together, result)
        _issue(journey, together)
        _verify(journey, together, result)
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"], result["bundle"] = together.cases, together.number
    ok = not journey.has_failed and result["audit_verified"]
    return {"journey": "goods-transport", "ok": ok, "steps": journey.steps, "result": result}


def _measure(journey: Journey, result: dict[str, Any]) -> None:
    """What the guide says is spared, and what each item asks where it is applied for alone."""
    clerk = journey.as_person(CLERK)
    with journey.step("办事指南写明合起来办省了什么", "任何人", "portal"):
        result["savings"] = savings_of(journey, BUNDLE)
        if not result["savings"]:
            raise StepFailed("指南上没有写省了什么")
    with journey.step("分开办各要什么材料", WINDOW, "desk"):
        for item, answers in ALONE.items():
            address = f"/desk/intake/people/{_company(clerk)}/items/{item}/"
            page = expect(clerk.get(f"{address}?{urlencode(ANSWERS | answers)}"), 200, "开始填写")
            result["materials_required"] += len(_planned_on(page))
    with journey.step("只有3吨的货车：无需办理", WINDOW, "desk"):
        address = f"/desk/intake/people/{_company(clerk)}/bundles/{BUNDLE}/"
        page = expect(clerk.get(f"{address}?vehicle_mass=light"), 200, "无需办理")
        if "开始填写" in page.text:
            raise StepFailed("无需办理的还能填写")


def _company(clerk: Visitor) -> str:
    """The company's public number: found by its credit code, as the clerk finds it."""
    page = expect(clerk.get("/desk/intake/"), 200)
    form = next(form for form in page.forms if "who" in form.names)
    found = expect(clerk.send(page, form, {"who": CODE}), 200, COMPANY)
    return found.address.rstrip("/").rpartition("/")[2]


def _plain(source: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", source)).strip()


def _planned_on(page: Page) -> list[str]:
    """The materials that the last page of questions lists, by name."""
    listed = page.text.partition('<ul class="plain-list">')[2].partition("</ul>")[0]
    return [_plain(line).partition(" ")[0] for line in re.findall(r"<li>(.*?)</li>", listed, re.DOTALL)]


def _materials_on(page: Page) -> dict[str, tuple[str, str]]:
    """The materials beside the form: key → name and how it stands."""
    listed = page.text.partition('<ul class="materials-list">')[2].partition("</ul>")[0]
    return {
        key: (_plain(name), _plain(rest.partition("</div>")[0]))
        for key, name, rest in re.findall(
            r'<li id="m-([^"]+)"[^>]*>\s*<div[^>]*><b>(.*?)</b>(.*?)</li>', listed, re.DOTALL
        )
    }


def _apply(journey: Journey, together: Together, result: dict[str, Any]) -> Page:
    clerk = journey.as_person(CLERK)
    with journey.step("按信用代码找到企业，选一件事，每个问题只问一次", WINDOW, "desk"):
        person = f"/desk/intake/people/{_company(clerk)}/"
        found = expect(clerk.get(f"{person}?{urlencode({'q': '普通货物'})}"), 200)
        page = _answered(clerk, expect(clerk.get(found.link_to(f"/bundles/{BUNDLE}/")), 200))
    with journey.step("一张表：企业信息已经填好，两辆车填两行", WINDOW, "desk"):
        page = expect(
            clerk.send(
                page,
                next(form for form in page.forms if form.method == "post" and "cargo_kind" in form.names),
            ),
            200,
        )
        page = (
            expect(clerk.send(page, _draft_form(page), button="add=vehicles"), 200)
            if _rows(page) == 0
            else page
        )
        page = expect(clerk.send(page, _draft_form(page), CONTACT | _truck(0)), 200)
        page = expect(clerk.send(page, _draft_form(page), button="add=vehicles"), 200)
        page = expect(clerk.send(page, _draft_form(page), _truck(1), button="go=save"), 200)
    with journey.step("执照、行驶证、从业资格由系统核验，不用交；只扫描没有人能代查的", WINDOW, "desk"):
        materials = _materials_on(page)
        result["materials_merged"] = len(materials)
        asked = [key for key, (_name, state) in materials.items() if "待上传" in state]
        _check_spared(materials)
        files = {f"file-{key}": (f"{key}.pdf", paper(key)) for key in asked}
        page = expect(clerk.send(page, _draft_form(page), button="go=save", files=files), 200)
        result["uploads"] = sum("已上传" in state for _name, state in _materials_on(page).values())
    with journey.step("核对法定代表人身份证，提交并收件：一次，一张收件凭证", WINDOW, "desk"):
        given = {"agreed": "1", "stands": "legal"}
        page = expect(clerk.send(page, _draft_form(page), given, button="submit=1"), 200, "一件事收件凭证")
        together.number = number_in(page)
        for kind in ("slip", "large"):
            if not clerk.get(page.link_to(f"/{kind}.pdf")).body.startswith(b"%PDF"):
                raise StepFailed("凭证不是 PDF")
    return page


def _answered(clerk: Visitor, page: Page) -> Page:
    """Follow the answer to each question as it is asked; the form that begins the draft comes last."""
    for question, answer in ANSWERS.items():
        page = expect(clerk.get(page.link_to(f"{question}={answer}")), 200)
    return page


def _draft_form(page: Page) -> Form:
    return next(form for form in page.forms if "revision" in form.names and "shape" in form.names)


def _rows(page: Page) -> int:
    return sum(
        name.startswith("vehicles-") and name.endswith("vehicle.plate") for name in _draft_form(page).names
    )


def _truck(row: int) -> dict[str, str | list[str]]:
    return {f"vehicles-{row}-{name}": value for name, value in TRUCKS[row].items()}


def _check_spared(materials: dict[str, tuple[str, str]]) -> None:
    by_name = dict(materials.values())
    for name in SPARED:
        if "为您免交" not in by_name.get(name, ""):
            raise StepFailed(f"“{name}”没有免交：{by_name.get(name, '没有这份材料')}")


def _take_in(journey: Journey, together: Together, page: Page) -> None:
    clerk = journey.as_person(CLERK)
    with journey.step("一并受理：材料齐全，当场受理", WINDOW, "desk"):
        done(clerk.send(page, page.form_to("/receive")))
        page = expect(clerk.get(f"/desk/bundle-cases/{together.number}/"), 200, "已受理")
        together.permit = _children_on(page)[0]


def _children_on(page: Page) -> list[str]:
    """The numbers of the children that have begun, in their order."""
    return list(dict.fromkeys(CHILD.findall(page.text)))


def _waiting_together(journey: Journey, numbers: Sequence[str], people: Sequence[str]) -> int:
    """How many tasks for these cases lie in these people's lists at the same time."""
    lists = [expect(journey.as_person(username).get("/desk/"), 200).text for username in people]
    return sum(number in text for text in lists for number in numbers)


def _permit(journey: Journey, together: Together, result: dict[str, Any]) -> None:
    journey.number = together.permit
    people = [username for _name, _agency, username in CHECKERS] + [REVIEWER]
    with journey.step("许可：三处同时到达待办", BUREAU, "desk"):
        found = _waiting_together(journey, [together.permit], people)
        if found != len(people):
            raise StepFailed(f"同时到达待办的只有{found}处")
        result["parallel_tasks"] = found
    for name, agency, username in CHECKERS:
        with journey.step(f"许可：{name}", agency, "desk"):
            finish_task(journey, journey.as_person(username), "check")
    with journey.step("许可：审查，准予", BUREAU, "desk"):
        finish_task(journey, journey.as_person(REVIEWER), "approve")
        grant(journey, journey.as_person(DECIDER))


def _certificates(journey: Journey, together: Together, result: dict[str, Any]) -> None:
    clerk = journey.as_person(CLERK)
    with journey.step("两张道路运输证自动开始，许可证号已带入", WINDOW, "desk"):
        page = expect(clerk.get(f"/desk/bundle-cases/{together.number}/"), 200, HELD)
        together.certificates = [number for number in _children_on(page) if number != together.permit]
        if len(together.certificates) != len(TRUCKS):
            raise StepFailed(f"开始了{len(together.certificates)}张")
        for number in together.certificates:
            form = _plain(expect(clerk.get(f"/desk/cases/{number}/?paper=form"), 200).text)
            stated = PERMIT_NUMBER.search(form)
            if stated is None or together.permit_number not in ("", stated.group(1)):
                raise StepFailed("许可证号没有带入")
            together.permit_number = stated.group(1)
    with journey.step("两张证的核查和审查同时到达待办", BUREAU, "desk"):
        found = _waiting_together(journey, together.certificates, ["checker-wei", REVIEWER])
        result["parallel_tasks"] = max(result["parallel_tasks"], found)
    for place, number in enumerate(together.certificates, 1):
        journey.number = number
        with journey.step(f"道路运输证（{place}）：车辆信息核查", POLICE, "desk"):
            finish_task(journey, journey.as_person("checker-wei"), "check")
        with journey.step(f"道路运输证（{place}）：审查，准予", BUREAU, "desk"):
            finish_task(journey, journey.as_person(REVIEWER), "approve")
            grant(journey, journey.as_person(DECIDER))


def _codes(journey: Journey, number: str) -> list[str]:
    """The codes of the documents of a case that are made."""
    page = expect(journey.as_person(CLERK).get(f"/desk/cases/{number}/?paper=documents"), 200)
    return list(dict.fromkeys(CODE_OF.findall(page.text)))


def _issue(journey: Journey, together: Together) -> None:
    clerk, owner = journey.as_person(CLERK), journey.as_person(OWNER)
    with journey.step("三证同步发证：全部办成才一起发", "企业", "portal"):
        expect(owner.get(f"/my/bundles/{together.number}/"), 200, "全部办成")
    with journey.step("一起送达", WINDOW, "desk"):
        for number in together.cases:
            page = expect(clerk.get(f"/desk/cases/{number}/"), 200)
            form = page.form_to("/deliver")
            done(clerk.send(page, form, {"method": "窗口领取", "proof": "法定代表人签收"}))


def _verify(journey: Journey, together: Together, result: dict[str, Any]) -> None:
    with journey.step("任何人扫码验证三张证", "任何人", "portal"):
        anyone = Visitor(journey.base_url)
        for number in together.cases:
            told = _verified(journey, anyone, number, result["documents"])
            result["certificates"].append(told["identifier"])
            if number == together.permit and told["certificate_number"] != together.permit_number:
                raise StepFailed("两张道路运输证上的许可证号不是这张许可证的")
    with journey.step("外人看不到这件一件事", "另一家企业", "portal"):
        expect(journey.as_person("wang").get(f"/my/bundles/{together.number}/"), 404)
    supervisor = journey.as_person("supervisor-shen")
    with journey.step("验证每一件和整件的记录没有被改过", "监督人员", "desk"):
        for number in together.cases:
            journey.number = number
            verify_chain(journey, supervisor)
        page = expect(supervisor.get("/desk/audit/"), 200)
        form = next(form for form in page.forms if "number" in form.names)
        expect(supervisor.send(page, form, {"number": f"bundle:{together.number}"}), 200, "没有被改动")
        result["audit_verified"] = True


def _verified(journey: Journey, anyone: Visitor, number: str, documents: list[str]) -> dict[str, str]:
    """What is told of the certificate of a case, once it is made and found genuine."""

    def look() -> dict[str, str] | None:
        found, papers = None, []
        for code in _codes(journey, number):
            told = json.loads(anyone.get(f"/api/v1/verify/{code}").body)
            if "identifier" in told:
                expect(anyone.get(f"/v/{code}"), 200, "证照真实有效")
                found = told
            elif told.get("number"):
                papers.append(told["number"])
        if found:
            documents.extend(papers)
        return found

    return wait_for("证照", look)
