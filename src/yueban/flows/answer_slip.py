"""The slip of an answer: what was asked, what was said, on which source, for whoever takes it home from the kiosk."""

from django.conf import settings

from yueban.assistant.selectors import Answer
from yueban.documents.services import Code, Slip
from yueban.outlets.models import Kiosk

HOTLINE = "12345"
LONGEST = 600


def answer_slip(question: str, answer: Answer, ticket: str, kiosk: Kiosk) -> Slip:
    """One turn on paper; the code leads to the source, else to where one can ask on."""
    cited = tuple(
        (f"依据{number}", f"{one.title}（{one.version}）") for number, one in enumerate(answer.citations, 1)
    )
    facts = (("您问", question[:LONGEST]), ("回答", answer.text[:LONGEST]), *cited)
    if ticket:
        facts = (*facts, ("咨询单号", ticket))
    return Slip(
        title="问答凭条",
        agency=kiosk.outlet.name,
        facts=(*facts, ("在哪里打印", kiosk.name)),
        next=("AI生成，仅供参考。" if answer.by_model else "") + "以窗口和主管部门的审核为准。",
        phone=kiosk.outlet.phone or HOTLINE,
        codes=(Code(_address(answer), "扫码看办事指南，接着问"),),
    )


def _address(answer: Answer) -> str:
    site = settings.YUEBAN_PUBLIC_URL.rstrip("/")
    key = next((one.source[1] for one in answer.citations if one.source[0] == "item"), "")
    return f"{site}/items/{key}/" if key else f"{site}/ask"
