"""A person's own matters: what happens next, papers, supplement, messages; nobody else's."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people
from tests.channels.visitors import hidden, visitor
from yueban.cases.choices import CaseState
from yueban.cases.models import Case
from yueban.documents import selectors as documents
from yueban.documents.services import render_document
from yueban.flows import apply, deliver, review
from yueban.kernel.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("submitted_once")]


def asked() -> Case:
    case = people.received()
    wanted = [{"material": "safety-rules", "what": "缺少本单位盖章"}]
    return review.request_supplement(people.actor(people.CLERK), case.number, wanted)


def text_of(who: str | None, address: str, status: int = 200) -> str:
    response = visitor(who).get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_what_happens_next_is_the_first_thing_on_the_page():
    case = people.submitted()
    page = text_of(people.OWNER, f"/my/cases/{case.number}/")
    assert page.index("1个工作日内收件") < page.index("办到哪一步")
    assert case.number in text_of(people.OWNER, "/my/")


def test_who_must_act_is_given_a_button():
    case = asked()
    page = text_of(people.OWNER, f"/my/cases/{case.number}/")
    assert f'href="/my/cases/{case.number}/supplement"' in page
    listed = text_of(people.OWNER, "/my/")
    assert "等您补材料" in listed
    assert "待补正" not in listed


def test_a_supplement_is_handed_in_and_sent_back():
    case = asked()
    client = visitor(people.OWNER)
    here = f"/my/cases/{case.number}/supplement"
    page = client.get(here).content.decode()
    assert "缺少本单位盖章" in page
    data = {"key": hidden(page, "key"), "revision": hidden(page, "revision")}
    empty = client.post(here, data)
    assert empty.status_code == 422
    assert "#file-safety-rules" in empty.content.decode()
    sent = {"file": SimpleUploadedFile("盖章.pdf", people.PDF + b"new")}
    assert client.post(f"{here}/safety-rules", sent)["Location"] == f"{here}#m-safety-rules"
    assert client.post(here, data)["Location"] == f"/my/cases/{case.number}/"
    again = client.post(here, data)
    assert again["Location"] == f"/my/cases/{case.number}/"
    case.refresh_from_db()
    assert case.state == CaseState.RECEIVED
    assert "已按要求补交。当时要求：缺少本单位盖章" in text_of(people.OWNER, f"/my/cases/{case.number}/")


def test_a_supplement_file_of_a_wrong_type_is_refused_beside_its_material():
    case = asked()
    response = visitor(people.OWNER).post(
        f"/my/cases/{case.number}/supplement/safety-rules", {"file": SimpleUploadedFile("坏.pdf", b"hello")}
    )
    assert response.status_code == 422
    assert "#file-safety-rules" in response.content.decode()


def test_a_case_that_waits_for_nothing_has_no_supplement_page():
    case = people.submitted()
    response = visitor(people.OWNER).get(f"/my/cases/{case.number}/supplement")
    assert response["Location"] == f"/my/cases/{case.number}/"


def test_an_application_can_be_taken_back():
    case = people.submitted()
    client = visitor(people.OWNER)
    page = client.get(f"/my/cases/{case.number}/").content.decode()
    form = f"/my/cases/{case.number}/withdraw"
    data = {"key": hidden(page, "key", form=form), "revision": hidden(page, "revision", form=form)}
    client.post(form, data)
    case.refresh_from_db()
    assert case.state == CaseState.WITHDRAWN
    assert "撤回申请" not in client.get(f"/my/cases/{case.number}/").content.decode().split("办到哪一步")[0]


def test_a_matter_taken_back_leads_to_applying_again():
    case = apply.withdraw(people.actor(people.OWNER), people.submitted().number)
    page = text_of(people.OWNER, f"/my/cases/{case.number}/")
    address = "/items/road-freight-permit/situation?division=330602000000"
    assert re.search(rf'href="{re.escape(address)}"[^>]*>重新申请', page)
    assert visitor(people.OWNER).get(address).status_code == 200


def test_what_may_no_longer_be_taken_back_is_not_offered():
    case = people.deciding()
    assert "确定撤回申请" not in text_of(people.OWNER, f"/my/cases/{case.number}/")


def test_a_finished_matter_begins_with_its_certificate():
    case = people.granted()
    deliver.deliver(people.actor(people.CLERK), case.number, method="窗口领取", proof="本人签收")
    for document in documents.documents_of(Reference("case", case.number)):
        render_document(document.pk)
    page = text_of(people.OWNER, f"/my/cases/{case.number}/")
    assert re.search(r"道路运输经营许可证已发，有效期至\d{4}年", page)
    assert page.index("查看证照") < page.index("文书和证照") < page.index("<h2>材料")


def test_a_stale_page_is_answered_clearly():
    case = people.submitted()
    client = visitor(people.OWNER)
    review.receive(people.actor(people.CLERK), case.number)
    response = client.post(f"/my/cases/{case.number}/withdraw", {"key": "k", "revision": "0"})
    assert response.status_code == 409
    assert "刷新页面" in response.content.decode()


def test_a_document_opens_for_its_owner_and_nobody_else():
    case = people.received()
    (receipt,) = documents.documents_of(Reference("case", case.number))
    address = f"/my/cases/{case.number}/documents/{receipt.verify_code}"
    assert "正在生成" in text_of(people.OWNER, f"/my/cases/{case.number}/")
    render_document(receipt.pk)
    shown = visitor(people.OWNER).get(address)
    assert shown["Content-Type"] == "application/pdf"
    assert b"".join(shown.streaming_content).startswith(b"%PDF")
    assert visitor(people.STRANGER).get(address).status_code == 404
    other = people.submitted(people.STRANGER)
    crossed = f"/my/cases/{other.number}/documents/{receipt.verify_code}"
    assert visitor(people.STRANGER).get(crossed).status_code == 404


@pytest.mark.parametrize("who", [people.STRANGER, people.CITIZEN])
@pytest.mark.parametrize("part", ["", "supplement"])
def test_a_guessed_number_shows_nothing(who, part):
    case = asked()
    page = text_of(who, f"/my/cases/{case.number}/{part}", status=404)
    assert "示例运输有限公司" not in page
    assert case.number not in text_of(who, "/my/")


def test_a_guessed_file_shows_nothing():
    case = people.submitted()
    number = case.materials.get(key="safety-rules").files.get().file.number
    shown = visitor(people.OWNER).get(f"/files/{number}")
    assert b"".join(shown.streaming_content).startswith(b"%PDF")
    assert visitor(people.STRANGER).get(f"/files/{number}").status_code == 404
    assert visitor(None).get(f"/files/{number}").status_code == 302


@pytest.mark.parametrize("address", ["/my/", "/my/messages", "/my/cases/1/", "/apply/1/", "/files/1"])
def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(address):
    from urllib.parse import quote

    assert visitor(None).get(address)["Location"] == f"/sign-in?next={quote(address, safe='')}"


def test_messages_are_counted_read_and_nobody_elses():
    case = people.submitted()
    client = visitor(people.OWNER)
    page = client.get("/my/messages").content.decode()
    assert f"/r/case/{case.number}" in page
    assert "全部标为已读" in page
    client.post("/my/messages")
    assert "全部标为已读" not in client.get("/my/messages").content.decode()
    assert case.number not in text_of(people.STRANGER, "/my/messages")


def test_private_pages_are_kept_by_no_cache():
    assert "no-store" in visitor(people.OWNER).get("/my/")["Cache-Control"]


def test_the_list_asks_the_database_no_more_for_the_page_frame_as_it_grows(django_assert_max_num_queries):
    people.submitted()
    client = visitor(people.OWNER)
    with django_assert_max_num_queries(30):
        client.get("/my/")
