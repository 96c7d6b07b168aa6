"""教育入学 on a phone: a mother registers her child for grade one; the registers answer, nothing is uploaded.

Everything about her, her child and their home is filled in from the registers; what she types is counted on the page.
The hall accepts, the education bureau puts the child into its class, the list is published, and the notice is issued.
"""

import re
from datetime import date
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

BUNDLE, DIVISION = "school-enrolment", "330602000000"
PHONE = "Mozilla/5.0 (Linux; Android 14; Demo) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
PARENT, HALL, BUREAU = "家长", "越城区窗口", "越城区教体局"
OPENS, CLOSES = date(2027, 5, 25), date(2027, 6, 5)
ANSWERS = {
    "grade": "one",
    "age": "yes",
    "school_kind": "public",
    "household": "here",
    "home": "same",
    "special": "none",
}
TYPED: dict[str, str | list[str]] = {
    "school.previous_school": "示例幼儿园",
    "school.wished_school": "示例小学",
    "school.accepts_arrangement": "yes",
}
ASKED = {"household": "户籍登记信息", "home-proof": "不动产登记信息"}
MOST_TYPED, NOTICE_DAYS = 8, 5
AT_ONCE = 40  # days that twenty working days never exceed, the longest holidays among them
# What the form sends of itself.
OWN = frozenset({"csrfmiddlewaretoken", "page", "shape", "revision"})
TODAY = re.compile(r'class="demo-clock".*?datetime="([0-9-]{10})"', re.DOTALL)
CHILD_CASE = re.compile(r"/my/cases/(\d{23})/")


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json. Outside of the period a running demo waits for it."""
    journey = Journey(base_url, progress)
    result: dict[str, Any] = {"cases": [], "certificates": [], "documents": [], "audit_verified": False}
    counted: dict[str, Any] = {"uploads": 0, "materials_required": 0, "materials_merged": 0}
    counted |= {"fields_typed": 0, "savings": {}}
    try:
        _walk(journey, result, counted, is_private=is_private)
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"] = [journey.number] if journey.number else []
    ok = not journey.has_failed and (result["audit_verified"] or not is_private)
    return {"journey": BUNDLE, "ok": ok, "steps": journey.steps, "result": result | counted}


def _walk(journey: Journey, result: dict[str, Any], counted: dict[str, Any], *, is_private: bool) -> None:
    with journey.step("指南写明合起来办省了什么", "任何人", "portal"):
        counted["savings"] = savings_of(journey, BUNDLE)
        if not counted["savings"]:
            raise StepFailed("指南上没有省了什么")
    if is_private:
        _wait_for_the_period(journey)
    parent = journey.as_person("zhu", device=PHONE)
    page = _fill_in(journey, parent, counted)
    if not is_private and not _is_open(journey):
        journey.wait(f"报名期是{OPENS}到{CLOSES}，提交和以后的步骤要等报名期", PARENT, "portal")
        return
    _submit(journey, parent, page)
    _accept(journey)
    _review(journey)
    if not is_private:
        journey.wait(f"公示{NOTICE_DAYS}个工作日，以后的步骤要等公示期满", BUREAU, "desk")
        return
    _decide(journey)
    _notice(journey, parent, result)


def _wait_for_the_period(journey: Journey) -> None:
    with journey.step("等到报名期", "演示时钟", "desk"):
        clerk = journey.as_person("reviewer-shu")
        today = _today(expect(clerk.get("/desk/"), 200))
        while (left := (OPENS - today).days) > 0:
            if left > AT_ONCE:
                today = _today(pass_days(clerk, left // AT_ONCE, at_once=True))
            else:  # holidays count as well: rather too few and look again
                today = _today(pass_days(clerk, max(1, left * 5 // 7 - 4)))


def _is_open(journey: Journey) -> bool:
    today = _today(expect(journey.as_person("reviewer-shu").get("/desk/"), 200))
    return OPENS <= today <= CLOSES


def _today(page: Page) -> date:
    """The day of the demo clock, beside its button."""
    found = TODAY.search(page.text)
    if found is None:
        raise StepFailed("页面上没有演示时钟")
    return date.fromisoformat(found.group(1))


def _fill_in(journey: Journey, parent: Visitor, counted: dict[str, Any]) -> Page:
    with journey.step("回答几个问题", PARENT, "portal"):
        page = parent.get(f"/bundles/{BUNDLE}/questions?division={DIVISION}")
        for question, answer in ANSWERS.items():
            page = expect(parent.send(page, _form_with(page, question), {question: answer}), 200)
    with journey.step("孩子、监护人和住房的信息已经填好", PARENT, "portal"):
        page = expect(parent.send(page, page.form_to("/start")), 200)
        form = _form_with(page, "kin.name")
        if form.fields.get("kin.name") != ["祝小样"] or not form.fields.get("house.address", [""])[0]:
            raise StepFailed("孩子或者住址没有带出")
    with journey.step("只填剩下的几项", PARENT, "portal"):
        empty = {name for name in form.names - OWN if not any(form.fields.get(name, []))}
        values = {name: value for name, value in TYPED.items() if name in empty}
        counted["fields_typed"] = len(values)
        page = expect(parent.send(page, form, values, button="go=next"), 200)
        if not page.address.rstrip("/").endswith("/materials"):
            raise StepFailed("表单没有通过")
        if counted["fields_typed"] > MOST_TYPED:
            raise StepFailed(f"填了{counted['fields_typed']}项，多于{MOST_TYPED}项")
    with journey.step("材料都向登记查询过了，不用上传", PARENT, "portal"):
        counted["uploads"] = sum(1 for form in page.forms if form.files)
        keys = set(re.findall(r'id="m-([a-z0-9-]+)"', page.text))
        counted["materials_required"] = counted["materials_merged"] = len(keys)
        if counted["uploads"] or "不用您交" not in page.text:
            raise StepFailed(f"还有{counted['uploads']}件要上传")
    return page


def _form_with(page: Page, name: str) -> Form:
    found = next((form for form in page.forms if name in form.names), None)
    if found is None:
        raise StepFailed(f"{page.address} 上没有“{name}”")
    return found


def _submit(journey: Journey, parent: Visitor, page: Page) -> None:
    with journey.step("核对并提交", PARENT, "portal"):
        number = page.address.rstrip("/").split("/")[-2]
        page = expect(parent.get(f"/apply/{number}/preview"), 200)
        page = expect(parent.send(page, _form_with(page, "agreed"), {"agreed": "1"}), 200)
        found = CHILD_CASE.search(page.text)
        journey.number = found.group(1) if found else number_in(page)


def _accept(journey: Journey) -> None:
    clerk = journey.as_person("clerk-zhou")
    with journey.step("收件", HALL, "desk"):
        act(journey, clerk, "receive")
    with journey.step("受理", HALL, "desk"):
        act(journey, clerk, "accept")


def _review(journey: Journey) -> None:
    reviewer = journey.as_person("reviewer-shu")
    with journey.step("看到向谁查了什么、什么答复", BUREAU, "desk"):
        for paper, source in ASKED.items():
            expect(reviewer.get(f"/desk/cases/{journey.number}/?paper=m-{paper}"), 200, source)
    with journey.step("归类和学区核对", BUREAU, "desk"):
        finish_task(journey, reviewer, "approve")


def _decide(journey: Journey) -> None:
    with journey.step(f"拟录取名单公示{NOTICE_DAYS}个工作日", "演示时钟", "desk"):
        pass_days(journey.as_person("reviewer-shu"), NOTICE_DAYS + 1)
    with journey.step("录取", BUREAU, "desk"):
        grant(journey, journey.as_person("decider-xiang"))
    with journey.step("发入学通知书", HALL, "desk"):
        clerk = journey.as_person("clerk-zhou")
        page = expect(clerk.get(f"/desk/cases/{journey.number}/"), 200)
        done(clerk.send(page, page.form_to("/deliver"), {"method": "网上自行打印", "proof": "本人在线接收"}))


def _notice(journey: Journey, parent: Visitor, result: dict[str, Any]) -> None:
    with journey.step("在手机上看到入学通知书", PARENT, "portal"):

        def look() -> list[str] | None:
            page = expect(parent.get(f"/my/cases/{journey.number}/"), 200)
            links = list(dict.fromkeys(link for link, _ in page.links if "/documents/" in link))
            ready = [link for link in links if parent.get(link).body.startswith(b"%PDF")]
            return ready if len(ready) >= 3 else None

        links = wait_for("收件凭证、受理通知书和入学通知书", look)
        result["documents"] = [link.rstrip("/").rpartition("/")[2] for link in links]
    with journey.step("别人看不到孩子的办件", "另一位市民", "portal"):
        expect(journey.as_person("zhao").get(f"/my/cases/{journey.number}/"), 404)
    with journey.step("验证办件记录没有被改过", "监督人员", "desk"):
        result["audit_verified"] = verify_chain(journey, journey.as_person("supervisor-shen"))
