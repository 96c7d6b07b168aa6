"""Conversations as the flow would give them: answers of every gate through the real pages, without an index."""

from dataclasses import dataclass, field, replace

from yueban.assistant.choices import Gate, Why
from yueban.assistant.errors import ConversationNotFound, QuestionRefused
from yueban.assistant.selectors import Action, Answer, Citation, Sentence
from yueban.flows.ask import Asked
from yueban.kernel.actor import Actor

ITEM = "road-freight-permit"
FEE = Citation(
    unit=f"item:{ITEM}#fee@330602000000",
    title="道路普通货物运输经营许可 · 收费",
    version="第1版",
    quote="不收费",
    effective_on="2026-01-01",
    source=("item", ITEM, "fee"),
)
CITED = Answer(
    Gate.ANSWER,
    (Sentence("办道路货运许可不收费。", 0), Sentence("网上就能办。")),
    (FEE,),
    (
        Action("open_item", "看办事指南", ITEM),
        Action("start_item", "开始办理", f"{ITEM}?applicant=enterprise"),
        Action("near", "最近的网点", ITEM),
        Action("sign_in", "登录"),
        Action("matters", "我的办件"),
        Action("ask", "要什么材料", "道路货运许可要什么材料"),
        Action("person", "转人工"),
        Action("call", "拨打 12345", "12345"),
        Action("unheard_of", "没有这样的按钮"),
    ),
    units=((FEE.unit, 0.9),),
    timing_ms={"total": 12.0},
)
ASKED_BACK = Answer(
    Gate.CLARIFY,
    (Sentence("您问的是个人还是企业？"),),
    why=Why.TWO_READINGS,
    choices=(("个人", "个人怎么办"), ("企业", "企业怎么办")),
)
REFUSED = Answer(
    Gate.REFUSE,
    (Sentence("能不能批要看审核，这里不预言结果。"),),
    actions=(Action("person", "转人工"),),
    why=Why.VERDICT,
)
HANDED = Answer(Gate.PERSON, (Sentence("已经转给人工，11月24日 10:00 前答复。"),), why=Why.ASKS_PERSON)
BY_MODEL = replace(
    CITED, sentences=(Sentence("不用交钱。", 0, by_model=True),), by_model=True, model="small-model"
)
SECRET = "kept-in-the-session"


@dataclass
class Talks:
    """Stands in for flows.ask: keeps turns, checks who may read them, counts what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    kept: dict[str, list[Asked]] = field(default_factory=dict)
    clicks: dict[str, Asked] = field(default_factory=dict)
    asked: list[dict[str, object]] = field(default_factory=list)
    ratings: list[tuple[int, str, str]] = field(default_factory=list)

    def ask(self, actor: Actor, question: str, *, click: str, conversation=None, secret="", **told) -> Asked:
        if not question.strip():
            raise QuestionRefused("没有看到问题。", hint="请写一句您想问的。")
        if len(question) > 500:
            raise QuestionRefused("问题有10,000个字，最多500个字。", hint="请只写最要紧的一句。")
        self._check(conversation, secret)
        if (conversation, click) in self.clicks:
            return self.clicks[conversation, click]
        self.asked.append({"actor": actor, "question": question, **told})
        found = next((a for words, a in self.answers.items() if words in question), CITED)
        ticket = "ZX1" if found.gate == Gate.PERSON else ""
        return self._add(conversation, click, question, found, ticket)

    def asking(self, actor: Actor, question: str, **told):
        """The sentences of a model one by one; none where no model speaks."""
        asked = self.ask(actor, question, **told)
        if asked.answer.by_model:
            yield from asked.answer.sentences
        return asked

    def to_person(
        self, actor: Actor, conversation: str, secret: str, *, phone: str = "", click: str
    ) -> Asked:
        self._check(conversation, secret)
        self.asked.append({"actor": actor, "phone": phone})
        return self._add(conversation, click, "转人工", HANDED, "ZX1")

    def conversation_of(self, _actor: Actor, number: str, secret: str) -> list[Asked]:
        self._check(number, secret)
        return list(self.kept[number])

    def rate_answer(self, _actor, number: str, secret: str, turn: int, kind: str, words: str) -> None:
        self._check(number, secret)
        self.ratings.append((turn, kind, words))

    def _add(self, number: str | None, click: str, question: str, answer: Answer, ticket: str) -> Asked:
        name = number or f"ZX{len(self.kept) + 1:014d}"
        turns = self.kept.setdefault(name, [])
        asked = Asked(name, len(turns) + 1, question, answer, "" if number else SECRET, ticket)
        turns.append(replace(asked, secret=""))
        self.clicks[name, click] = asked
        return asked

    def _check(self, number: str | None, secret: str) -> None:
        if number is not None and (number not in self.kept or secret != SECRET):
            raise ConversationNotFound("没有找到这次咨询。", hint="请重新提问。")


def stand_in(monkeypatch) -> Talks:
    """Put it in the flow's place."""
    from yueban.flows import ask

    talks = Talks({"哪种": ASKED_BACK, "能批吗": REFUSED, "人工": HANDED, "模型": BY_MODEL})
    for name in ("ask", "asking", "to_person", "conversation_of", "rate_answer"):
        monkeypatch.setattr(ask, name, getattr(talks, name))
    return talks
