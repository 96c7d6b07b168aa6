"""An agency's own words around its documents, put in use by a second person; papers printed together."""

import pytest

from tests import people
from yueban.documents import printing, wordings
from yueban.documents import services as documents
from yueban.documents.errors import DocumentNotFound, WordingChanged, WordingInvalid
from yueban.documents.models import Document, PrintRequest, Wording
from yueban.flows import papers_of_office
from yueban.kernel.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db

WRITER, SECOND, OFFICE = people.REVIEWER, people.DECIDER, "yuecheng-transport"


def written(opening: str = "{申请人}：您好。", closing: str = "有疑问请致电{部门电话}。") -> Wording:
    return papers_of_office.write(
        people.actor(WRITER), agency=OFFICE, kind="acceptance", opening=opening, closing=closing
    )


def put_in_use(draft: Wording, by: str = SECOND) -> Wording:
    return papers_of_office.publish(
        people.actor(by), agency=OFFICE, kind="acceptance", revision=draft.revision
    )


def acceptance_of(case) -> Document:
    return Document.objects.get(subject_number=case.number, kind="acceptance")


def test_opening_and_closing_stand_around_the_text_of_the_law():
    before = acceptance_of(people.accepted()).content
    put_in_use(written())
    after = acceptance_of(people.accepted()).content
    assert after["paragraphs"][0] == "示例运输有限公司：您好。"
    assert len(after["paragraphs"]) == len(before["paragraphs"]) + 1
    assert after["closing"] == ["有疑问请致电0575-88000009。"]


def test_a_draft_changes_no_document():
    written()
    assert "您好" not in acceptance_of(people.accepted()).content["paragraphs"][0]


def test_nobody_puts_his_own_draft_in_use():
    draft = written()
    with pytest.raises(WordingChanged, match="另一个人"):
        put_in_use(draft, by=WRITER)


def test_what_was_changed_after_it_was_read_is_not_put_in_use():
    read = written()
    written(closing="改过")
    with pytest.raises(WordingChanged, match="草稿已经变了"):
        put_in_use(read)


def test_a_new_one_retires_the_old_and_retiring_leaves_the_platforms_text():
    put_in_use(written())
    put_in_use(written(opening="新的开头", closing=""))
    states = sorted(Wording.objects.values_list("state", flat=True))
    assert states == ["published", "retired"]
    papers_of_office.retire(people.actor(SECOND), agency=OFFICE, kind="acceptance")
    assert acceptance_of(people.accepted()).content["paragraphs"][0].startswith("您申请的")


@pytest.mark.parametrize("text", ["{身份证号}", "{申请人", "{{申请人}}", "}{"])
def test_only_the_known_placeholders_stand_for_something(text):
    with pytest.raises(WordingInvalid) as refused:
        written(opening=text)
    assert set(refused.value.fields) == {"opening"}


def test_a_certificate_has_no_words_of_an_agency_and_no_other_agency_writes_them():
    with pytest.raises(WordingInvalid):
        papers_of_office.write(
            people.actor(WRITER), agency=OFFICE, kind="certificate", opening="好", closing=""
        )
    with pytest.raises(NotAllowed):
        papers_of_office.write(
            people.actor(people.OTHER_COUNTY), agency=OFFICE, kind="acceptance", opening="好", closing=""
        )


def test_the_preview_shows_both_and_says_where_the_law_stands(read_pdf):
    pdf = papers_of_office.preview(
        people.actor(WRITER), agency=OFFICE, kind="decision_refuse", opening="{申请人}：", closing="结尾的话"
    )
    text = read_pdf(pdf)
    assert "结尾的话" in text
    assert "不能在模板里修改" in text.replace("\n", "")
    assert not Wording.objects.exists()


def test_values_of_placeholders_are_not_filled_a_second_time():
    agency = written().agency
    content = {"addressee": "{部门}", "paragraphs": ["甲"]}
    told = wordings.worded(content, ("{申请人}您好", ""), agency=agency, number="1")
    assert told["paragraphs"] == ["{部门}您好", "甲"]


def printed_case():
    case = people.granted()
    for document in Document.objects.filter(subject_number=case.number):
        documents.render_document(document.pk)
    return case


def test_chosen_papers_become_one_file_and_count_as_printed():
    case = printed_case()
    actor = people.actor(people.REVIEWER)
    papers = list(
        Document.objects.filter(subject_number=case.number, kind__in=["acceptance", "decision_grant"])
    )
    asked = [papers_of_office.put_aside(actor, case.number, paper.verify_code) for paper in papers]
    assert papers_of_office.put_aside(actor, case.number, papers[0].verify_code).pk == asked[0].pk
    pdf = papers_of_office.print_together(actor, [one.pk for one in asked])
    assert printing.pages_in(pdf) == len(papers)
    assert not PrintRequest.objects.filter(printed_at=None).exists()


def test_nobody_prints_what_another_put_aside_and_nothing_is_no_file():
    case = printed_case()
    code = acceptance_of(case).verify_code
    asked = papers_of_office.put_aside(people.actor(people.REVIEWER), case.number, code)
    for actor, numbers in ((people.actor(people.CLERK), [asked.pk]), (people.actor(people.REVIEWER), [])):
        with pytest.raises(DocumentNotFound):
            papers_of_office.print_together(actor, numbers)
    with pytest.raises(NotFound):
        papers_of_office.put_aside(people.actor(people.OTHER_COUNTY), case.number, code)
    assert papers_of_office.drop_prints(people.actor(people.CLERK), [asked.pk]) == 0
    assert papers_of_office.drop_prints(people.actor(people.REVIEWER), [asked.pk]) == 1
