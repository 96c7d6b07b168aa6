"""The Q&A and words of a city pack: loaded once, mistakes named by file, line and field, editors' work left alone."""

from pathlib import Path

import pytest

from tests import answers
from yueban.assistant import selectors, services
from yueban.assistant.models import QuestionAnswer, Term
from yueban.flows.city_knowledge import check_knowledge, read_knowledge, store_knowledge
from yueban.flows.knowledge import Wording

pytestmark = pytest.mark.django_db
HEAD = "key,question,variants,answer,sources,audience,division,owner,review_on,drafted_by,approved_by\n"
ROW = (
    "t-fee,办货运证要钱吗,要交费吗｜收不收钱,不收费。,"
    "item:road-freight-permit#fee,enterprise,,transport,2027-03-01,甲起草,乙复核\n"
)
KNOWN = {"item": {"road-freight-permit"}, "offer": set(), "policy": set(), "bundle": set(), "outlet": set()}
KINDS = {"transport"}


def pack(folder: Path, rows: str = ROW, words: str = "") -> Path:
    (folder / "questions.csv").write_text(HEAD + rows, encoding="utf-8")
    if words:
        (folder / "synonyms.yaml").write_text(words, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    files = read_knowledge(folder)
    return [str(one) for one in (*files.problems, *check_knowledge(files, KNOWN, KINDS))]


def test_loaded_once_and_in_use(tmp_path):
    words = "- {say: [测医保本, 测医疗本], means: 社保卡, kind: old_name}\n"
    assert problems(pack(tmp_path, words=words)) == []
    first = store_knowledge(read_knowledge(tmp_path))
    assert (first["questions"].created, first["terms"].created) == (1, 2)
    again = store_knowledge(read_knowledge(tmp_path))
    assert (again["questions"].unchanged, again["terms"].unchanged) == (1, 2)
    row = next(one for one in selectors.approved_answers() if one.key == "t-fee")
    assert (row.author_name, row.signed_name, row.variants) == ("甲起草", "乙复核", ["要交费吗", "收不收钱"])
    assert {"测医保本", "测医疗本"} <= {term.say for term in selectors.terms()}


def test_a_city_without_them_works(tmp_path):
    assert problems(tmp_path) == []
    assert store_knowledge(read_knowledge(tmp_path))["questions"].total == 0


def test_without_a_second_person_it_is_a_draft(tmp_path):
    store_knowledge(read_knowledge(pack(tmp_path, ROW.replace("乙复核", ""))))
    assert QuestionAnswer.objects.get(key="t-fee").state == "draft"


def test_the_pack_changed_is_taken_but_an_editors_words_stay(tmp_path):
    store_knowledge(read_knowledge(pack(tmp_path)))
    store_knowledge(read_knowledge(pack(tmp_path, ROW.replace("不收费。", "免费。"))))
    row = QuestionAnswer.objects.get(key="t-fee")
    assert (row.answer, row.state) == ("免费。", "approved")
    writer, _ = answers.keepers()
    mine = Wording("我的问题", "不收费。", "transport", sources=("item:road-freight-permit#fee",))
    services.edit_answer(key="t-fee", wording=mine, revision=row.revision, actor=writer)
    store_knowledge(read_knowledge(tmp_path))
    assert QuestionAnswer.objects.get(key="t-fee").question == "我的问题"


def test_a_word_switched_off_stays_off(tmp_path):
    files = read_knowledge(pack(tmp_path, words="- {say: [测医保本], means: 社保卡, kind: old_name}\n"))
    store_knowledge(files)
    writer, _ = answers.keepers()
    services.switch_term(pk=Term.objects.get(say="测医保本").pk, is_used=False, actor=writer)
    store_knowledge(files)
    assert not Term.objects.get(say="测医保本").is_used


def test_the_first_units_are_kept_as_what_was_signed(tmp_path):
    QuestionAnswer.objects.all().delete()
    store_knowledge(read_knowledge(pack(tmp_path)))
    assert services.follow_sources(units={answers.FEE: "a"}) == []
    assert QuestionAnswer.objects.get(key="t-fee").source_digests == {answers.FEE: "a"}
    assert services.follow_sources(units={answers.FEE: "b"}) == ["t-fee"]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("乙复核", "甲起草", "approved_by"),
        ("#fee", "#price", "sources"),
        ("item:road-freight-permit#fee", "item:no-such#fee", "sources"),
        ("transport", "no-such-kind", "owner"),
        ("不收费。", "{item:road-freight-permit.cost}", "answer"),
        ("不收费。", "{item:no-such.fee}", "answer"),
        ("2027-03-01", "明年", "review_on"),
        ("enterprise", "company", "audience"),
        ("t-fee", "T fee", "key"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_field(tmp_path, old, new, field):
    found = problems(pack(tmp_path, ROW.replace(old, new)))
    assert any(one.startswith(f"questions.csv:2 {field}:") for one in found), found


def test_the_same_key_or_word_twice_is_a_mistake(tmp_path):
    words = "- {say: [甲], means: 乙, kind: dialect}\n- {say: [甲], means: 丙, kind: dialect}\n"
    found = problems(pack(tmp_path, ROW + ROW, words))
    assert any("questions.csv:3 key" in one for one in found)
    assert any("synonyms.yaml:2 say" in one for one in found)


def test_wrong_words_are_named_by_their_line(tmp_path):
    found = problems(
        pack(tmp_path, words="- {say: [], means: 乙, kind: dialect}\n- {say: [甲], kind: slang}\n")
    )
    assert any(one.startswith("synonyms.yaml:1") for one in found)
    assert any(one.startswith("synonyms.yaml:2") for one in found)
