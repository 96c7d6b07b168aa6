"""Q&A for tests: a unit of knowledge, and a Q&A that rests on it."""

from typing import Any

from tests.editors import an_editor
from yueban.assistant import services
from yueban.assistant.models import QuestionAnswer, Unit
from yueban.assistant.services import Wording
from yueban.kernel.actor import Actor

FEE, TIME = "item:road-freight-permit#fee", "item:road-freight-permit#time"
OFFICE = "shaoxing-government-services"
WORDS = Wording(
    question="办货运证要多少钱",
    answer="不收费，{item:road-freight-permit.promised}办好。窗口电话0575-85000000。",
    owner="transport",
    variants=("开货车要交费吗",),
    sources=(FEE, TIME),
)


def unit(key: str = FEE, text: str = "不收费。咨询电话0575-85000000。", **more: Any) -> Unit:
    """A unit in use; of a key that is in use already its next edition."""
    Unit.objects.filter(key=key, gone_in__isnull=True).update(gone_in=2)
    fields = {
        "digest": f"digest of {text}",
        "subject": key.partition("#")[0],
        "element": key.partition("#")[2].partition("@")[0],
        "content": {"title": "道路普通货物运输经营许可", "sentences": [text]},
        "version": "第1版",
        "owner": "transport",
        "made_in": 1,
    }
    return Unit.objects.create(key=key, **{**fields, **more})


def units() -> None:
    """What WORDS rests on."""
    unit()
    unit(TIME, "受理后3个工作日办结。")


def keepers() -> tuple[Actor, Actor]:
    """Two editors of the city's government-services office."""
    return an_editor("keeper-one", OFFICE), an_editor("keeper-two", OFFICE)


def waiting(writer: Actor, key: str = "freight-fee", wording: Wording = WORDS) -> QuestionAnswer:
    """Handed in by its writer."""
    made = services.write_answer(key=key, wording=wording, actor=writer)
    return services.hand_in_answer(key=key, revision=made.revision, actor=writer)


def signed(writer: Actor, signer: Actor, key: str = "freight-fee") -> QuestionAnswer:
    """In use."""
    made = waiting(writer, key)
    return services.sign_answer(key=key, revision=made.revision, actor=signer)
