"""Who may look at Q&A and keep them; on real ones: tests/channels/desk/test_knowledge_pages.py."""

from tests.channels.matrix import EDITORS, NOTHING_THERE, Row

READERS = (302, 403, 403, 403, 403, 403, 403, 200)
NO_SUCH_ANSWER = (302, 403, 403, 403, 403, 403, 403, 404)
LISTS = ("answers", "answers-export", "gaps", "feedback", "consultations", "consultations-export")

KNOWLEDGE = (
    *(Row(f"desk:{name}", READERS) for name in (*LISTS, "terms")),
    Row("desk:terms", EDITORS, method="post", data={"say": "医保本", "means": "社保卡", "kind": "old_name"}),
    Row("desk:term-step", EDITORS, lambda _world: ["999999", "off"], "post"),
    Row("desk:answers-import", EDITORS),
    Row("desk:answers-import", EDITORS, method="post"),
    Row("desk:answer-new", EDITORS),
    Row("desk:answer-new", EDITORS, method="post"),
    Row("desk:answer", NO_SUCH_ANSWER, lambda _world: ["no-such-answer"]),
    *(
        Row("desk:answer-step", NO_SUCH_ANSWER, lambda _world, act=act: ["no-such-answer", act], "post")
        for act in ("edit", "hand-in", "sign", "send-back", "withdraw", "confirm")
    ),
    Row("desk:answer-adopt", NOTHING_THERE, lambda _world: ["GD00000000000000"], "post"),
    Row("desk:gap-dismiss", NOTHING_THERE, lambda _world: ["999999"], "post"),
    Row("desk:feedback-seen", NOTHING_THERE, lambda _world: ["999999"], "post"),
)
