"""Where one's own cases stand, told in a consultation: to who is signed in, by number, name and state alone."""

from dataclasses import replace
from typing import Final

from yueban.assistant.choices import Gate
from yueban.assistant.selectors import Action, Answer, Sentence
from yueban.cases import selectors as cases
from yueban.kernel.actor import Actor

SHOWN: Final = 3


def told(actor: Actor, answer: Answer) -> Answer:
    """The newest cases with their states instead of the advice to sign in."""
    own = list(cases.own_cases(actor).order_by("-pk")[:SHOWN])
    matters = Action("matters", "看我的办件")
    others = tuple(one for one in answer.actions if one.kind != "sign_in")
    if not own:
        text = "您名下没有办件。刚交上去的要等几分钟；用别人的账户交的，请用那个账户登录看。"
        return replace(answer, sentences=(Sentence(text),), actions=(matters, *others))
    lines = [
        f"“{case.item_version.name}”（{case.number}）现在是“{case.get_state_display()}”。" for case in own
    ]
    more = "进度和下一步请看“我的办件”。"
    sentences = tuple(Sentence(line) for line in (*lines, more))
    return replace(answer, gate=Gate.ANSWER, sentences=sentences, actions=(matters, *others))
