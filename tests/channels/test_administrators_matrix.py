"""三员 × every page of theirs: each has his own, none has another's, and none has a matter of anybody."""

import pytest
from django.urls import reverse

from tests import people
from tests.channels.visitors import content_of, visitor
from yueban.audit.models import Event
from yueban.flows import administer

pytestmark = pytest.mark.django_db
ROLES = ("admin-su", "admin-an", "auditor-shen", people.SUPERVISOR, people.CLERK)
#                                     su   an   shen sup  clerk
MATRIX = {
    "desk:people": ([], (200, 200, 403, 403, 403)),
    "desk:person": ([people.CLERK], (200, 200, 403, 403, 403)),
    "desk:agencies": ([], (200, 403, 403, 403, 403)),
    "desk:agency": (["yuecheng-transport"], (200, 403, 403, 403, 403)),
    "desk:post-requests": ([], (200, 200, 403, 403, 403)),
    "desk:security": ([], (403, 200, 403, 403, 403)),
    "desk:audit-search": ([], (403, 403, 200, 403, 403)),
    "desk:audit": ([], (403, 403, 200, 200, 403)),
    "desk:api-keys": ([], (200, 200, 403, 403, 403)),
    "desk:key-requests": ([], (200, 200, 403, 403, 403)),
    "desk:key-request-new": ([], (200, 403, 403, 403, 403)),
    "desk:entries": ([], (403, 403, 403, 200, 403)),
    "desk:live": ([], (403, 403, 403, 200, 403)),
    "desk:payments": ([], (403, 403, 403, 200, 403)),
    "desk:intake": ([], (403, 403, 403, 403, 200)),
    "desk:inbox": ([], (200,) * 5),
    "desk:cases": ([], (200,) * 5),
}
#                        create  ask    end    reset  unlock stop
STEPS = {
    "admin-su": {"ask": 422, "end": 403, "reset": 403, "unlock": 403, "deactivate": 302},
    "admin-an": {"ask": 403, "end": 403, "reset": 200, "unlock": 302, "deactivate": 403},
    "auditor-shen": dict.fromkeys(("ask", "end", "reset", "unlock", "deactivate"), 403),
}


@pytest.mark.parametrize("name", MATRIX)
def test_each_administrator_has_his_pages_and_no_others(name):
    arguments, statuses = MATRIX[name]
    found = tuple(visitor(role).get(reverse(name, args=arguments)).status_code for role in ROLES)
    assert found == statuses


@pytest.mark.parametrize("who", STEPS)
def test_each_step_on_an_account_is_one_administrators(who):
    client = visitor(who)
    for act, status in STEPS[who].items():
        address = reverse("desk:person-step", args=[people.OTHER_CLERK, act])
        assert client.post(address).status_code == status, act


def test_two_people_give_a_post_on_their_pages():
    system, security = visitor("admin-su"), visitor("admin-an")
    typed = {"role": "checker", "agency": "yuecheng-government-services", "reason": "新到岗"}
    page = reverse("desk:person", args=[people.OTHER_CLERK])
    told = system.post(f"{page}ask", typed, follow=True).content.decode()
    assert "等安全管理员复核" in told
    listed = security.get("/desk/staff/requests/").content.decode()
    number = listed.split("/desk/staff/requests/SG", 1)[1].split('"', 1)[0]
    refused = security.post(f"/desk/staff/requests/SG{number}", {"decision": "refuse"}, follow=True)
    assert "请写明理由" in refused.content.decode()
    agreed = security.post(f"/desk/staff/requests/SG{number}", {"decision": "approve"}, follow=True)
    assert "已同意" in agreed.content.decode()
    assert "协查人员" in system.get(page).content.decode()


def test_an_account_is_made_with_a_password_told_once():
    client = visitor("admin-su")
    page = client.post("/desk/staff/", {"username": "newcomer", "name": "新同事"}).content.decode()
    assert "只显示这一次" in page
    again = client.get("/desk/staff/?text=newcomer").content.decode()
    assert "新同事" in again
    assert "只显示这一次" not in again


def test_a_citizen_is_no_account_for_administrators():
    assert visitor("admin-su").get(reverse("desk:person", args=[people.OWNER])).status_code == 404


def test_the_auditor_finds_by_person_object_kind_and_day():
    case = people.received()
    client = visitor("auditor-shen")
    search = "/desk/audit/search/"
    assert case.number in client.get(search).content.decode()
    for narrowed in (
        {"number": case.number},
        {"number": f"case:{case.number}", "kind": "receive"},
        {"person": people.CLERK, "kind": "receive"},
        {"from": f"{case.applied_at:%Y-%m-%d}"},
    ):
        assert case.number in client.get(search, narrowed).content.decode(), narrowed
    for other in ({"kind": "grant"}, {"person": people.DECIDER}, {"person": "nobody"}, {"to": "2020-01-01"}):
        assert "没有符合的记录" in client.get(search, other).content.decode(), other
    odd = client.get(search, {"mark": "bad", "from": "2026-13-01", "number": "a\x00b"})
    assert odd.status_code in (200, 422)


def test_the_next_page_of_the_audit_begins_where_the_first_ended():
    for _ in range(12):
        people.received()
    client = visitor("auditor-shen")
    seen: list[str] = []
    address = "/desk/audit/search/"
    while address:
        page = client.get(address).content.decode()
        seen += [part.split("<", 1)[0] for part in page.split('muted block number">')[1:]]
        address = (
            "/desk/audit/search/?" + page.split('" rel="next"')[0].rsplit("?", 1)[1].replace("&amp;", "&")
            if 'rel="next"' in page
            else ""
        )
    assert len(seen) == len(set(seen))
    assert len(seen) >= Event.objects.count() - 12


def test_a_long_audit_asks_no_more_questions(django_assert_max_num_queries):
    client = visitor("auditor-shen")
    client.get("/desk/audit/search/")
    for _ in range(4):
        people.received()
    with django_assert_max_num_queries(10):
        client.get("/desk/audit/search/")


def test_an_export_needs_a_purpose_and_stands_in_the_auditors_chain():
    people.received()
    client = visitor("auditor-shen")
    refused = client.post("/desk/audit/export", {"purpose": " "})
    assert refused.status_code == 422
    assert "至少4个字" in refused.content.decode()
    taken = client.post("/desk/audit/export", {"purpose": "年度审计，局长批准", "kind": "receive"})
    assert content_of(taken).startswith(b"PK")
    event = Event.objects.get(kind="audit_exported")
    assert event.data["purpose"] == "年度审计，局长批准"
    assert event.data["filters"]["kind"] == "receive"


def test_what_is_too_much_for_a_sheet_comes_as_csv_at_once(monkeypatch):
    people.received()
    monkeypatch.setattr("yueban.flows.audit_exports.MOST_IN_EXCEL", 3)
    answer = visitor("auditor-shen").post("/desk/audit/export", {"purpose": "年度审计"})
    assert answer.streaming
    lines = content_of(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("时间,对象,序号")
    assert len(lines) == Event.objects.count() + 1 - 1 or len(lines) > 4


def test_locked_names_are_seen_and_unlocked():
    from django.test import Client

    for _ in range(5):
        Client().post("/desk/sign-in", {"username": people.CLERK, "password": "wrong"})
    security = visitor("admin-an")
    assert "已锁定" in security.get("/desk/staff/security/").content.decode()
    administer.unlock(people.actor("admin-an"), people.CLERK)
    assert "已锁定" not in security.get("/desk/staff/security/").content.decode()
