"""数字化投入补助: an enterprise sees 30 % to 100 万, claims with one material, is checked, noticed and paid."""

from typing import Any
from urllib.parse import quote

from yueban.commands.claiming import form_with, let_notice_pass, number_of, pay, proved, result_of, wait_paid
from yueban.commands.visitor import Visitor
from yueban.commands.walking import Journey, Progress, StepFailed, done, expect, paper

NAME, OFFER, LINE = "policy-claim", "zhuji-digital-investment", "digital-economy"
OWNER, BUREAU, AMOUNT = "企业", "诸暨市经信局", "600,000.00 元"
COMPANY, ACCOUNT = "样板针织科技有限公司", "6222999900005121"


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json. Only a private instance lets the days pass."""
    journey = Journey(base_url, progress)
    result = result_of()
    try:
        _read(journey)
        _claim(journey)
        _decide(journey)
        if is_private:
            _pay(journey, result)
        else:
            journey.wait("公示5个工作日，期满后拨付", BUREAU, "desk")
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"] = [journey.number] if journey.number else []
    ok = not journey.has_failed and (result["audit_verified"] or not is_private)
    return {"journey": NAME, "ok": ok, "steps": journey.steps, "result": result}


def _read(journey: Journey) -> None:
    anybody = Visitor(journey.base_url)
    with journey.step("不登录查到政策，看到依据的原话", "任何人", "portal"):
        page = expect(anybody.get(f"/policies/?q={quote('数字化投入')}"), 200)
        page = expect(anybody.get(page.link_to(f"/policies/{OFFER}/")), 200, "依据的原话")
    with journey.step("不登录算一算：200万元的投入得60万元，400万元的得100万元", "任何人", "portal"):
        calculator = f"/policies/{OFFER}/calculator?enterprise.digital_investment="
        expect(anybody.get(f"{calculator}2000000"), 200, AMOUNT)
        expect(anybody.get(f"{calculator}4000000"), 200, "1,000,000.00 元")
    with journey.step("为您匹配：符合条件，写明金额", OWNER, "portal"):
        expect(journey.as_person("jin").get("/my/policies/"), 200, AMOUNT)


def _claim(journey: Journey) -> None:
    owner = journey.as_person("jin")
    with journey.step("数据已经知道，只填账户、交一份材料，提交申报", OWNER, "portal"):
        page = expect(owner.get(f"/my/policies/{OFFER}/claim"), 200, "经信部门认定和统计")
        form = form_with(page, "account", "agrees")
        files = {name: ("合同和发票.pdf", paper(name)) for name in form.files}
        typed: dict[str, str | list[str]] = {"account": ACCOUNT, "holder": COMPANY, "agrees": "1"}
        page = expect(owner.send(page, form, typed, files=files), 200, "已经申报")
        journey.number = number_of(page)
    with journey.step("再申报一次：告诉已经申报过", OWNER, "portal"):
        page = expect(owner.get(f"/my/policies/{OFFER}/claim"), 200, "您已经申报过")
        if any("account" in form.names for form in page.forms):
            raise StepFailed("还能再申报一次")


def _decide(journey: Journey) -> None:
    address = f"/desk/claims/{journey.number}/"
    reviewer = journey.as_person("reviewer-mo")
    with journey.step("初审：条件和数据来源都在页上；要求补正，一次说全", BUREAU, "desk"):
        page = expect(reviewer.get(address), 200, "按今天的数据")
        words = "合同缺盖章页，请重新上传完整的合同。"
        asked: dict[str, str | list[str]] = {"opinion": words, "asks": ["material-0"]}
        done(reviewer.send(page, page.form_to("/correct"), asked))
    _correct(journey)
    with journey.step("核对补正，符合", BUREAU, "desk"):
        page = expect(reviewer.get(address), 200, "补正前的")
        done(reviewer.send(page, page.form_to("/work"), button="result=conforms"))
    with journey.step("审定：冻结资金，开始公示", BUREAU, "desk"):
        decider = journey.as_person("decider-ma")
        page = expect(decider.get(address), 200)
        done(decider.send(page, page.form_to("/propose"), {"amount": "600000"}))
    with journey.step("公示企业名称和拟支持金额，谁都能看", "任何人", "portal"):
        anybody = Visitor(journey.base_url)
        page = expect(journey.as_person("jin").get(f"/my/claims/{journey.number}/"), 200, "正在公示")
        page = expect(anybody.get(page.link_to("/notices/GS")), 200, AMOUNT)
        expect(page, 200, COMPANY)


def _correct(journey: Journey) -> None:
    owner = journey.as_person("jin")
    with journey.step("收到补正消息，只补要求的一份，期限写明", OWNER, "portal"):
        page = expect(owner.get(f"/my/claims/{journey.number}/"), 200, "请您补正后再次提交")
        page = expect(owner.get(page.link_to("/correction")), 200, "合同缺盖章页")
        form = form_with(page, "material-0", "reply")
        files = {"material-0": ("完整合同.pdf", paper("完整合同"))}
        page = expect(owner.send(page, form, {"reply": "已补上盖章页。"}, files=files), 200, "正在初审")


def _pay(journey: Journey, result: dict[str, Any]) -> None:
    owner = journey.as_person("jin")
    with journey.step("公示5个工作日，没有异议", BUREAU, "desk"):
        let_notice_pass(journey, "reviewer-mo")
        expect(owner.get(f"/my/claims/{journey.number}/"), 200, "等财政拨付")
    result["payments"] = [pay(journey, LINE)]
    with journey.step("银行回单：到账，企业收到消息", "银行", "system"):
        wait_paid(owner, journey.number)
        expect(owner.get("/my/messages"), 200, "已到账")
    with journey.step("这件申报的留痕没有被改动过", "监督人员", "desk"):
        result["audit_verified"] = proved(journey, "claim", journey.number)
