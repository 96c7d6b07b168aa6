"""智能工厂免申即享: listed from data, looked at again, announced, one objected to, consented to, paid; a yuan short.

Who is not known is not listed. Of two who consent the second waits: the budget does not reach for both.
"""

import re
from decimal import Decimal
from typing import Any

from yueban.commands.claiming import (
    figures_of,
    form_with,
    let_notice_pass,
    number_of,
    pay,
    proved,
    result_of,
    wait_paid,
)
from yueban.commands.visitor import Page, Visitor
from yueban.commands.walking import Journey, Progress, StepFailed, done, expect

NAME, OFFER, LINE = "auto-grant", "zhuji-smart-factory", "zhuji-smart-factory"
BUREAU = "诸暨市经信局"
FIRST, SECOND, OBJECTED, UNKNOWN = (
    "模型智造有限公司",
    "示范装备有限公司",
    "对照机电有限公司",
    "待定工业有限公司",
)
ACCOUNTS = {"tao": "6222999900005221", "fan": "6222999900005321"}
LIST_NUMBER = re.compile(r"/auto-lists/(MS\w+)/")
CONSENT = "/my/consents/"


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json. Only a private instance lets the days pass."""
    journey = Journey(base_url, progress)
    result = result_of()
    try:
        number = _list(journey)
        _object(journey, number)
        if is_private:
            _consent(journey)
            _pay(journey, result)
        else:
            journey.wait("公示5个工作日，期满后请企业确认意愿", BUREAU, "desk")
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"] = [journey.number] if journey.number else []
    ok = not journey.has_failed and (result["audit_verified"] or not is_private)
    return {"journey": NAME, "ok": ok, "steps": journey.steps, "result": result}


def _list(journey: Journey) -> str:
    with journey.step("生成名单：没有数据的企业不列入", BUREAU, "desk"):
        maker = journey.as_person("reviewer-mo")
        page = expect(maker.get("/desk/auto-lists/"), 200)
        page = expect(maker.send(page, form_with(page, "offer"), {"offer": OFFER}), 200, FIRST)
        for name in (SECOND, OBJECTED):
            expect(page, 200, name)
        if UNKNOWN in page.text:
            raise StepFailed(f"{UNKNOWN}是否认定还不知道，却列入了名单")
        found = LIST_NUMBER.search(page.address)
        if found is None:
            raise StepFailed(f"{page.address} 不是名单")
        number = found.group(1)
    with journey.step("经办的人没有复核的按钮，由另一位复核并公示", BUREAU, "desk"):
        if any(form.action.endswith("/check") for form in page.forms):
            raise StepFailed("经办人能复核自己的名单")
        checker = journey.as_person("decider-ma")
        page = expect(checker.get(f"/desk/auto-lists/{number}/"), 200)
        done(checker.send(page, page.form_to("/check")))
    return number


def _notice(journey: Journey) -> Page:
    anybody = Visitor(journey.base_url)
    page = expect(anybody.get("/notices/"), 200)
    address = next(
        (href for href, _ in page.links if "/notices/GS" in href and FIRST in anybody.get(href).text), ""
    )
    if not address:
        raise StepFailed("没有看到名单的公示")
    return expect(anybody.get(address), 200)


def _object(journey: Journey, number: str) -> None:
    with journey.step("公示写明预算不够全部拨付，按确认先后", "任何人", "portal"):
        expect(_notice(journey), 200, "按确认的先后拨付")
    with journey.step("市民对一家企业提出异议", "市民", "portal"):
        citizen = journey.as_person("zhao")
        page = expect(citizen.get(_notice(journey).address), 200)
        words = {"name": "赵样例", "text": f"{OBJECTED}的产线今年已经停用。", "contact": "13800000003"}
        expect(citizen.send(page, form_with(page, "text", "name"), words), 200, "异议已经收到")
    with journey.step("核实异议成立，移出名单", BUREAU, "desk"):
        reviewer = journey.as_person("reviewer-mo")
        page = expect(reviewer.get(f"/desk/auto-lists/{number}/"), 200)
        form = form_with(page, "entries", "reasons")
        label = re.search(rf'value="(\d+)"[^>]*>(?:(?!value=").)*?{OBJECTED}', _answers(page), re.DOTALL)
        if label is None:
            raise StepFailed("核实异议的表单里没有这家企业")
        typed: dict[str, str | list[str]] = {"entries": [label.group(1)], "reasons": "现场核实，情况属实。"}
        done(reviewer.send(page, form, typed, button="outcome=upheld"))
        expect(reviewer.get(f"/desk/auto-lists/{number}/"), 200, "已移出")


def _answers(page: Page) -> str:
    return page.text.partition("<fieldset")[2].partition("</fieldset>")[0]


def _consent(journey: Journey) -> None:
    with journey.step("公示5个工作日，期满后请企业确认", BUREAU, "desk"):
        let_notice_pass(journey, "reviewer-mo")
    with journey.step("第一家确认意愿和账户：不用申报，待拨付", "企业", "portal"):
        page = _say_yes(journey, "tao", FIRST)
        journey.number = number_of(journey.as_person("tao").get(page.link_to("/my/claims/SB")))
    with journey.step("第二家确认：预算差一元，排队等预算", "企业", "portal"):
        expect(_say_yes(journey, "fan", SECOND), 200, "等待预算")
    with journey.step("预算没有低于零", "市经信局财务", "desk"):
        figures = figures_of(journey, LINE)
        if any(amount < 0 for amount in figures.values()) or Decimal("299999.00") not in figures.values():
            raise StepFailed(f"预算数不对：{figures}")


def _say_yes(journey: Journey, who: str, company: str) -> Page:
    owner = journey.as_person(who)
    page = expect(owner.get("/my/policies/"), 200)
    page = expect(owner.get(page.link_to(CONSENT)), 200, "没有回答不当作同意")
    typed: dict[str, str | list[str]] = {"account": ACCOUNTS[who], "holder": company, "agrees": "1"}
    return expect(owner.send(page, form_with(page, "account", "agrees"), typed, button="answer=yes"), 200)


def _pay(journey: Journey, result: dict[str, Any]) -> None:
    result["payments"] = [pay(journey, LINE)]
    with journey.step("银行回单：没有申报，钱到了账", "银行", "system"):
        wait_paid(journey.as_person("tao"), journey.number)
    with journey.step("留痕没有被改动过", "监督人员", "desk"):
        result["audit_verified"] = proved(journey, "claim", journey.number)
