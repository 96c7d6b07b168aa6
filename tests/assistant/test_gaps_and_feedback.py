"""Unanswered questions come together; feedback is looked at within a day, once."""

from datetime import timedelta

import pytest

from tests import answers
from tests.editors import an_editor
from yueban.assistant import selectors, services
from yueban.assistant.choices import GapState
from yueban.assistant.errors import AnswerConflict
from yueban.assistant.models import Conversation, Feedback, Gap, Turn
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db
YUECHENG, KEQIAO = "330602000000", "330603000000"


def turn(division: str = YUECHENG, number: int = 1, **more: object) -> Turn:
    now = clock.now()
    talk, _ = Conversation.objects.get_or_create(
        number=f"C{division}",
        defaults={"channel": "portal", "division_code": division, "started_at": now, "last_at": now},
    )
    fields = {"question": "狗证在哪里办", "gate": "refuse", "why": "unknown", "answer": {}}
    fields |= {"index_number": 1, "took_ms": 5, "asked_at": now}
    return Turn.objects.create(conversation=talk, number=number, click=str(number), **{**fields, **more})


def note(question: str, division: str = YUECHENG, of: Turn | None = None) -> Gap:
    found = services.note_gap(question_masked=question, division=division, turn=of)
    assert found is not None
    return found


def test_like_questions_are_one_gap():
    first = note("养狗要办狗证吗")
    assert note("请问养狗要办狗证吗？").pk == first.pk
    assert note("养狗要办狗证么，在哪办").pk == first.pk
    assert note("公积金能提前还房贷吗").pk != first.pk
    first.refresh_from_db()
    assert (first.times, len(first.questions)) == (3, 3)


def test_a_turn_counts_once_and_another_place_apart():
    asked = turn()
    first = note("养狗要办狗证吗", of=asked)
    assert note("养狗要办狗证吗", of=asked).times == 1
    assert note("养狗要办狗证吗", KEQIAO).pk != first.pk


@pytest.mark.parametrize("text", ["", "？！。", "😀😀"])
def test_what_holds_no_letter_is_no_gap(text):
    assert services.note_gap(question_masked=text, division=YUECHENG) is None


def test_a_phone_is_masked_whatever_came():
    assert "13800000001" not in note("我的电话13800000001谁能打给我").example


def test_a_like_gap_is_found_without_a_query_per_row(django_assert_max_num_queries):
    for n in range(30):
        note(f"第{n}种完全不同的{chr(0x4E00 + n * 37)}{chr(0x5E00 + n * 31)}事情{n * 977}")
    with django_assert_max_num_queries(8):
        note("养狗要办狗证吗")


def test_dismissed_with_a_reason_and_seen_only_where_one_works():
    gap = note("养狗要办狗证吗")
    here = an_editor("here", "yuecheng-transport")
    there = an_editor("there", "keqiao-transport")
    with pytest.raises(NotFound):
        services.close_gap(pk=gap.pk, state=GapState.DISMISSED, words="x", actor=there)
    with pytest.raises(Invalid):
        services.close_gap(pk=gap.pk, state=GapState.DISMISSED, words=" ", actor=here)
    services.close_gap(pk=gap.pk, state=GapState.DISMISSED, words="不是政务服务", actor=here)
    services.close_gap(pk=gap.pk, state=GapState.DISMISSED, words="不是政务服务", actor=here)
    with pytest.raises(AnswerConflict):
        services.close_gap(pk=gap.pk, state=GapState.DISMISSED, words="别的理由", actor=here)
    assert note("养狗要办狗证吗").state == GapState.DISMISSED
    assert list(selectors.gaps_found(here)) == []


def test_a_gap_whose_answer_is_not_found_opens_again():
    answers.units()
    writer, signer = answers.keepers()
    gap = note("养狗要办狗证吗")
    answers.signed(writer, signer)
    services.close_gap(pk=gap.pk, state=GapState.WRITTEN, words="freight-fee", actor=writer)
    assert note("养狗要办狗证吗").state == GapState.OPEN


def test_feedback_is_masked_and_the_last_click_counts_until_seen():
    asked, editor = turn(), an_editor("here", "yuecheng-transport")
    services.give_feedback(turn=asked, kind="helpful")
    found = services.give_feedback(turn=asked, kind="wrong", words="打13800000001问过，不对")
    assert (Feedback.objects.count(), found.kind, "13800000001" in found.words) == (1, "wrong", False)
    assert list(selectors.feedback_found(editor)) == [found]
    services.see_feedback(pk=found.pk, outcome="已改问答", actor=editor)
    services.see_feedback(pk=found.pk, outcome="已改问答", actor=editor)
    with pytest.raises(AnswerConflict, match="here已经处理过"):
        services.see_feedback(
            pk=found.pk, outcome="没有问题", actor=an_editor("second", "yuecheng-transport")
        )
    assert services.give_feedback(turn=asked, kind="helpful").kind == "wrong"


def test_the_light_turns_after_a_day():
    found = services.give_feedback(turn=turn(), kind="wrong")
    assert selectors.light_of(found).light == "green"
    for hours, light in ((21, "yellow"), (25, "red")):
        found.given_at = clock.now() - timedelta(hours=hours)
        assert selectors.light_of(found).light == light


def test_the_log_is_read_where_one_works():
    here, there = turn(), turn(KEQIAO)
    editor = an_editor("here", "yuecheng-transport")
    assert list(selectors.turns_found(editor, selectors.Wanted())) == [here]
    city = an_editor("city", answers.OFFICE, role="supervisor")
    assert set(selectors.turns_found(city, selectors.Wanted(gate="refuse"))) == {here, there}
    today = clock.today()
    assert not selectors.turns_found(city, selectors.Wanted(until=today - timedelta(days=1)))
    assert len(selectors.turns_found(city, selectors.Wanted(since=today, until=today))) == 2
    assert not selectors.turns_found(an_editor("clerk", "yuecheng-transport", "clerk"), selectors.Wanted())
