"""Bad input through the real addresses: refused with a sentence at its field, and the draft is unharmed."""

from copy import deepcopy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people
from tests.channels.visitors import hidden, visitor
from tests.files import samples
from yueban.cases.errors import CaseInputInvalid
from yueban.cases.models import Application
from yueban.catalogue import selectors as catalogue
from yueban.documents import selectors as documents
from yueban.documents import services as document_services
from yueban.files import selectors as files
from yueban.files.models import StoredFile
from yueban.flows import apply, review, supplement
from yueban.kernel.reference import Reference
from yueban.parties.models import Party

pytestmark = pytest.mark.django_db
MATERIAL = "safety-rules"
# 49 letters and the separators of 民委发〔2016〕33号: fifty characters and more are a name.
LONG_NAME = "·".join(["阿卜杜热合曼江"] * 6) + "·伊力"
RARE = ["䶮", "㛃", "\U00020000", "\U000313f0"]


def saved(application: Application) -> tuple[object, ...]:
    """All that a person has put into a draft."""
    application.refresh_from_db()
    rows = application.files.filter(removed_at=None).order_by("pk")
    return application.form, application.state, [(row.material_key, row.file.sha256) for row in rows]


def posted(form: dict[str, object]) -> dict[str, object]:
    """A form as a browser sends it."""
    return dict(catalogue.flat(people.freight().compiled, form))


# --- check digits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("element", "wrong"),
    [
        ("enterprise.uscc", "91999999MA990001X1"),
        ("contact.id_number", "999999198503160019"),
        ("contact.id_number", "99999919850230001X"),
        ("contact.phone", "1380000000"),
    ],
)
def test_a_wrong_check_digit_is_named_at_its_field_and_what_was_typed_is_kept(element, wrong):
    application = people.draft()
    client = visitor(people.OWNER)
    address = f"/apply/{application.number}/"
    form = people.FORM | {element: wrong}
    response = client.post(
        address, posted(form) | {"revision": hidden(client.get(address).content, "revision")}
    )
    assert response.status_code == 422
    page = response.content.decode()
    shown = "".join(letter if letter.isalnum() else "-" for letter in element)
    assert f'href="#f-{shown}"' in page, "the summary of errors leads to the field"
    assert wrong in page
    application.refresh_from_db()
    assert application.form[element] == wrong, "nothing a person typed is lost"
    errors = apply.check(people.actor(people.OWNER), application.number).errors
    assert set(errors) == {element}
    assert (
        visitor(people.OWNER).post(f"/apply/{application.number}/preview", {"agreed": "1"}).status_code == 200
    )
    application.refresh_from_db()
    assert application.state == "draft"


def test_a_wrong_check_digit_in_a_row_names_the_row():
    form = deepcopy(people.FORM)
    form["drivers"].append(dict(form["drivers"][0], **{"driver.id_number": "999999198806120051"}))
    application = people.draft()
    saved_now = apply.save_draft(people.actor(people.OWNER), application.number, form, None)
    assert list(saved_now.errors) == ["drivers-1-driver.id_number"]


# --- uploads ------------------------------------------------------------------------------------------

REFUSED = {
    "another kind with the right suffix": ("执照.pdf", lambda: samples.PNG),
    "a program": ("制度.pdf", lambda: b"MZ\x90\x00" + bytes(64)),
    "nothing": ("制度.pdf", lambda: b""),
    "200 MB": ("制度.pdf", lambda: b"%PDF-" + bytes(200 * 1024 * 1024)),
    "a zip bomb": ("制度.docx", samples.bomb),
    "a web page": ("制度.pdf", lambda: b"<html><script>alert(1)</script></html>"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_upload_says_why_beside_the_material_and_leaves_the_draft_as_it_was(what):
    name, make = REFUSED[what]
    application = people.draft()
    before, rows = saved(application), StoredFile.objects.count()
    address = f"/apply/{application.number}/materials/{MATERIAL}"
    response = visitor(people.OWNER).post(address, {"file": SimpleUploadedFile(name, make())})
    assert 400 <= response.status_code < 500
    assert f"file-{MATERIAL}" in response.content.decode()
    assert (saved(application), StoredFile.objects.count()) == (before, rows)


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_supplement_leaves_the_case_as_it_was(what):
    name, make = REFUSED[what]
    case = people.received()
    review.request_supplement(
        people.actor(people.CLERK), case.number, [{"material": MATERIAL, "what": "缺章"}]
    )
    rows = StoredFile.objects.count()
    address = f"/my/cases/{case.number}/supplement/{MATERIAL}"
    response = visitor(people.OWNER).post(address, {"file": SimpleUploadedFile(name, make())})
    assert 400 <= response.status_code < 500
    assert StoredFile.objects.count() == rows
    case.refresh_from_db()
    assert [material.key for material in supplement.missing_answers(case)] == [MATERIAL]


@pytest.mark.parametrize(
    "name", ["../../etc/制度.pdf", "C:\\windows\\制度.pdf", "/etc/制度.pdf", "a/\u202efdp.制度.pdf"]
)
def test_a_name_with_path_parts_keeps_only_its_last_part(name, data_dir):
    application = people.draft()
    address = f"/apply/{application.number}/materials/{MATERIAL}"
    body = (
        f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode() + people.PDF + b"path\r\n--b--\r\n"  # fmt: skip
    client = visitor(people.OWNER)
    response = client.generic("POST", address, body, content_type="multipart/form-data; boundary=b")
    assert response.status_code == 302
    kept = application.files.filter(removed_at=None, material_key=MATERIAL).order_by("-pk").first().file
    assert kept.name.endswith("制度.pdf")
    assert not set(kept.name) & set("/\\\u202e:")
    on_disk = [path for path in data_dir.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(data_dir / "blobs") for path in on_disk)
    response = visitor(people.OWNER).get(f"/files/{kept.number}")
    assert b"".join(response.streaming_content).startswith(people.PDF)
    response.close()


# --- names --------------------------------------------------------------------------------------------

BAD_NAMES = {
    "zero width": "陈\u200b示例",
    "joiner": "陈\u200d示例",
    "bidi override": "陈\u202e示例",
    "bidi isolate": "陈\u2066示例",
    "too long": "陈" * 10_000,
}


@pytest.mark.parametrize("what", BAD_NAMES)
@pytest.mark.parametrize("element", ["contact.name", "enterprise.legal_person_name", "enterprise.name"])
def test_a_name_that_cannot_be_read_is_refused_and_its_field_named(element, what):
    application = people.draft()
    client = visitor(people.OWNER)
    address = f"/apply/{application.number}/"
    form = people.FORM | {element: BAD_NAMES[what]}
    response = client.post(
        address, posted(form) | {"revision": hidden(client.get(address).content, "revision")}
    )
    assert response.status_code == 422
    errors = apply.check(people.actor(people.OWNER), application.number).errors
    assert set(errors) == {element}
    assert ("超过" if what == "too long" else "第 2 个字") in errors[element]
    # What the page says is what the check says, and the invisible character is named by its code, not repeated.
    assert errors[element][:8] in response.content.decode()


@pytest.mark.parametrize("name", [*(f"李{character}" for character in RARE), LONG_NAME, "李四 ・ 王"])
def test_rare_and_long_names_are_taken_stored_and_come_back(name):
    application = people.draft()
    client = visitor(people.OWNER)
    address = f"/apply/{application.number}/"
    form = people.FORM | {"contact.name": name, "enterprise.legal_person_name": name}
    response = client.post(
        address, posted(form) | {"revision": hidden(client.get(address).content, "revision")}
    )
    assert response.status_code == 302
    case = apply.submit(people.actor(people.OWNER), application.number)
    stored = name.replace(" ・ ", "·")
    case.refresh_from_db()
    assert case.form["contact.name"] == stored
    assert stored in visitor(people.OWNER).get(f"/my/cases/{case.number}/").content.decode()


@pytest.mark.parametrize("name", [*(f"示例{character}运输有限公司" for character in RARE), LONG_NAME])
def test_rare_and_long_names_are_found_again_and_printed_or_named(name, read_pdf):
    Party.objects.filter(name="示例运输有限公司").update(name=name)
    case = people.received()
    text = name if name == LONG_NAME else name[2]
    found = visitor(people.CLERK).get("/desk/cases/", {"text": text}).content.decode()
    assert f"/desk/cases/{case.number}/" in found
    assert name in found
    assert case.number not in visitor(people.CLERK).get("/desk/cases/", {"text": "龘"}).content.decode()
    receipt = documents.documents_of(Reference("case", case.number)).get(kind="receipt")
    receipt = document_services.render_document(receipt.pk)
    with files.open_file(receipt.file) as handle:
        printed = read_pdf(handle.read())
    missing = documents.missing_characters(name)
    shown = name
    for character in missing:
        shown = shown.replace(character.character, character.printed)
        assert f"文中{character.printed}" in printed, "the document says which character it names"
    assert shown in printed


def test_a_clerks_words_are_cleaned_too_and_the_field_is_named():
    case = people.received()
    clerk = people.actor(people.CLERK)
    for bad in ("缺\u202e章", "缺" * 10_000):
        with pytest.raises(CaseInputInvalid) as refusal:
            review.request_supplement(clerk, case.number, [{"material": MATERIAL, "what": bad}])
        assert set(refusal.value.fields) == {"items"}
        with pytest.raises(CaseInputInvalid) as refusal:
            review.refuse_acceptance(clerk, case.number, bad)
        assert set(refusal.value.fields) == {"reason"}
    case.refresh_from_db()
    assert case.state == "received"
