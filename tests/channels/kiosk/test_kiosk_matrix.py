"""Who gets what at a registered terminal: every address of the channel that names somebody's things."""

import pytest

from tests import bundles, people
from tests.channels.kiosk_matrix import KIOSK
from tests.channels.kiosk_visitors import at_kiosk
from yueban.cases.models import MaterialFile
from yueban.documents.choices import DocumentState
from yueban.documents.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def things(rows_of_module) -> dict[str, str]:
    """The owner's case with a document that can be printed, and a draft of his."""
    case, draft = people.accepted(), people.draft()
    document = Document.objects.get(subject_number=case.number, kind="acceptance")
    document.file = MaterialFile.objects.get(material__case=case, material__key="safety-rules").file
    document.state = DocumentState.READY
    document.save(update_fields=["file", "state"])
    file = draft.files.get(material_key="safety-rules").file
    parent = bundles.goods_submitted().number
    return {
        "parent": parent,
        "case": case.number,
        "draft": draft.number,
        "code": document.verify_code,
        "file": file.number,
    }


#: name → address, method, what nobody, the owner and a stranger get.
ASKED = {
    "my": ("/kiosk/my/", "get", (302, 200, 200)),
    "papers": ("/kiosk/papers/", "get", (302, 200, 200)),
    "form": ("/kiosk/apply/{draft}/", "get", (302, 200, 404)),
    "materials": ("/kiosk/apply/{draft}/materials", "get", (302, 200, 404)),
    "scan": ("/kiosk/apply/{draft}/materials/safety-rules/scan", "post", (302, 302, 404)),
    "promise": ("/kiosk/apply/{draft}/materials/safety-rules/promise", "post", (302, 422, 404)),
    "use-again": ("/kiosk/apply/{draft}/materials/safety-rules/again", "post", (302, 403, 404)),
    "remove-file": ("/kiosk/apply/{draft}/files/{file}/remove", "post", (302, 302, 404)),
    "review": ("/kiosk/apply/{draft}/review", "get", (302, 200, 404)),
    "case": ("/kiosk/my/{case}/", "get", (302, 200, 404)),
    "slip": ("/kiosk/my/{case}/slip", "post", (302, 200, 404)),
    "print": ("/kiosk/papers/document/{code}/print", "post", (302, 200, 404)),
    "bundle-case": ("/kiosk/my/bundles/{parent}/", "get", (302, 200, 404)),
    "bundle-slip": ("/kiosk/my/bundles/{parent}/slip", "post", (302, 200, 404)),
    "bundle-start": ("/kiosk/bundles/goods-transport/start", "post", (302, 404, 404)),
    "start": ("/kiosk/items/road-freight-permit/start", "post", (302, 404, 404)),
}
OPEN = {
    *("home", "register", "wipe", "alive", "devices", "sign-in", "confirm", "do", "find", "services"),
    *("track", "windows", "guide", "details", "situation", "progress", "verify"),
    *("bundles", "bundle", "bundle-questions"),
}


def test_every_address_of_the_kiosk_is_asked_or_open_to_everybody():
    assert {row.name.removeprefix("kiosk:") for row in KIOSK} == ASKED.keys() | OPEN


@pytest.mark.parametrize(("column", "who"), enumerate([None, people.OWNER, people.STRANGER]))
def test_each_gets_his_own_and_nobody_elses(column, who, things):
    found = {}
    for name, (address, method, statuses) in ASKED.items():
        client = at_kiosk(who)
        answer = getattr(client, method)(address.format(**things))
        if answer.status_code != statuses[column]:
            found[name] = f"{answer.status_code}, not {statuses[column]}"
    assert found == {}


def test_what_is_anothers_answers_like_what_does_not_exist(things):
    client = at_kiosk(people.STRANGER)
    made_up = {
        "parent": "YJ330602000000000000",
        "case": "33060220261122000099995",
        "draft": "SQ22222222222222",
        "code": "f" * 32,
        "file": "0" * 32,
    }
    for name, (address, method, _) in ASKED.items():
        if "{" not in address:
            continue
        real = getattr(client, method)(address.format(**things))
        guess = getattr(client, method)(address.format(**made_up))
        assert real.status_code == guess.status_code, name


def test_nobodys_name_is_shown_to_a_stranger(things):
    client = at_kiosk(people.STRANGER)
    for screen in ("my/", "papers/", "do/", ""):
        assert "示例运输有限公司" not in client.get(f"/kiosk/{screen}").content.decode()
