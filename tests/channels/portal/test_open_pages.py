"""What anybody may ask without signing in: progress, verification, the stable addresses; and signing in."""

import pytest

from tests import people
from tests.channels.visitors import visitor
from yueban.documents import selectors as documents
from yueban.kernel.reference import Reference

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("submitted_once")]


def ask(number: str, tail: str):
    return visitor(None).post("/progress", {"number": number, "phone_tail": tail})


def test_progress_shows_the_step_and_nothing_of_the_person():
    case = people.submitted()
    page = ask(case.number, "0001").content.decode()
    assert "已申请，待收件" in page
    for secret in ("示例运输有限公司", "陈示例", "13800000001", "浙D00001"):
        assert secret not in page


def full_width(digits: str) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in digits)


@pytest.mark.parametrize(
    "typed",
    [lambda number: f" {number[:6]} {number[6:14]}-{number[14:]} ", full_width],
    ids=["spaced", "wide"],
)
def test_a_number_may_be_typed_as_it_was_read_out(typed):
    case = people.submitted()
    assert "已申请，待收件" in ask(typed(case.number), full_width("0001")).content.decode()


def test_what_is_not_found_is_headed_so():
    page = ask("33060220261122000000018", "0001").content.decode()
    assert '<h2 id="error-title">没有查到</h2>' in page
    assert "需要修改" not in page


@pytest.mark.parametrize("address", ["/r/item/中", "/r/case/中", "/r/item/a.b"])
def test_a_stable_address_with_junk_is_not_found(address):
    assert visitor(None).get(address).status_code == 404


def test_a_page_in_chinese_says_so_to_every_browser():
    page = visitor(None).get("/", headers={"Accept-Language": "en-GB,en"}).content.decode()
    assert '<html lang="zh-hans"' in page


def test_every_failure_has_the_same_answer():
    case = people.submitted()
    wrong_tail, wrong_number, junk = (
        ask(case.number, "9999"),
        ask("33060220261122000000018", "0001"),
        ask("x", ""),
    )
    errors = set()
    for response in (wrong_tail, wrong_number, junk):
        assert response.status_code == 404
        page = response.content.decode()
        errors.add(page[page.index("error-title") : page.index("</section>", page.index("error-title"))])
    assert len(errors) == 1


def test_after_five_failures_even_the_right_answer_waits():
    case = people.submitted()
    for _ in range(5):
        ask(case.number, "9999")
    assert ask(case.number, "0001").status_code == 404


def test_a_document_is_verified_by_anybody():
    case = people.received()
    (receipt,) = documents.documents_of(Reference("case", case.number))
    page = visitor(None).get(f"/v/{receipt.verify_code}").content.decode()
    assert "是本平台出具的文书" in page
    assert receipt.number in page
    assert "陈示例" not in page


def test_a_code_that_does_not_exist_is_answered_loudly():
    response = visitor(None).get("/v/" + "0" * 32)
    assert response.status_code == 404
    assert "没有查到" in response.content.decode()


@pytest.mark.parametrize(
    "typed", ["ABCD-ef01 2345 6789 abcd ef01 2345 6789", "abcdef0123456789abcdef0123456789"]
)
def test_a_code_may_be_typed_with_spaces_dashes_and_capitals(typed):
    response = visitor(None).get("/verify", {"code": typed.replace("ABCD-ef01", "ABCD-EF01")})
    assert response["Location"] == "/v/abcdef0123456789abcdef0123456789"


def test_a_code_of_the_wrong_shape_is_explained():
    response = visitor(None).get("/verify", {"code": "123"})
    assert response.status_code == 422
    assert "32 位数字和字母" in response.content.decode()
    assert visitor(None).get("/verify").status_code == 200


def test_the_stable_address_leads_each_person_to_his_own_page():
    case = people.submitted()
    address = f"/r/case/{case.number}"
    assert visitor(None).get(address)["Location"] == f"/progress?number={case.number}"
    assert visitor(people.OWNER).get(address)["Location"] == f"/my/cases/{case.number}/"
    assert visitor(people.CLERK).get(address)["Location"] == f"/desk/cases/{case.number}/"
    assert visitor(None).get("/r/item/road-freight-permit")["Location"] == "/items/road-freight-permit/"
    assert visitor(None).get("/r/ship/1").status_code == 404


def test_one_click_signs_in_and_out():
    client = visitor(None)
    assert client.post("/sign-in", {"username": people.OWNER})["Location"] == "/"
    assert "陈示例" in client.get("/").content.decode()
    client.post("/sign-out")
    assert "陈示例" not in client.get("/").content.decode()


def test_staff_come_to_the_desk():
    assert visitor(None).post("/sign-in", {"username": people.CLERK})["Location"] == "/desk/"


def test_signing_in_never_leads_to_another_site():
    response = visitor(None).post("/sign-in", {"username": people.OWNER, "next": "https://example.com/"})
    assert response["Location"] == "/"
    assert (
        visitor(None).post("/sign-in", {"username": people.OWNER, "next": "//example.com"})["Location"] == "/"
    )


def test_nobody_else_is_signed_in():
    response = visitor(None).post("/sign-in", {"username": "nobody"})
    assert response.status_code == 404


def test_the_demo_sign_in_exists_in_demos_only(settings):
    settings.YUEBAN_DEMO = False
    assert visitor(None).get("/sign-in").status_code == 404
    assert visitor(None).post("/sign-in", {"username": people.OWNER}).status_code == 404
