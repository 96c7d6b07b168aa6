"""The pages of knowledge: writing, signing as another, Excel, words, gaps, feedback and the log."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from tests import answers, people
from tests.answers import FEE, WORDS
from tests.assistant.test_gaps_and_feedback import note, turn
from tests.channels.visitors import content_of, visitor
from yueban.assistant import services
from yueban.assistant.models import Feedback, Gap, QuestionAnswer, Term
from yueban.audit.models import Event
from yueban.flows import exchange_answers

pytestmark = pytest.mark.django_db
WRITER, SIGNER = people.EDITOR, "editor-jing"
TYPED = {
    "key": "freight-fee",
    "question": WORDS.question,
    "answer": WORDS.answer,
    "owner": "transport",
    "division": "",
    "audience": "",
    "variants": "开货车要交费吗\n开货车要交费吗\n",
    "sources": "\n".join(WORDS.sources),
    "review_on": "",
}


@pytest.fixture(autouse=True)
def knowledge():
    answers.units()


def act(who: str, name: str, **typed: str):
    row = QuestionAnswer.objects.get(key="freight-fee")
    data = {"revision": str(row.revision), **typed}
    return visitor(who).post(f"/desk/knowledge/answers/freight-fee/{name}", data)


def test_written_on_the_page_and_signed_by_another():
    for _ in range(2):
        assert visitor(WRITER).post("/desk/knowledge/new", TYPED).status_code == 302
    row = QuestionAnswer.objects.get(key="freight-fee")
    assert (row.state, row.variants) == ("draft", ["开货车要交费吗"])
    assert act(WRITER, "hand-in").status_code == 302
    own = act(WRITER, "sign")
    assert (own.status_code, "自己写的" in own.content.decode()) == (403, True)
    page = visitor(SIGNER).get("/desk/knowledge/answers/freight-fee/").content.decode()
    assert "不收费。咨询电话0575-85000000。" in page and "复核通过，签发" in page
    assert "{item:" not in page.split('id="said"')[1].split("</section>")[0]
    assert act(SIGNER, "sign").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.signed_name) == ("approved", "荆复问")
    again = act(SIGNER, "sign")
    assert (again.status_code, "现在是“在用”" in again.content.decode()) == (409, True)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost():
    answer = visitor(WRITER).post("/desk/knowledge/new", TYPED | {"question": "", "sources": "fee"})
    page = answer.content.decode()
    assert (answer.status_code, "请填写问题" in page, WORDS.answer in page) == (422, True, True)
    assert not QuestionAnswer.objects.filter(key="freight-fee").exists()


def test_the_start_page_tells_what_waits():
    answers.waiting(people.actor(WRITER))
    assert "条问答等您复核" in visitor(SIGNER).get("/desk/").content.decode()
    assert "条问答等您复核" not in visitor(people.CLERK).get("/desk/").content.decode()


def test_a_clerk_reads_none_and_another_department_not_this():
    answers.waiting(people.actor(WRITER))
    assert visitor(people.CLERK).get("/desk/knowledge/").status_code == 403
    assert visitor("editor-wu").get("/desk/knowledge/answers/freight-fee/").status_code == 200
    assert visitor("policy-ding").get("/desk/knowledge/answers/freight-fee/").status_code == 404
    assert WORDS.question not in visitor("policy-ding").get("/desk/knowledge/").content.decode()
    assert WORDS.question in visitor("editor-wu").get("/desk/knowledge/?state=waiting").content.decode()


def test_what_is_exported_can_be_imported_and_changes_nothing():
    made = answers.waiting(people.actor(WRITER))
    given = visitor(SIGNER).get(f"/desk/knowledge/export.xlsx?text={made.key}")
    book = content_of(given)
    sheet = load_workbook(BytesIO(book)).active
    assert [cell.value for cell in sheet[2]][:2] == [made.key, made.question]
    assert Event.objects.filter(kind="export", data__what="问答").exists()
    done = exchange_answers.import_answers(people.actor(WRITER), book, name="问答.xlsx")
    assert (done.faults, done.saved, done.unchanged) == ([], [], 1)


def book(*rows: tuple[object, ...]) -> bytes:
    made = Workbook()
    made.active.append(list(exchange_answers.COLUMNS))
    for row in rows:
        made.active.append(list(row))
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


GOOD = ("new-one", "办证要钱吗", "要交费吗｜收不收钱", "不收费。", FEE, "", "", "transport", "2027-03-01")


def upload(content: bytes, name: str = "问答.xlsx"):
    return visitor(WRITER).post("/desk/knowledge/import", {"file": SimpleUploadedFile(name, content)})


def test_a_workbook_becomes_drafts_once():
    for words in ("存为草稿 1 条", "没有变化 1 条"):
        assert words in upload(book(GOOD)).content.decode()
    row = QuestionAnswer.objects.get(key="new-one")
    assert (row.state, row.variants, str(row.review_on)) == ("draft", ["要交费吗", "收不收钱"], "2027-03-01")
    changed = (*GOOD[:3], "免费。", *GOOD[4:])
    assert "存为草稿 1 条" in upload(book(changed)).content.decode()
    row.refresh_from_db()
    assert (row.answer, row.state) == ("免费。", "draft")


def test_an_approved_answer_imported_otherwise_is_a_draft_again():
    found = answers.signed(people.actor(WRITER), people.actor(SIGNER))
    changed = (found.key, "别的问法", "", "不收费。", FEE, "", "", "transport", "")
    upload(book(changed))
    found.refresh_from_db()
    assert (found.state, found.signed_name) == ("draft", "")


def test_a_formula_is_refused_and_nothing_is_taken():
    row = ("with-formula", '=HYPERLINK("http://x.example","办证")', *GOOD[2:])
    answer = upload(book(GOOD, row))
    page = answer.content.decode()
    assert (answer.status_code, "B3" in page, "公式" in page) == (422, True, True)
    assert not QuestionAnswer.objects.filter(key__in=["new-one", "with-formula"]).exists()


def test_every_mistake_is_named_by_its_cell():
    bad = ("Bad Key", "", "", "{item:x.y}", "fee", "all", "33", "no-such-kind", "明年")
    done = exchange_answers.import_answers(people.actor(WRITER), book(GOOD, bad, GOOD), name="a.xlsx")
    cells = {fault.cell for fault in done.faults}
    assert "I3" in cells
    bad = (*bad[:8], "")
    done = exchange_answers.import_answers(people.actor(WRITER), book(GOOD, bad, GOOD), name="a.xlsx")
    assert {"A3", "B3", "D3", "E3", "F3", "G3", "A4"} <= {fault.cell for fault in done.faults}
    assert not QuestionAnswer.objects.filter(key="new-one").exists()


@pytest.mark.parametrize(("content", "name"), [(b"", "a.xlsx"), (b"no book", "a.xlsx"), (b"x", "a.xlsm")])
def test_what_is_no_workbook_is_told(content, name):
    assert upload(content, name).status_code == 422


def test_another_departments_answer_is_not_overwritten():
    answers.waiting(people.actor(WRITER))
    row = ("freight-fee", "经信的问题", "", "不收费。", FEE, "", "", "economy-it", "")
    done = exchange_answers.import_answers(people.actor("policy-ding"), book(row), name="a.xlsx")
    assert [fault.cell for fault in done.faults] == ["A2"]


def test_a_word_is_added_and_switched_off():
    typed = {"say": "测试用的旧词", "means": "社保卡", "kind": "old_name"}
    assert visitor(WRITER).post("/desk/knowledge/terms/", typed).status_code == 302
    term = Term.objects.get(say="测试用的旧词")
    assert visitor(WRITER).post(f"/desk/knowledge/terms/{term.pk}/off").status_code == 302
    term.refresh_from_db()
    assert not term.is_used
    same = visitor(WRITER).post("/desk/knowledge/terms/", typed | {"means": "测试用的旧词"})
    assert (same.status_code, "两个词相同" in same.content.decode()) == (422, True)


def test_a_gap_becomes_an_answer():
    gap = note("养狗要办狗证吗")
    note("请问养狗要办狗证吗？办在哪")
    page = visitor(WRITER).get(f"/desk/knowledge/new?gap={gap.pk}").content.decode()
    assert "养狗要办狗证吗" in page
    assert visitor(WRITER).post("/desk/knowledge/new", TYPED | {"gap": str(gap.pk)}).status_code == 302
    gap.refresh_from_db()
    assert (gap.state, gap.words) == ("written", "freight-fee")


def test_a_gap_is_dismissed_with_a_reason():
    gap = note("养狗要办狗证吗")
    wrong = visitor(WRITER).post(f"/desk/knowledge/gaps/{gap.pk}/dismiss", {"words": ""})
    assert (wrong.status_code, "为什么不需要回答" in wrong.content.decode()) == (422, True)
    done = visitor(WRITER).post(f"/desk/knowledge/gaps/{gap.pk}/dismiss", {"words": "不是政务服务"})
    assert done.status_code == 302
    assert Gap.objects.get(pk=gap.pk).state == "dismissed"


def test_feedback_is_seen_and_the_log_exported():
    asked = turn(answer={"sentences": [{"text": "=没有找到"}]})
    found = services.give_feedback(turn=asked, kind="wrong", words="不对")
    assert "狗证在哪里办" in visitor(WRITER).get("/desk/knowledge/feedback/").content.decode()
    seen = visitor(WRITER).post(f"/desk/knowledge/feedback/{found.pk}/seen", {"outcome": "已补问答"})
    assert seen.status_code == 302
    assert Feedback.objects.get(pk=found.pk).seen_by_name == "杨编目"
    page = visitor(people.SUPERVISOR).get("/desk/knowledge/log/?gate=refuse&why=unknown").content.decode()
    assert "狗证在哪里办" in page
    assert "狗证在哪里办" not in visitor(WRITER).get("/desk/knowledge/log/?gate=answer").content.decode()
    sheet = load_workbook(BytesIO(content_of(visitor(WRITER).get("/desk/knowledge/log/export.xlsx")))).active
    assert (sheet["D2"].value, sheet["G2"].value, sheet["G2"].data_type) == ("狗证在哪里办", "=没有找到", "s")
