"""A document is looked at before it is signed."""

import pytest

from tests import people
from tests.channels.visitors import content_of, visitor
from yueban.cases.models import Case
from yueban.documents.models import Document, DocumentCounter

pytestmark = pytest.mark.django_db


@pytest.fixture
def deciding() -> Case:
    return people.deciding()


def pdf(response) -> bytes:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return content_of(response)


def text_of(content: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def test_the_decider_sees_the_decision_and_nothing_is_kept(deciding):
    before = (Document.objects.count(), list(DocumentCounter.objects.values_list("kind", "last")))
    client = visitor(people.DECIDER)
    shown = text_of(pdf(client.get(f"/desk/cases/{deciding.number}/preview?act=grant")))
    assert "准予行政许可决定书" in shown
    assert "示例运输有限公司" in shown
    assert (Document.objects.count(), list(DocumentCounter.objects.values_list("kind", "last"))) == before


def test_a_refusal_shows_the_reason_and_the_remedies(deciding):
    client = visitor(people.DECIDER)
    typed = {"act": "refuse", "reason": "车辆检验已过有效期。"}
    shown = text_of(pdf(client.post(f"/desk/cases/{deciding.number}/preview", typed)))
    assert "车辆检验已过有效期。" in shown
    assert "行政复议" in shown


def test_a_refusal_without_reason_says_so_in_the_frame(deciding):
    response = visitor(people.DECIDER).post(f"/desk/cases/{deciding.number}/preview", {"act": "refuse"})
    assert response.status_code == 422
    assert "请写明理由" in response.content.decode()


def test_the_notice_of_what_is_missing_can_be_looked_at_first():
    case = people.received()
    typed = {"act": "supplement", "what-safety-rules": "缺少盖章"}
    shown = text_of(pdf(visitor(people.CLERK).post(f"/desk/cases/{case.number}/preview", typed)))
    assert "缺少盖章" in shown


def test_a_no_to_acceptance_can_be_looked_at_first():
    case = people.received()
    typed = {"act": "refuse-acceptance", "reason": "不属于本机关职权。"}
    shown = text_of(pdf(visitor(people.CLERK).post(f"/desk/cases/{case.number}/preview", typed)))
    assert "不予受理" in shown
    assert "不属于本机关职权。" in shown


@pytest.mark.parametrize("form", ["supplement", "refuse-acceptance", "return"])
@pytest.mark.parametrize("paper", ["", "&paper=timeline"])
def test_a_notice_has_its_frame_whatever_paper_is_open(form, paper):
    case = people.received()
    page = visitor(people.CLERK).get(f"/desk/cases/{case.number}/?act={form}{paper}").content.decode()
    assert page.count('name="preview"') == 1
    assert 'formtarget="preview"' in page


def test_the_papers_of_every_turn_can_be_looked_at_first(deciding):
    reason = {"reason": "需要专家评审车辆改装"}
    suspend = reason | {"act": "suspend", "name": "专家评审", "days": "5"}
    shown = text_of(pdf(visitor(people.DECIDER).post(f"/desk/cases/{deciding.number}/preview", suspend)))
    assert "特殊程序审查期限告知书" in shown
    assert "5个工作日" in shown
    extend = reason | {"act": "extend"}
    shown = text_of(pdf(visitor(people.DECIDER).post(f"/desk/cases/{deciding.number}/preview", extend)))
    assert "延长10个工作日" in shown
    returned = {"act": "return", "reason": "重复提交"}
    number = people.received(people.STRANGER).number
    assert "重复提交" in text_of(pdf(visitor(people.CLERK).post(f"/desk/cases/{number}/preview", returned)))


@pytest.mark.parametrize("username", [people.CLERK, people.REVIEWER, people.SUPERVISOR])
def test_only_who_signs_may_preview(username, deciding):
    assert visitor(username).get(f"/desk/cases/{deciding.number}/preview?act=grant").status_code == 403


def test_the_page_shows_the_preview_beside_the_button_that_signs(deciding):
    page = visitor(people.DECIDER).get(f"/desk/cases/{deciding.number}/?act=grant").content.decode()
    assert (
        f'<iframe class="pdf" name="preview" title="文书预览" src="/desk/cases/{deciding.number}/preview?act=grant'
        in page
    )
    assert 'formtarget="preview"' in page
