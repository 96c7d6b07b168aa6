"""POST /consultations: a question in, a cited answer out; and the way to a person."""

from django.http import HttpRequest
from ninja import Router

from yueban.accounts.choices import Scope
from yueban.channels.api.applications import IdempotencyKey
from yueban.channels.api.consultation_schemas import ConsultationOut, PersonIn, QuestionIn, consultation_out
from yueban.channels.api.keys import OF_COMMANDS, Key, holder
from yueban.channels.api.links import links
from yueban.channels.shared.pace import check_pace
from yueban.flows import ask, hotline

router = Router(tags=["咨询"], auth=Key(Scope.CONSULT_ASK))


@router.post(
    "/consultations",
    response={200: ConsultationOut, **OF_COMMANDS},
    summary="提问",
    description="每句话都带依据；没有依据时说明原因（gate、why），可以转人工。以窗口和主管部门的审核为准。",
    openapi_extra=links(200, hand_over=("hand_over", {"conversation": "$response.body#/conversation"})),
)
def ask_question(request: HttpRequest, body: QuestionIn, idempotency_key: IdempotencyKey) -> ConsultationOut:
    """One turn; the same Idempotency-Key within a conversation gives the same answer."""
    who = holder(request)
    check_pace(who=f"key:{who.key.prefix}")
    asked = ask.ask(
        who.actor,
        body.question,
        click=idempotency_key,
        conversation=body.conversation,
        secret=body.secret,
        division=body.division,
        audience=body.audience,
        language=body.language,
    )
    return consultation_out(asked)


@router.post(
    "/consultations/{conversation}/person",
    response={200: ConsultationOut, **OF_COMMANDS},
    summary="转人工",
    description="把全部问答转给人工，返回咨询单号；不受提问频率限制。",
)
def hand_over(
    request: HttpRequest, conversation: str, body: PersonIn, idempotency_key: IdempotencyKey
) -> ConsultationOut:
    """To a person, with everything said so far."""
    who = holder(request)
    asked = ask.to_person(who.actor, conversation, body.secret, phone=body.phone, click=idempotency_key)
    hotline.tell_handed_over(asked.conversation, asked.ticket, asked.answer.place)
    return consultation_out(asked)
