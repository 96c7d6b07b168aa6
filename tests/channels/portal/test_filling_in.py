"""Filling in an application: nothing typed is lost, nothing is sent twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people
from tests.channels.visitors import hidden, visitor
from yueban.cases.models import Application, Case
from yueban.flows import apply

pytestmark = pytest.mark.django_db
START = "/items/road-freight-permit/start"


def begun() -> Application:
    owner = people.actor(people.OWNER)
    return apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))


def posted(**changes: object) -> dict[str, object]:
    """The whole form as a page posts it."""
    flat: dict[str, object] = {}
    for key, value in people.FORM.items():
        if key in ("vehicles", "drivers"):
            for index, row in enumerate(value):
                flat |= {f"{key}-{index}-{element}": item for element, item in row.items()}
        else:
            flat[key] = value
    return flat | changes


def form_of(number: str) -> dict[str, object]:
    return Application.objects.get(number=number).form


def test_beginning_leads_to_the_form_and_beginning_again_to_the_same_draft():
    client = visitor(people.OWNER)
    company = people.company_of(people.actor(people.OWNER))
    data = {**people.ANSWERS, "apply.version": people.freight().pk, "apply.party": company}
    first, second = client.post(START, data), client.post(START, data)
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert client.get(first["Location"]).status_code == 200


def test_nobody_begins_in_the_name_of_another_company():
    company = people.company_of(people.actor(people.OWNER))
    data = {**people.ANSWERS, "apply.version": people.freight().pk, "apply.party": company}
    response = visitor(people.STRANGER).post(START, data)
    assert response.status_code == 403
    assert not Application.objects.exists()


@pytest.mark.parametrize("junk", ["", "x", "-1", "9" * 40])
def test_a_version_that_is_none_is_not_found(junk):
    assert visitor(people.OWNER).post(START, {"apply.version": junk, "apply.party": junk}).status_code == 404


def test_whoever_is_not_signed_in_signs_in_and_comes_back_to_his_answers():
    page = "/items/road-freight-permit/situation?vehicle_mass=heavy"
    response = visitor(None).post(START, {"apply.version": 1, "page": page})
    assert (
        response["Location"]
        == "/sign-in?next=%2Fitems%2Froad-freight-permit%2Fsituation%3Fvehicle_mass%3Dheavy"
    )


def test_what_is_known_is_filled_in_with_its_source():
    page = visitor(people.OWNER).get(f"/apply/{begun().number}/").content.decode()
    assert re.search(r'name="enterprise.uscc"[^>]*value="91999999MA990001XD"', page)
    assert "已为您填好，来自" in page


def test_a_form_without_mistakes_leads_to_the_materials():
    application = begun()
    response = visitor(people.OWNER).post(f"/apply/{application.number}/", posted(go="next"))
    assert response["Location"] == f"/apply/{application.number}/materials"
    assert form_of(application.number)["vehicles"][0]["vehicle.plate"] == "浙D00001"


def test_mistakes_are_named_beside_the_field_and_in_a_summary_and_all_is_kept():
    application = begun()
    response = visitor(people.OWNER).post(
        f"/apply/{application.number}/", posted(**{"contact.phone": "12", "contact.name": ""})
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#f-contact-phone">' in page
    assert '<a href="#f-contact-name">' in page
    assert page.index("data-focus") < page.index("application-form")
    assert form_of(application.number)["contact.phone"] == "12"


def test_the_summary_says_which_field_of_which_row_is_wrong():
    application = begun()
    wrong = posted(**{"drivers-0-driver.id_number": "1"})
    page = visitor(people.OWNER).post(f"/apply/{application.number}/", wrong).content.decode()
    assert re.search(r'<a href="#f-drivers-0-driver-id-number">驾驶员 1 · [^：<]*：', page)


def test_rows_are_added_and_removed_without_scripts():
    application = begun()
    client, here = visitor(people.OWNER), f"/apply/{application.number}/"
    added = client.post(here, posted(add="vehicles"))
    assert added["Location"] == f"{here}?extra=vehicles#s-vehicles"
    assert 'name="vehicles-1-vehicle.plate"' in client.get(f"{here}?extra=vehicles").content.decode()
    second = {"vehicles-1-vehicle.plate": "浙D00002", "vehicles-1-vehicle.gross_mass": "12"}
    removed = client.post(here, posted(**second, remove="vehicles-0"))
    assert removed["Location"] == f"{here}#s-vehicles"
    assert [row["vehicle.plate"] for row in form_of(application.number)["vehicles"]] == ["浙D00002"]


def test_autosave_keeps_what_is_typed_and_gives_the_new_revision():
    application = begun()
    client = visitor(people.OWNER)
    page = client.get(f"/apply/{application.number}/").content.decode()
    data = {"contact.name": "陈", "revision": hidden(page, "revision"), "shape": hidden(page, "shape")}
    saved = client.post(f"/apply/{application.number}/autosave", data, headers={"HX-Request": "true"})
    assert saved.status_code == 200
    assert "已自动保存" in saved.content.decode()
    assert int(hidden(saved.content, "revision")) > int(data["revision"])
    assert form_of(application.number)["contact.name"] == "陈"


def test_a_page_that_is_stale_changes_nothing_and_says_so():
    application = begun()
    client = visitor(people.OWNER)
    address = f"/apply/{application.number}/autosave"
    client.post(address, {"contact.name": "新", "revision": 0}, headers={"HX-Request": "true"})
    stale = client.post(address, {"contact.name": "旧", "revision": 0}, headers={"HX-Request": "true"})
    assert stale.status_code == 409
    assert form_of(application.number)["contact.name"] == "新"


def test_what_was_typed_when_the_session_ended_is_there_after_signing_in():
    application = begun()
    client = visitor(None)
    here = f"/apply/{application.number}/"
    response = client.post(here, posted(**{"contact.name": "陈新名"}, revision=0, page=here))
    assert response["Location"].startswith("/sign-in?next=")
    back = client.post("/sign-in", {"username": people.OWNER, "next": here})
    assert back["Location"] == here
    page = client.get(here).content.decode()
    assert "已恢复您登录前填写的内容" in page
    assert 'value="陈新名"' in page


def test_what_one_person_typed_is_never_shown_to_the_next():
    application = begun()
    client = visitor(None)
    here = f"/apply/{application.number}/"
    client.post(here, posted(**{"contact.name": "陈新名"}, revision=0, page=here))
    client.post("/sign-in", {"username": people.STRANGER, "next": here})
    response = client.get(here)
    assert response.status_code == 404
    assert "陈新名" not in response.content.decode()


def test_autosave_after_the_session_ended_says_where_to_sign_in():
    response = visitor(None).post(f"/apply/{begun().number}/autosave", {}, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "在新窗口登录" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("坏.pdf", b"hello", "类型"),
        ("空.pdf", b"", "空"),
        ("大.exe", b"MZ\x90\x00", "类型"),
    ],
)
def test_a_file_that_is_not_taken_says_why_beside_its_material(name, content, words):
    application = begun()
    response = visitor(people.OWNER).post(
        f"/apply/{application.number}/materials/safety-rules", {"file": SimpleUploadedFile(name, content)}
    )
    page = response.content.decode()
    assert response.status_code >= 400
    assert words in page
    assert 'href="#file-safety-rules"' in page
    assert '<h2 id="error-title">文件没有传上</h2>' in page
    assert not application.files.exists()


def test_uploading_nothing_says_to_choose_a_file():
    response = visitor(people.OWNER).post(f"/apply/{begun().number}/materials/safety-rules")
    assert "还没有选择文件" in response.content.decode()


def test_an_uploaded_file_can_be_looked_at_and_taken_out():
    application = begun()
    client = visitor(people.OWNER)
    client.post(
        f"/apply/{application.number}/materials/safety-rules",
        {"file": SimpleUploadedFile("制度.pdf", people.PDF)},
    )
    number = application.files.get().file.number
    shown = client.get(f"/files/{number}")
    assert b"".join(shown.streaming_content) == people.PDF
    assert shown["X-Content-Type-Options"] == "nosniff"
    client.post(f"/apply/{application.number}/files/{number}/remove")
    assert "制度.pdf" not in client.get(f"/apply/{application.number}/materials").content.decode()


def test_the_preview_names_what_is_missing_and_does_not_send():
    application = begun()
    client = visitor(people.OWNER)
    page = client.get(f"/apply/{application.number}/preview").content.decode()
    assert "处没有填好" in page
    assert "提交申请" not in page
    assert client.post(f"/apply/{application.number}/preview", {"agreed": "1"}).status_code == 200
    assert not Case.objects.exists()


def test_sending_needs_the_declaration_and_happens_once():
    application = people.draft()
    client = visitor(people.OWNER)
    address = f"/apply/{application.number}/preview"
    without = client.post(address)
    assert without.status_code == 422
    assert "请先勾选声明" in without.content.decode()
    first, second = client.post(address, {"agreed": "1"}), client.post(address, {"agreed": "1"})
    case = Case.objects.get()
    assert first["Location"] == f"/my/cases/{case.number}/?submitted=1"
    assert second["Location"] == f"/my/cases/{case.number}/"
    assert "已经提交" in client.get(first["Location"]).content.decode()


def test_what_is_shown_back_is_written_as_people_write_it():
    application = people.draft()
    vehicle = people.FORM["vehicles"][0] | {"vehicle.plate": "浙d00001"}
    apply.save_draft(
        people.actor(people.OWNER), application.number, {**people.FORM, "vehicles": [vehicle]}, None
    )
    page = visitor(people.OWNER).get(f"/apply/{application.number}/preview").content.decode()
    assert "浙D00001" in page
    assert "2027年6月30日" in page


def test_giving_up_a_draft_takes_a_second_press():
    page = visitor(people.OWNER).get(f"/apply/{people.draft().number}/preview").content.decode()
    assert page.index("<summary>不办了，放弃这份草稿") < page.index("确定放弃")


@pytest.mark.parametrize("party", ["", "x", "-1"])
def test_a_party_that_is_none_is_refused(party):
    data = {**people.ANSWERS, "apply.version": people.freight().pk, "apply.party": party}
    assert visitor(people.OWNER).post(START, data).status_code == 403


def test_identity_numbers_are_masked_when_shown_back():
    page = visitor(people.OWNER).get(f"/apply/{people.draft().number}/preview").content.decode()
    assert "99999919850316001X" not in page
    assert "138****0001" in page


@pytest.mark.parametrize("part", ["", "materials", "preview"])
@pytest.mark.parametrize("who", [people.STRANGER, people.CITIZEN, people.CLERK])
def test_a_draft_is_nobody_elses(part, who):
    number = people.draft().number
    assert visitor(who).get(f"/apply/{number}/{part}").status_code == 404


@pytest.mark.parametrize("part", ["", "autosave", "materials/safety-rules", "preview", "discard"])
def test_a_draft_is_changed_by_nobody_else(part):
    application = people.draft()
    before = Application.objects.get(pk=application.pk)
    response = visitor(people.STRANGER).post(
        f"/apply/{application.number}/{part}", {"contact.name": "别人", "agreed": "1"}
    )
    after = Application.objects.get(pk=application.pk)
    assert response.status_code == 404
    assert (after.form, after.state) == (before.form, before.state)


def test_a_part_of_the_form_that_asks_for_nothing_is_not_shown():
    client = visitor(people.CITIZEN)
    answers = {"stage": "planning", "link": "household", "order": "1"}
    page = client.get("/items/birth-service-registration/situation", answers).content
    start = {name: hidden(page, name) for name in ("apply.version", "apply.party", *answers)}
    form = client.post("/items/birth-service-registration/start", start, follow=True).content.decode()
    assert "s-partner" in form
    assert "s-child" not in form


def test_what_is_kept_while_somebody_signs_in_lies_readable_in_no_session_and_has_an_end():
    client = visitor(None)
    client.post("/my/mandates/new", {"revision": "0", "id_number": "99999919850316001X", "name": "陈示例"})
    kept = client.session["held_form"]
    assert "99999919850316001X" not in str(kept)
    assert kept["page"] == "/my/mandates/new"
    stranger = visitor(None)
    stranger.post("/my/mandates/new", {"revision": "0", "reason": "字" * 200_000})
    assert "held_form" not in stranger.session
