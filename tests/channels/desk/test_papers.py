"""What the case page shows of the papers, and files and documents behind their permission."""

import io

import pytest

from tests import people
from tests.channels.visitors import content_of, visitor
from yueban.cases.models import Case, MaterialFile
from yueban.documents import services as documents_write
from yueban.documents.models import Document
from yueban.flows import review, supplement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("received_once")]
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def paper(case: Case, key: str, username: str = people.CLERK) -> str:
    response = visitor(username).get(f"/desk/cases/{case.number}/?paper={key}")
    assert response.status_code == 200
    return response.content.decode()


def file_address(case: Case, material: str = "safety-rules") -> str:
    row = MaterialFile.objects.get(material__case=case, material__key=material, is_current=True)
    return f"/desk/files/{case.number}/{row.file.number}"


def replaced(case: Case, content: bytes, name: str) -> None:
    """The applicant answers a notice with another file."""
    clerk, owner = people.actor(people.CLERK), people.actor(people.OWNER)
    review.request_supplement(clerk, case.number, [{"material": "safety-rules", "what": "缺盖章"}])
    supplement.attach(owner, case.number, "safety-rules", io.BytesIO(content), name)


def test_the_form_is_shown_in_words_with_identity_numbers_masked():
    page = paper(people.received(), "form")
    assert "重型货车" in page
    assert "2027年6月30日" in page
    assert "138****0001" in page
    for secret in ("99999919850316001X", "13800000001"):
        assert secret not in page


def test_a_material_says_how_it_was_satisfied():
    case = people.received()
    licence = paper(case, "m-business-licence")
    assert "为申请人免交：电子证照" in licence
    assert "经营范围含道路货物运输" in licence
    assert "待协查" in paper(case, "m-vehicle-licence")
    review.accept(people.actor(people.CLERK), case.number)
    assert "协查中" in paper(case, "m-vehicle-licence")
    assert "safety-rules.pdf" in paper(case, "m-safety-rules")


def test_earlier_files_stay_readable_beside_the_new_one():
    case = people.received()
    replaced(case, people.PDF + b"stamped", "制度（盖章）.pdf")
    page = paper(case, "m-safety-rules")
    assert "制度（盖章）.pdf" in page
    assert "补正前的文件" in page
    old = MaterialFile.objects.get(material__case=case, material__key="safety-rules", is_current=False)
    response = visitor(people.CLERK).get(f"/desk/files/{case.number}/{old.file.number}")
    assert response.status_code == 200
    assert content_of(response)


@pytest.mark.parametrize("key", ["opinions", "documents", "timeline", "clocks", "no-such-paper"])
def test_every_tab_opens_before_and_after_acceptance(key):
    for case in (people.submitted(), people.accepted(people.STRANGER)):
        assert case.applicant_name in paper(case, key)


def test_the_timeline_names_the_colleague_who_acted():
    assert "周收件" in paper(people.received(), "timeline")


def test_a_pdf_is_shown_in_the_page_and_nothing_in_it_runs():
    case = people.received()
    response = visitor(people.CLERK).get(file_address(case))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    assert content_of(response).startswith(b"%PDF")


def test_a_picture_is_sandboxed_and_keeps_its_chinese_name():
    case = people.received()
    replaced(case, PNG, "盖章页.png")
    response = visitor(people.CLERK).get(file_address(case))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"].endswith("sandbox")
    assert "filename*=UTF-8''%E7%9B%96%E7%AB%A0%E9%A1%B5.png" in response["Content-Disposition"]
    assert content_of(response)


def test_a_file_is_downloaded_when_asked():
    case = people.received()
    response = visitor(people.CLERK).get(file_address(case) + "?download=1")
    assert response["Content-Disposition"].startswith("attachment")
    assert content_of(response)


def test_a_file_of_another_case_is_not_found_under_this_one():
    mine, other = people.received(), people.received(people.STRANGER)
    address = file_address(other).replace(other.number, mine.number)
    assert visitor(people.CLERK).get(address).status_code == 404


def test_a_document_is_opened_once_it_is_rendered():
    case = people.received()
    document = Document.objects.get(subject_number=case.number, kind="receipt")
    address = f"/desk/cases/{case.number}/documents/{document.verify_code}"
    client = visitor(people.CLERK)
    assert client.get(address).status_code == 404
    documents_write.render_document(document.pk)
    response = client.get(address)
    assert response.status_code == 200
    assert content_of(response).startswith(b"%PDF")
    assert "打开并打印" in paper(case, "documents")


def test_a_page_of_many_files_asks_no_question_per_file(django_assert_max_num_queries):
    case = people.accepted()
    client = visitor(people.REVIEWER)
    client.get(f"/desk/cases/{case.number}/")
    with django_assert_max_num_queries(27):
        client.get(f"/desk/cases/{case.number}/?paper=m-safety-rules")
