"""POST /hotline/questions: the signed webhook of 12345; a question in, the cited answer out."""

from django.http import HttpRequest
from ninja import Field, Router, Schema

from yueban.channels.api.consultation_schemas import LONGEST, ConsultationOut, consultation_out
from yueban.channels.api.keys import OF_COMMANDS
from yueban.channels.shared.pace import check_pace
from yueban.flows import ask, hotline
from yueban.flows.api_keys import KeyHolder

router = Router(tags=["咨询"])
NUMBER, SIGNATURE = "X-Yueban-Webhook", "X-Yueban-Signature"
HEADERS = {
    NUMBER: "推送编号 WH…",
    SIGNATURE: "t=秒,v1=HMAC-SHA256(密钥, t.正文)",
}
DESCRIBED = [
    {"in": "header", "name": name, "required": True, "description": text, "schema": {"type": "string"}}
    for name, text in HEADERS.items()
]


def signed(request: HttpRequest) -> KeyHolder:
    """Whose signature stands under this very body; asked before anything of it is read."""
    body = request.body if request.content_type == "application/json" else b""
    return hotline.holder_of_signed(
        request.headers.get(NUMBER, "")[:20], request.headers.get(SIGNATURE, ""), body
    )


class HotlineQuestion(Schema):
    """One caller's question; `nonce` is new for every message, `call` keeps the questions of one call together."""

    question: str = Field(max_length=LONGEST)
    nonce: str = Field(pattern="^[A-Za-z0-9._-]{8,50}$")
    division: str | None = Field(None, pattern="^[0-9]{12}$", description="12位区划代码")
    conversation: str | None = Field(None, max_length=24)
    secret: str = Field("", max_length=100)
    wants_person: bool = Field(False, description="来电人要求人工")


@router.post(
    "/hotline/questions",
    response={200: ConsultationOut, **OF_COMMANDS},
    auth=signed,
    openapi_extra={"parameters": DESCRIBED},
    summary="12345 来电提问",
    description=(
        "用推送地址的验签密钥签名，与推送到贵方的事件同一算法；5 分钟内有效，同一 nonce 只收一次。"
        "转人工的通知由事件推送（consultation.handed_over）送达。"
    ),
)
def ask_for_caller(request: HttpRequest, body: HotlineQuestion) -> ConsultationOut:
    """One turn of a call."""
    who: KeyHolder = request.auth  # type: ignore[attr-defined]
    hotline.take_nonce(who, body.nonce)
    if body.wants_person and body.conversation:
        asked = ask.to_person(who.actor, body.conversation, body.secret, click=body.nonce)
    else:
        check_pace(who=f"key:{who.key.prefix}")
        asked = ask.ask(
            who.actor,
            body.question,
            click=body.nonce,
            conversation=body.conversation,
            secret=body.secret,
            division=body.division,
        )
    if asked.ticket:
        hotline.tell_handed_over(asked.conversation, asked.ticket, body.division or "")
    return consultation_out(asked)
