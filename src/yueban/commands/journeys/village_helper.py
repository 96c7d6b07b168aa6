"""The journey of the published account: a villager of 57 without a smartphone, helped in his own village.

林示意 of 坡塘村 has his identity card and his social security card. The village's helper applies for him on a
mandate he signs on paper; the street accepts and pre-checks, the district reviews, the notice runs its days, the
decision is made, three people pay it out, and he takes home slips in large print and rates by the code on them.
"""

import json
import re
import zlib
from typing import Any
from urllib.parse import urlencode

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
    paper,
    verify_chain,
    wait_for,
)

VILLAGER, ID_NUMBER = "林示意", "999999196905120118"
ITEM = "flexible-employment-subsidy"
HELPER, TOWN, DISTRICT, BANK = "坡塘村代办员", "鉴湖街道", "越城区人社局", "越城区人社局支付"
ANSWERS = {
    "difficulty": "yes",
    "work": "flexible",
    "insurance": "self_employee",
    "near_retirement": "within_five",
}
FORM: dict[str, str | list[str]] = {
    "employment.flexible_kind": "odd_jobs",
    "employment.work_place": "本村",
    "employment.since": "2025-02-01",
    "subsidy.kinds": ["pension"],
    "subsidy.paid_from": "2026-06-01",
    "subsidy.months": "5",
    "subsidy.paid_amount": "4750.00",
}
NOTICE_DAYS = 5
RATING = re.compile(rb"/rate/([0-9a-f]{32})")
PAYMENT = re.compile(r"/desk/payments/([0-9A-Za-z-]+)/")


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json. Only a private instance lets the notice's days pass."""
    journey = Journey(base_url, progress)
    result: dict[str, Any] = {"cases": [], "certificates": [], "documents": [], "audit_verified": False}
    result |= {"payments": [], "rating": None}
    try:
        _apply(journey)
        _review(journey)
        if is_private:
            _let_the_notice_run(journey)
            _decide_and_pay(journey, result)
            _collect_and_rate(journey, result)
        else:
            journey.wait(f"公示{NOTICE_DAYS}个工作日，以后的步骤要等公示期满", DISTRICT, "desk")
        _verify(journey, result)
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"] = [journey.number] if journey.number else []
    ok = not journey.has_failed and result["audit_verified"]
    return {"journey": "village-helper", "ok": ok, "steps": journey.steps, "result": result}


def _apply(journey: Journey) -> None:
    helper = journey.as_person("helper-xu")
    with journey.step("按身份证号找到村民，看到他有什么", HELPER, "desk"):
        page = expect(helper.get("/desk/intake/"), 200)
        form = next(form for form in page.forms if "who" in form.names)
        person = expect(helper.send(page, form, {"who": ID_NUMBER}), 200, VILLAGER)
        for words in ("没有手机", "居民身份证", "社会保障卡"):
            expect(person, 200, words)
    with journey.step("输两个拼音首字母选事项，回答剩下的问题", HELPER, "desk"):
        page = _answered(helper, _picked(helper, person))
    with journey.step("填表：已知的已经填好", HELPER, "desk"):
        page = expect(helper.send(page, _post_form(page)), 200)
        page = expect(helper.send(page, _draft_form(page), _asked(page), button="go=save"), 200)
    with journey.step("他在委托书上签名，拍照登记", HELPER, "desk"):
        sheet = helper.get(page.link_to("/mandate.pdf"))
        _check_pdf(sheet)
        signed = {"signed": ("签好名的委托书.pdf", paper("signed-mandate"))}
        page = helper.send(page, _draft_form(page), {"seen": "1"}, button="mandate=photo", files=signed)
        expect(page, 200, "已授权")
    with journey.step("提交并收件，打印凭证和大字单", HELPER, "desk"):
        page = expect(helper.send(page, _draft_form(page), {"agreed": "1"}, button="submit=1"), 200)
        journey.number = number_in(page)
        for kind in ("slip", "large"):
            _check_pdf(helper.get(page.link_to(f"/{kind}.pdf")))


def _picked(helper: Visitor, person: Page) -> Page:
    """The item by two letters: straight to it, or chosen from the list."""
    page = expect(helper.get(f"{person.address}?{urlencode({'q': 'lh'})}"), 200)
    return (
        page
        if f"/items/{ITEM}/" in page.address
        else expect(helper.get(page.link_to(f"/items/{ITEM}/")), 200)
    )


def _answered(helper: Visitor, page: Page) -> Page:
    """Follow the answer to each question that is still asked."""
    for question, answer in ANSWERS.items():
        if any(form.method == "post" and question in form.names for form in page.forms):
            break
        if f"{question}={answer}" in page.address:
            continue
        asked = [link for link, _ in page.links if f"{question}={answer}" in link]
        if asked:
            page = expect(helper.get(asked[-1]), 200)
    return page


def _post_form(page: Page) -> Form:
    """The form that begins the draft."""
    return next(form for form in page.forms if form.method == "post" and set(ANSWERS) <= form.names)


def _draft_form(page: Page) -> Form:
    return next(form for form in page.forms if "revision" in form.names and "shape" in form.names)


def _asked(page: Page) -> dict[str, str | list[str]]:
    """What is not known yet: fields of the form that are empty."""
    form = _draft_form(page)
    empty = {name for name in FORM if name in form.names and not any(form.fields.get(name, []))}
    return {name: value for name, value in FORM.items() if name in empty}


def _check_pdf(page: Page) -> None:
    if not page.body.startswith(b"%PDF"):
        raise StepFailed(f"{page.address} 不是 PDF（{page.status}）")


def _review(journey: Journey) -> None:
    with journey.step("受理", f"{TOWN}窗口", "desk"):
        act(journey, journey.as_person("clerk-lu"), "accept")
    people = (
        ("初审", TOWN, "reviewer-shi", "approve"),
        ("缴费核对", "越城区社保中心", "checker-qi", "check"),
        ("审核", DISTRICT, "reviewer-tao", "approve"),
    )
    for name, agency, username, button in people:
        with journey.step(name, agency, "desk"):
            finish_task(journey, journey.as_person(username), button)
    with journey.step("公示：只写姓名、身份证后几位和金额", "任何人", "portal"):
        anyone = Visitor(journey.base_url)
        found = expect(anyone.get("/notices/"), 200, "灵活就业社会保险补贴")
        links = [link for link, _ in found.links if re.search(r"/notices/[^/]+/$", link)]
        pages = [anyone.get(link) for link in dict.fromkeys(links)]
        shown = next((page for page in pages if VILLAGER in page.text), None)
        if shown is None:
            raise StepFailed(f"公示里没有{VILLAGER}")
        if ID_NUMBER in shown.text:
            raise StepFailed("公示里有完整的身份证号码")


def _let_the_notice_run(journey: Journey) -> None:
    with journey.step(f"公示{NOTICE_DAYS}个工作日，没有异议", "演示时钟", "desk"):
        reviewer = journey.as_person("reviewer-tao")
        for _day in range(NOTICE_DAYS + 1):
            page = expect(reviewer.get("/desk/"), 200)
            done(reviewer.send(page, page.form_to("/clock/advance")))


def _decide_and_pay(journey: Journey, result: dict[str, Any]) -> None:
    with journey.step("决定给付", DISTRICT, "desk"):
        grant(journey, journey.as_person("decider-kong"))
    with journey.step("支付单复核", BANK, "desk"):
        number = _order_number(journey)
        _press_payment(journey, "payer-cao", number, "approve")
    with journey.step("另一人提交银行支付", BANK, "desk"):
        _press_payment(journey, "payer-yan", number, "release")
    with journey.step("到账社会保障卡（演示银行）", BANK, "desk"):
        payer = journey.as_person("payer-cao")
        wait_for("到账", lambda: True if "已到账" in payer.get(f"/desk/payments/{number}/").text else None)
        result["payments"].append(number)


def _order_number(journey: Journey) -> str:
    """The order for this case, from the payer's list."""
    payer = journey.as_person("payer-cao")
    page = expect(payer.get("/desk/payments/"), 200, VILLAGER)
    for number in dict.fromkeys(PAYMENT.findall(page.text)):
        if journey.number in payer.get(f"/desk/payments/{number}/").text:
            return str(number)
    raise StepFailed("没有这件办件的支付单")


def _press_payment(journey: Journey, username: str, number: str, button: str) -> None:
    payer = journey.as_person(username)
    page = expect(payer.get(f"/desk/payments/{number}/"), 200)
    done(payer.send(page, page.form_to(f"/{button}")))


def _collect_and_rate(journey: Journey, result: dict[str, Any]) -> None:
    helper = journey.as_person("helper-xu")
    with journey.step("代办员收到“已到账”的消息，告诉他", HELPER, "portal"):
        expect(helper.get("/my/messages"), 200, "已到账")
    with journey.step("代领决定书", HELPER, "desk"):
        page = expect(helper.get(f"/desk/intake/cases/{journey.number}/"), 200)
        done(helper.send(page, page.form_to("/collect"), {"proof": "本人签收"}))
    with journey.step("打印结果的大字单", HELPER, "desk"):
        slip = helper.get(f"/desk/intake/cases/{journey.number}/large.pdf")
        _check_pdf(slip)
        code = _rating_code(slip.body)
    with journey.step("用单子上的评价码评价，不用登录", "村民", "portal"):
        villager = Visitor(journey.base_url)
        page = expect(villager.get(f"/rate/{code}"), 200)
        form = next(form for form in page.forms if "level" in form.names)
        expect(villager.send(page, form, {"level": "1"}), 200, "已经评价")
        result["rating"] = 1


def _rating_code(pdf: bytes) -> str:
    """The address behind the slip's code to scan, from the links of the PDF."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    found = RATING.search(b"\n".join(parts))
    if found is None:
        raise StepFailed("单子上没有评价码")
    return found.group(1).decode()


def _verify(journey: Journey, result: dict[str, Any]) -> None:
    with journey.step("文书编号可查", HELPER, "desk"):
        anyone = Visitor(journey.base_url)
        for code in wait_for("收件凭证和受理通知书", lambda: _document_codes(journey)):
            result["documents"].append(_document_number(anyone, code))
    with journey.step("邻村的代办员看不到这件办件", "邻村代办员", "desk"):
        other = journey.as_person("helper-he")
        expect(other.get(f"/desk/intake/cases/{journey.number}/"), 404)
    with journey.step("验证办件记录没有被改过", "监督人员", "desk"):
        result["audit_verified"] = verify_chain(journey, journey.as_person("supervisor-shen"))


def _document_codes(journey: Journey) -> list[str] | None:
    """The codes of the documents that are made, once there are at least two."""
    helper = journey.as_person("helper-xu")
    page = expect(helper.get(f"/desk/cases/{journey.number}/?paper=documents"), 200)
    codes = list(dict.fromkeys(re.findall(r"/documents/([0-9a-f]{32})", page.text)))
    return codes if len(codes) >= 2 else None


def _document_number(anyone: Visitor, code: str) -> str:
    expect(anyone.get(f"/v/{code}"), 200)
    return str(json.loads(anyone.get(f"/api/v1/verify/{code}").body)["number"])
