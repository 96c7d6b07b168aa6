"""Q&A: written by one, signed by another, every figure in a source, silent when a source changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import answers
from tests.answers import FEE, TIME, WORDS
from tests.editors import an_editor
from yueban.assistant import selectors, services
from yueban.assistant.choices import AnswerState
from yueban.assistant.editing.facts import unsupported_facts
from yueban.assistant.errors import AnswerConflict, AnswerNotFound
from yueban.assistant.models import QuestionAnswer
from yueban.audit.models import Event
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    answers.units()
    return answers.keepers()


def now(key: str = "freight-fee") -> QuestionAnswer:
    return QuestionAnswer.objects.get(key=key)


def test_one_writes_and_another_signs(two):
    found = answers.signed(*two)
    assert (found.state, found.author_name, found.signed_name) == ("approved", "keeper-one", "keeper-two")
    assert set(found.source_digests) == {FEE, TIME}
    assert found.review_on == clock.today() + timedelta(days=180)
    assert found.key in {one.key for one in selectors.approved_answers()}
    kinds = Event.objects.filter(reference_kind="answer", reference_number=found.key).order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == [
        "answer_written",
        "answer_handed_in",
        "answer_signed",
    ]


def test_nobody_signs_his_own(two):
    made = answers.waiting(two[0])
    with pytest.raises(NotAllowed, match="自己写的"):
        services.sign_answer(key=made.key, revision=made.revision, actor=two[0])
    assert now().state == AnswerState.WAITING


def test_whoever_changes_it_last_is_its_author(two):
    made = services.write_answer(key="freight-fee", wording=WORDS, actor=two[0])
    edited = services.edit_answer(
        key=made.key, wording=replace(WORDS, question="要交费吗"), revision=made.revision, actor=two[1]
    )
    handed = services.hand_in_answer(key=made.key, revision=edited.revision, actor=two[0])
    with pytest.raises(NotAllowed, match="自己写的"):
        services.sign_answer(key=made.key, revision=handed.revision, actor=two[1])


def test_the_second_of_two_signers_is_told(two):
    made, third = answers.waiting(two[0]), an_editor("keeper-three", answers.OFFICE)
    services.sign_answer(key=made.key, revision=made.revision, actor=two[1])
    with pytest.raises(AnswerConflict, match="现在是“在用”"):
        services.sign_answer(key=made.key, revision=made.revision, actor=third)
    assert now().signed_name == "keeper-two"


def test_an_old_page_changes_nothing(two):
    made = services.write_answer(key="freight-fee", wording=WORDS, actor=two[0])
    services.edit_answer(
        key=made.key, wording=replace(WORDS, question="要交费吗"), revision=made.revision, actor=two[0]
    )
    with pytest.raises(AnswerConflict, match="刚刚被改过"):
        services.edit_answer(key=made.key, wording=WORDS, revision=made.revision, actor=two[1])
    assert now().question == "要交费吗"


def test_writing_twice_with_one_key_makes_one(two):
    for _ in range(2):
        services.write_answer(key="freight-fee", wording=WORDS, actor=two[0])
    assert QuestionAnswer.objects.filter(key="freight-fee").count() == 1
    with pytest.raises(AnswerConflict, match="已经用过"):
        services.write_answer(key="freight-fee", wording=WORDS, actor=two[1])


@pytest.mark.parametrize("answer", ["收费50元。", "要8个工作日。", "电话0575-81111111。", "收五十元。"])
def test_a_figure_that_stands_in_no_source_is_not_handed_in(two, answer):
    wording = replace(WORDS, answer=answer)
    made = services.write_answer(key="freight-fee", wording=wording, actor=two[0])
    with pytest.raises(Invalid) as caught:
        services.hand_in_answer(key=made.key, revision=made.revision, actor=two[0])
    assert "在依据里没有" in caught.value.fields["answer"]
    assert now().state == AnswerState.DRAFT


def test_a_source_that_went_between_handing_in_and_signing_stops_the_signature(two):
    made = answers.waiting(two[0])
    answers.unit().delete()
    with pytest.raises(Invalid) as caught:
        services.sign_answer(key=made.key, revision=made.revision, actor=two[1])
    assert FEE in caught.value.fields["sources"]


def test_sent_back_with_words_and_taken_back_without(two):
    made = answers.waiting(two[0])
    with pytest.raises(Invalid):
        services.send_back_answer(key=made.key, words=" ", revision=made.revision, actor=two[1])
    back = services.send_back_answer(key=made.key, words="问题写得太长", revision=made.revision, actor=two[1])
    assert (back.state, back.words) == ("draft", "问题写得太长")
    again = services.hand_in_answer(key=made.key, revision=back.revision, actor=two[0])
    assert services.send_back_answer(key=made.key, words="", revision=again.revision, actor=two[0]).state == (
        "draft"
    )


def test_when_a_source_changes_it_is_silent_until_confirmed(two):
    found = answers.signed(*two)
    changed = answers.unit(text="不收费，工本费也免。咨询电话0575-85000000。")
    now_in_use = {FEE: changed.digest, TIME: found.source_digests[TIME]}
    assert services.follow_sources(units=now_in_use) == [found.key]
    assert services.follow_sources(units=now_in_use) == []
    row = now()
    assert (row.state, FEE in row.words) == ("review", True)
    assert found.key not in {one.key for one in selectors.approved_answers()}
    with pytest.raises(NotAllowed):
        services.confirm_answer(key=row.key, revision=row.revision, actor=two[0])
    kept = services.confirm_answer(key=row.key, revision=row.revision, actor=two[1])
    assert (kept.state, kept.source_digests[FEE]) == ("approved", changed.digest)
    assert services.follow_sources(units=now_in_use) == []


def test_a_source_of_a_place_counts_for_the_key_without_place(two):
    answers.unit(f"{FEE}@330602000000", "越城区不收费。")
    found = answers.signed(*two)
    assert set(found.source_digests) == {FEE, f"{FEE}@330602000000", TIME}
    gone = {key: value for key, value in found.source_digests.items() if "@" not in key}
    assert services.follow_sources(units=gone) == [found.key]


def test_withdrawn_it_answers_nobody(two):
    found = answers.signed(*two)
    gone = services.withdraw_answer(key=found.key, words="事项取消", revision=found.revision, actor=two[1])
    assert (gone.state, gone.words) == ("withdrawn", "事项取消")
    assert found.key not in {one.key for one in selectors.approved_answers()}


def test_who_keeps_which(two):
    made = services.write_answer(key="freight-fee", wording=WORDS, actor=two[0])
    own = an_editor("city-transport", "shaoxing-transport")
    county = an_editor("county-transport", "yuecheng-transport")
    other = an_editor("economy", "shaoxing-economy-it")
    assert selectors.get_answer(own, made.key) == made
    for stranger in (county, other):
        with pytest.raises(AnswerNotFound):
            selectors.get_answer(stranger, made.key)
        with pytest.raises(AnswerNotFound):
            services.withdraw_answer(key=made.key, words="x", revision=0, actor=stranger)
        with pytest.raises(NotAllowed):
            services.write_answer(key="theirs", wording=WORDS, actor=stranger)
    local = replace(WORDS, division="330602000000")
    assert services.write_answer(key="local", wording=local, actor=county).division_code == "330602000000"


def test_a_supervisor_reads_and_changes_nothing(two):
    made = answers.waiting(two[0])
    watcher = an_editor("watcher", answers.OFFICE, role="supervisor")
    assert selectors.get_answer(watcher, made.key) == made
    with pytest.raises(NotAllowed):
        services.sign_answer(key=made.key, revision=made.revision, actor=watcher)


def test_every_field_at_fault_is_told_at_once(two):
    wording = replace(WORDS, question="", answer="{item:x.bad}", sources=("fee",), audience="all")
    with pytest.raises(Invalid) as caught:
        services.write_answer(key="k", wording=wording, actor=two[0])
    assert set(caught.value.fields) == {"question", "answer", "sources", "audience"}


@pytest.mark.parametrize(
    ("answer", "source"),
    [
        ("3个工作日", "3 工作日"),
        ("１５元", "15元"),
        ("1.5万元", "15000元"),
        ("十五天", "15日"),
        ("二十个月", "20个月"),
        ("1,200元", "1200元"),
        ("057585000000", "电话：0575-85000000"),
    ],
)
def test_facts_written_otherwise_are_the_same(answer, source):
    assert unsupported_facts(answer, ["没有数字"])
    assert unsupported_facts(answer, [source]) == []


@pytest.mark.parametrize(("answer", "source"), [("3天", "3个工作日"), ("13元", "3元"), ("30%", "3%")])
def test_facts_that_look_alike_are_not(answer, source):
    assert unsupported_facts(answer, [source])
