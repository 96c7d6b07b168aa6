"""A key is asked for by one administrator, approved by another in words, and taken once by the first."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import partners, people
from tests.channels.visitors import visitor
from yueban.accounts.models import ApiKey, ApiKeyRequest, User
from yueban.agencies.models import Agency
from yueban.agencies.services import give_post
from yueban.audit.selectors import events_of, verify_chain
from yueban.divisions.models import Division
from yueban.flows import api_keys
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
REASON = "接入房产交易系统，由信息科维护"


def form(**changes: object) -> dict[str, object]:
    wanted = {"name": "交易系统", "agency": partners.HALL, "scopes": ["cases:read"], "reason": REASON}
    return {**wanted, "expires_on": (clock.today() + timedelta(days=90)).isoformat(), **changes}


def page_of(number: str) -> str:
    return f"/desk/keys/requests/{number}/"


@pytest.fixture
def system_admin():
    return visitor(partners.ADMIN)


@pytest.fixture
def security_admin():
    return visitor(partners.SECURITY)


def newcomer(username: str, role: str, agency: str) -> str:
    user = User.objects.create_user(username=username, name="外管理")
    give_post(user=user, role=role, agency=agency, division=None, actor=SYSTEM)
    return username


def test_two_people_make_a_key_and_its_secret_is_shown_once(system_admin, security_admin):
    asked = system_admin.post("/desk/keys/new", form(), follow=True)
    assert "等安全管理员审批" in asked.content.decode()
    number = ApiKeyRequest.objects.get().number
    assert not ApiKey.objects.exists()
    assert system_admin.post(f"{page_of(number)}take").status_code == 409
    assert "交易系统" in security_admin.get("/desk/keys/requests/").content.decode()
    agreed = security_admin.post(f"{page_of(number)}approve", {"words": "已核对"}, follow=True)
    assert "已同意" in agreed.content.decode()
    assert not ApiKey.objects.exists(), "the secret is made when it is taken, not when it is approved"
    assert "生成并显示密钥" in system_admin.get(page_of(number)).content.decode()
    made = system_admin.post(f"{page_of(number)}take")
    assert (made.status_code, made["Cache-Control"].count("no-store")) == (201, 1)
    secret = made.content.decode().split('id="secret" value="')[1].split('"')[0]
    key = ApiKey.objects.get()
    assert partners.System(key, secret).ask("get", "/cases").status_code == 200
    again = system_admin.post(f"{page_of(number)}take")
    assert (again.status_code, ApiKey.objects.count()) == (409, 1)
    for address in ("/desk/keys/", f"/desk/keys/{key.prefix}/", page_of(number)):
        for client in (system_admin, security_admin):
            assert secret not in client.get(address).content.decode()
    key_page = system_admin.get(f"/desk/keys/{key.prefix}/").content.decode()
    assert "安策示" in key_page and REASON in key_page


def test_each_step_stands_in_the_audit_and_the_secret_in_none():
    system = partners.system()
    request = ApiKeyRequest.objects.get(key=system.key)
    chain = Reference("api-key-request", request.number)
    kinds = [event.kind for event in events_of(chain)]
    assert kinds == ["api_key_asked", "api_key_approved", "api_key_taken"]
    assert verify_chain(chain).ok
    stored = str(ApiKeyRequest.objects.values().get()) + str([event.data for event in events_of(chain)])
    assert system.secret not in stored


def test_everything_that_is_wrong_stands_beside_its_field_at_once(system_admin):
    typed = {"name": "", "agency": "no-such", "scopes": ["all"], "expires_on": "2020-01-01", "reason": " "}
    answer = system_admin.post("/desk/keys/new", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for field, sentence in {
        "name": "请写明是哪个系统",
        "agency": "请选择本区划内的单位",
        "scopes": "请至少选一项权限",
        "expires_on": "有效期从明天起",
        "reason": "请写明为什么要",
    }.items():
        assert f'href="#f-{field}"' in page and page.count(sentence) == 2, field
    assert 'value="2020-01-01"' in page
    assert not ApiKeyRequest.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scopes", []),
        ("scopes", ["cases:read", "everything"]),
        ("expires_on", ""),
        ("expires_on", "9999-12-31"),
        ("agency", ""),
        ("name", "系统\u202e"),
        ("name", "长" * 61),
        ("reason", "长" * 201),
    ],
)
def test_a_request_that_lacks_something_is_not_kept_and_nothing_typed_is_lost(system_admin, field, value):
    answer = system_admin.post("/desk/keys/new", form(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in page
    assert field == "reason" or REASON in page
    assert field == "agency" or f'value="{partners.HALL}" selected' in page
    assert not ApiKeyRequest.objects.exists()


def test_the_same_request_twice_is_one(system_admin):
    assert [system_admin.post("/desk/keys/new", form()).status_code for _ in range(2)] == [302, 422]
    assert ApiKeyRequest.objects.count() == 1


def test_a_second_key_of_the_same_name_is_refused_while_the_first_serves(system_admin):
    name = partners.system().key.name
    answer = system_admin.post("/desk/keys/new", form(name=name))
    assert answer.status_code == 422
    assert "同名" in answer.content.decode()


@pytest.mark.parametrize("act", ["approve", "refuse"])
def test_a_decision_needs_words(security_admin, act):
    number = partners.asked().number
    answer = security_admin.post(f"{page_of(number)}{act}", {"words": " "})
    assert answer.status_code == 422
    assert "请写明审批意见" in answer.content.decode()
    assert ApiKeyRequest.objects.get().state == "waiting"


def test_a_refused_request_gives_no_key_and_tells_why(system_admin, security_admin):
    number = partners.asked().number
    security_admin.post(f"{page_of(number)}refuse", {"words": "权限要得太多"})
    assert "权限要得太多" in system_admin.get(page_of(number)).content.decode()
    assert system_admin.post(f"{page_of(number)}take").status_code == 409
    assert security_admin.post(f"{page_of(number)}approve", {"words": "又同意"}).status_code == 409
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("who", "act", "status"),
    [
        (partners.ADMIN, "approve", 403),
        (partners.ADMIN, "refuse", 403),
        (partners.SECURITY, "take", 403),
        (people.CLERK, "approve", 403),
        ("auditor-shen", "approve", 403),
        (partners.ADMIN, "explode", 404),
    ],
)
def test_each_step_is_one_administrators(who, act, status):
    number = partners.asked().number
    assert visitor(who).post(f"{page_of(number)}{act}", {"words": "好"}).status_code == status
    assert ApiKeyRequest.objects.get().state == "waiting"


def test_whoever_asked_does_not_approve_even_with_both_posts():
    number = partners.asked().number
    user = User.objects.get(username=partners.ADMIN)
    give_post(user=user, role="security_admin", agency=partners.HALL, division=None, actor=SYSTEM)
    with pytest.raises(NotAllowed, match="另一个人"):
        api_keys.review_request(people.actor(partners.ADMIN), number, is_approved=True, words="好")
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        ApiKeyRequest.objects.update(decided_by=user)


def test_the_database_keeps_no_key_that_nobody_approved():
    partners.asked()
    with pytest.raises(IntegrityError, match="approved_by_somebody"), transaction.atomic():
        ApiKeyRequest.objects.update(state="approved")


def test_only_who_asked_takes_the_key(security_admin):
    number = partners.approved().number
    other = visitor(newcomer("admin-two", "system_admin", "shaoxing-government-services"))
    assert other.post(f"{page_of(number)}take").status_code == 403
    assert "生成并显示密钥" not in other.get(page_of(number)).content.decode()
    assert not ApiKey.objects.exists()


def test_an_approved_key_not_taken_for_a_week_is_not_made(system_admin):
    number = partners.approved().number
    later = clock.now() + timedelta(days=8)
    clock.set_source(lambda: later)
    assert "已作废" in system_admin.get(page_of(number)).content.decode()
    assert system_admin.post(f"{page_of(number)}take").status_code == 409
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("who", [partners.ADMIN, partners.SECURITY])
def test_either_administrator_takes_an_approved_request_back(who, system_admin):
    number = partners.approved().number
    assert visitor(who).post(f"{page_of(number)}withdraw").status_code == 302
    assert system_admin.post(f"{page_of(number)}take").status_code == 409


@pytest.mark.parametrize("role", ["system_admin", "security_admin"])
def test_another_divisions_administrators_find_no_request_and_decide_none(role):
    number = partners.asked().number
    elsewhere = visitor(newcomer("admin-else", role, partners.ELSEWHERE))
    name = ApiKeyRequest.objects.get().name
    assert elsewhere.get(page_of(number)).status_code == 404
    assert name not in elsewhere.get("/desk/keys/requests/").content.decode()
    for act in ("approve", "withdraw", "take"):
        status = elsewhere.post(f"{page_of(number)}{act}", {"words": "好"}).status_code
        assert status in (403, 404), act
    assert ApiKeyRequest.objects.get().state == "waiting"
    if role == "system_admin":
        assert elsewhere.post("/desk/keys/new", form()).status_code == 422


def test_a_county_admin_approves_for_agencies_of_his_county_only():
    own, others = partners.asked(partners.ELSEWHERE).number, partners.asked().number
    county = visitor(newcomer("security-else", "security_admin", partners.ELSEWHERE))
    assert county.post(f"{page_of(own)}approve", {"words": "好"}).status_code == 302
    assert county.post(f"{page_of(others)}approve", {"words": "好"}).status_code == 404


def test_an_agency_that_ended_meanwhile_gets_no_key(system_admin, security_admin):
    waiting, ready = partners.asked().number, partners.approved().number
    division = Agency.objects.get(code=partners.HALL).division
    Division.objects.filter(pk=division.pk).update(ended_on=clock.today())
    assert security_admin.post(f"{page_of(waiting)}approve", {"words": "好"}).status_code == 409
    assert system_admin.post(f"{page_of(ready)}take").status_code == 409
    assert not ApiKey.objects.exists()


def test_a_key_from_before_requests_stays_valid_and_is_shown(system_admin):
    system = partners.system()
    ApiKeyRequest.objects.all().delete()
    assert system.ask("get", "/cases").status_code == 200
    assert system_admin.get(f"/desk/keys/{system.key.prefix}/").status_code == 200


def test_a_longer_list_of_requests_asks_no_more_questions(system_admin, django_assert_max_num_queries):
    for _ in range(4):
        partners.asked()
    system_admin.get("/desk/keys/requests/")
    with django_assert_max_num_queries(16):
        system_admin.get("/desk/keys/requests/")
