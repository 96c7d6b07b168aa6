"""A system hands in for an enterprise: from the first request to the case number, the supplement, the document."""

import json

import pytest

from tests import partners, people, village
from yueban.cases.models import Application, Case
from yueban.documents.models import Document
from yueban.documents.services import render_document
from yueban.flows import api_keys, review
from yueban.kernel.codes import uscc
from yueban.parties.models import Look, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> partners.System:
    return partners.system()


def test_an_application_becomes_a_case_at_the_keys_agency(system):
    number = system.submitted()
    case = Case.objects.get(number=number)
    assert case.intake_agency.code == partners.HALL
    assert (case.party.name, case.application.channel) == ("示例运输有限公司", "api")
    assert case.application.user_id == system.key.user_id
    told = system.get(f"/cases/{number}")
    assert (told["state"], told["state_code"], told["is_ended"]) == ("applied", "10", False)
    assert review.receive(people.actor(people.CLERK), number).state == "received"


def test_the_answer_names_nobody(system):
    number = system.submitted()
    told = json.dumps([system.get(f"/cases/{number}"), system.get("/cases")], ensure_ascii=False)
    for secret in ("示例运输", "陈示例", "91999999MA990001XD", "13800000001"):
        assert secret not in told


def test_a_command_sent_again_changes_nothing(system):
    first = system.post("/applications", partners.APPLICATION, key="k-1").json()
    again = system.post("/applications", partners.APPLICATION, key="k-1").json()
    assert first["number"] == again["number"] and Application.objects.count() == 1
    number = system.ready()
    cases = [system.post(f"/applications/{number}/submit", key="k-2").json()["number"] for _ in range(2)]
    assert cases[0] == cases[1] and Case.objects.count() == 1


def test_an_idempotency_key_serves_one_content_only(system):
    system.post("/applications", partners.APPLICATION, key="k-1")
    other = partners.APPLICATION | {"answers": {}}
    refused = system.post("/applications", other, key="k-1")
    assert (refused.status_code, refused.json()["code"]) == (409, "api.idempotency_key_reused")


def test_a_refused_command_leaves_its_key_free(system):
    number = system.started()
    refused = system.post(f"/applications/{number}/submit", key="k-9")
    assert (refused.status_code, refused.json()["code"]) == (422, "application.invalid")
    system.ready()
    assert system.post(f"/applications/{number}/submit", key="k-9").status_code == 201


def test_every_look_at_a_party_is_kept(system):
    system.started()
    look = Look.objects.get()
    assert (look.party.name, look.purpose) == ("示例运输有限公司", "其他系统代为申请")
    assert look.actor_name == f"{system.key.name}（接口）"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "另一家公司"}, "name"),
        ({"id_number": "91999999MA990001XX"}, "id_number"),
        ({"kind": "person", "name": "陈示例", "id_number": "999999198503160011"}, "id_number"),
        ({"kind": "person", "name": "不是陈示例", "id_number": "99999919850316001X"}, "name"),
    ],
)
def test_a_number_and_a_name_that_do_not_belong_together_are_refused(system, changes, field):
    wrong = partners.APPLICATION["applicant"] | changes
    refused = system.post("/applications", partners.APPLICATION | {"applicant": wrong})
    assert refused.status_code == 422
    assert list(refused.json()["data"]["fields"]) == [field]
    assert "陈示例" not in refused.content.decode() and "示例运输" not in refused.content.decode()
    assert not Application.objects.exists()


def test_an_enterprise_that_nobody_knows_is_registered_with_its_source(system):
    code = uscc.compose("91999999MA9900103")
    new = {"kind": "enterprise", "name": "样例仓储有限公司", "id_number": code}
    answer = system.post("/applications", partners.APPLICATION | {"applicant": new})
    assert answer.status_code == 201, answer.content.decode()
    party = Party.objects.get(name="样例仓储有限公司")
    assert party.profiles.get().source == "其他系统申报（未核对原件）"


def test_without_the_applicants_consent_nothing_begins(system):
    assert system.post("/applications", partners.APPLICATION | {"consent": False}).status_code == 422


def test_a_system_of_another_agency_finds_nothing_of_it(system):
    case, draft = system.submitted(), system.started()
    other = partners.system(partners.ELSEWHERE)
    for path in (f"/cases/{case}", f"/cases/{case}/documents", f"/applications/{draft}"):
        answer = other.ask("get", path)
        made_up = other.ask(
            "get", path.replace(case, "33060220261122000099995").replace(draft, "SQ22222222222222")
        )
        assert (answer.status_code, answer.json()) == (404, made_up.json())
    for path in (f"/cases/{case}/withdraw", f"/cases/{case}/supplement", f"/applications/{draft}/submit"):
        assert other.post(path).status_code == 404
    assert other.get("/cases") == {"cases": [], "next": None}


def test_the_deciding_agencys_system_sees_the_case_but_cannot_withdraw_it(system):
    number = system.submitted()
    decider = partners.system(partners.TRANSPORT)
    assert decider.get(f"/cases/{number}")["number"] == number
    assert decider.post(f"/cases/{number}/withdraw").status_code == 403


def test_a_case_of_the_window_is_not_withdrawn_by_a_system(system):
    case = people.submitted()
    assert system.get(f"/cases/{case.number}")["state"] == "applied"
    refused = system.post(f"/cases/{case.number}/withdraw")
    assert refused.status_code == 403
    case.refresh_from_db()
    assert case.state == "applied"


def test_a_supplement_goes_back_and_forth(system):
    number = system.submitted()
    clerk = people.actor(people.CLERK)
    review.receive(clerk, number)
    review.request_supplement(clerk, number, [{"material": "safety-rules", "what": "缺少盖章"}])
    told = system.get(f"/cases/{number}")
    assert told["supplement"]["items"][0]["material"] == "safety-rules"
    early = system.post(f"/cases/{number}/supplement")
    assert (early.status_code, early.json()["code"]) == (422, "application.invalid")
    path = f"/cases/{number}/supplement/files"
    assert system.upload(path, "safety-rules", people.PDF + b"new").status_code == 201
    assert system.upload(path, "business-licence").status_code == 409
    sent = [
        system.post(f"/cases/{number}/supplement", {"revision": told["revision"]}, key="s") for _ in range(2)
    ]
    assert [answer.json()["state"] for answer in sent] == ["received", "received"]


def test_a_withdrawal_on_an_old_reading_is_refused(system):
    number = system.submitted()
    revision = system.get(f"/cases/{number}")["revision"]
    review.receive(people.actor(people.CLERK), number)
    stale = system.post(f"/cases/{number}/withdraw", {"revision": revision})
    assert (stale.status_code, stale.json()["code"]) == (409, "case.stale")
    assert system.post(f"/cases/{number}/withdraw").json()["state"] == "withdrawn"


def test_documents_are_listed_and_downloaded_when_they_are_made(system):
    number = system.submitted()
    review.receive(people.actor(people.CLERK), number)
    (receipt,) = [d for d in system.get(f"/cases/{number}/documents")["documents"] if d["kind"] == "receipt"]
    path = f"/cases/{number}/documents/{receipt['code']}"
    assert system.ask("get", path).json()["code"] == "document.not_found"
    render_document(Document.objects.get(number=receipt["number"]).pk)
    response = system.ask("get", path)
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_pages_of_cases_miss_none_and_repeat_none(system):
    wanted = {people.submitted().number for _ in range(5)}
    found, cursor = [], ""
    while cursor is not None:
        page = system.get(f"/cases?limit=2&cursor={cursor}")
        found += [case["number"] for case in page["cases"]]
        cursor = page["next"]
    assert len(found) == 5 and set(found) == wanted


def test_a_mangled_cursor_is_refused(system):
    assert system.ask("get", "/cases?cursor=nonsense").status_code == 422


def test_a_longer_list_asks_no_more_questions(system, django_assert_max_num_queries):
    for _ in range(4):
        people.submitted()
    system.get("/cases")
    with django_assert_max_num_queries(7):
        system.get("/cases")


def test_versions_need_a_key_and_show_no_draft():
    reader = partners.system(partners.HALL, "catalogue:read")
    told = reader.get("/items/road-freight-permit/versions?division=330602000000")
    assert told["versions"][0]["is_in_force"] is True
    number = told["versions"][0]["number"]
    whole = reader.get(f"/items/road-freight-permit/versions/{number}?division=330602000000")
    assert whole["form"]["json_schema"] == people.freight().compiled.form.json_schema
    assert reader.ask("get", "/items/road-freight-permit/versions/999").status_code == 404


def test_an_account_that_is_on_record_is_not_changed_from_afar():
    person = Party.objects.get(number="lin-person")
    key = partners.system("town-330602011")
    body = {
        "applicant": {"kind": "person", "name": person.name, "id_number": village.ID_NUMBER},
        "item": village.ITEM,
        "division": "330602011220",
        "answers": village.ANSWERS,
        "form": village.FORM | {"person.social_card_account": "6217999199001011234"},
        "consent": True,
    }
    number = key.post("/applications", body).json()["number"]
    refused = key.post(f"/applications/{number}/submit")
    assert "person.social_card_account" in refused.json()["data"]["fields"]


def test_a_system_that_tries_names_is_stopped(system, monkeypatch):
    monkeypatch.setattr("yueban.cases.selectors.FINDS_OF_A_COUNTER", 2)
    wrong = partners.APPLICATION | {"applicant": partners.APPLICATION["applicant"] | {"name": "猜一个"}}
    answers = [system.post("/applications", wrong).json()["code"] for _ in range(3)]
    assert answers == ["service.invalid", "service.invalid", "case.too_many_finds"]


def test_a_key_that_was_taken_back_hands_in_nothing(system):
    number = system.ready()
    api_keys.revoke_key(people.actor(partners.ADMIN), system.key.prefix, reason="密钥泄露")
    assert system.post(f"/applications/{number}/submit").status_code == 401
    assert not Case.objects.exists()
