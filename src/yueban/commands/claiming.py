"""What the journeys of policies share: paying a batch by four people, letting a notice pass, proving a chain."""

import re
from decimal import Decimal
from typing import Any

from yueban.commands.visitor import Form, Page, Visitor
from yueban.commands.walking import Journey, StepFailed, done, expect, pass_days, wait_for

FINANCE = "市经信局财务"
PAYERS = ("payer-xi", "payer-lang", "payer-lei", "payer-tong")
STEPS = (("payer-lang", "check"), ("payer-lei", "approve"), ("payer-tong", "release"))
NOTICE_DAYS = 6  # the five of the notice, and the day on which it is over
CLAIM_NUMBER = re.compile(r"SB\d{8}[0-9A-F]{10}")


def result_of() -> dict[str, Any]:
    """The object of docs/schemas/journey.json, nothing in it yet."""
    return {"cases": [], "certificates": [], "documents": [], "audit_verified": False, "payments": []}


def form_with(page: Page, *names: str) -> Form:
    """The form that has these fields; raises StepFailed."""
    found = next((form for form in page.forms if set(names) <= form.names), None)
    if found is None:
        raise StepFailed(f"{page.address}（{page.status}）上没有有“{'、'.join(names)}”的表单")
    return found


def number_of(page: Page) -> str:
    """The number of a claim in an address or on its page."""
    found = CLAIM_NUMBER.search(page.address) or CLAIM_NUMBER.search(page.text)
    if found is None:
        raise StepFailed(f"{page.address} 上没有申报编号")
    return found.group(0)


def year_of(journey: Journey) -> str:
    """The year of the claim, as its number says it."""
    return journey.number[2:6]


def pay(journey: Journey, line: str) -> str:
    """A batch of everything that waits on a budget line: made, checked, approved and sent by four people."""
    with journey.step("经办：审定的申报编成拨付批次", FINANCE, "desk"):
        maker = journey.as_person(PAYERS[0])
        page = expect(maker.get("/desk/budgets/"), 200)
        page = expect(maker.get(page.link_to(f"/budgets/{line}/{year_of(journey)}/")), 200)
        page = expect(maker.send(page, page.form_to("/batch"), button="go=all"), 200)
        number = page.address.rstrip("/").rsplit("/", 1)[-1]
    for who, act in STEPS:
        with journey.step(f"{act}：由另一位支付人员", FINANCE, "desk"):
            person = journey.as_person(who)
            page = expect(person.get(f"/desk/batches/{number}/"), 200)
            done(person.send(page, page.form_to(f"/{act}")))
    return number


def wait_paid(visitor: Visitor, number: str) -> None:
    """The bank answers in the background: until the claim says that the money has arrived."""

    def look() -> bool | None:
        return "资金已经到账" in visitor.get(f"/my/claims/{number}/").text or None

    wait_for("到账", look)


def let_notice_pass(journey: Journey, who: str) -> None:
    """The working days of the notice pass, and it is over."""
    pass_days(journey.as_person(who), NOTICE_DAYS)


def figures_of(journey: Journey, line: str) -> dict[str, Decimal]:
    """What a budget line has, by part, as finance reads it."""
    payer = journey.as_person(PAYERS[0])
    page = expect(payer.get("/desk/budgets/"), 200)
    page = expect(payer.get(page.link_to(f"/budgets/{line}/{year_of(journey)}/")), 200)
    rows = re.findall(r'<th scope="row">([^<]+)</th><td class="figure">([\d,.]+)', page.text)
    return {label: Decimal(amount.replace(",", "")) for label, amount in rows}


def proved(journey: Journey, kind: str, number: str) -> bool:
    """The supervisor reads that nothing in the chain was changed."""
    person = journey.as_person("supervisor-shen")
    page = expect(person.get("/desk/audit/"), 200)
    page = person.send(page, form_with(page, "number", "day"), {"number": f"{kind}:{number}"})
    return "没有被改动过" in expect(page, 200).text
