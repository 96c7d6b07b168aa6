"""Looks at the consultation: the box, an answer, a question too long, the words of a policy, the terminal, the desk."""

from playwright.sync_api import Page

from tests import people
from tests.browser.look import Look


def _ask(question: str):
    def act(page: Page) -> None:
        page.get_by_label("您想问什么").fill(question)
        page.get_by_role("button", name="提问").click()
        page.locator("article.turn, #ask-problem [role=alert]").first.wait_for()
        page.locator(".htmx-request, button:disabled").first.wait_for(state="detached")
        page.get_by_role("button", name="提问").evaluate(
            "button => Promise.all(button.getAnimations().map(one => one.finished))"
        )

    return act


CONSULT_PAGES = (
    Look("portal:ask", "/ask", "可以这样问"),
    Look("portal:policy-text", "/policies/digital-renovation-tax-2024/text", "起施行"),
    Look("portal:answer", "/answers/animal-epidemic-prevention-backyard/", "依据"),
    Look("desk:ask", "/desk/ask", "照着念", people.CLERK),
)
CONSULT_STATES = (
    Look("an answer with its sources", "/ask", "依据", None, _ask("灵活就业社保补贴要什么材料？")),
    Look("a question too long", "/ask", "字", None, _ask("社保" * 5000)),
    Look("straight to a person", "/ask", "咨询单号", None, _ask("我要转人工")),
)
NO_CONSULT_PAGES = dict.fromkeys(
    (
        *(f"portal:ask-{name}" for name in ("person", "rate", "anew", "short")),
        *(f"desk:ask-{name}" for name in ("person", "rate", "anew")),
    ),
    "only POST",
)
