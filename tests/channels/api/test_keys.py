"""Keys of the API: made once, kept as digests, held to their scopes, their agency, their days and their limit."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import partners, people
from yueban.accounts.models import ApiKey, ApiKeyUse, User
from yueban.agencies.models import Agency
from yueban.audit.selectors import events_of, verify_chain
from yueban.divisions.models import Division
from yueban.flows import api_keys
from yueban.kernel import clock
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


def test_a_key_opens_what_it_was_given_for_and_nothing_else():
    reader = partners.system(partners.HALL, "cases:read")
    assert reader.ask("get", "/cases").status_code == 200
    refused = reader.ask("get", "/webhooks")
    assert (refused.status_code, refused.json()["code"]) == (403, "api.scope_missing")
    assert reader.post("/applications", partners.APPLICATION).status_code == 403


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer yb_0_0", "Basic eDp5", "Bearer yb_" + "0" * 10 + "_" + "A" * 43]
)
def test_without_a_key_or_with_a_wrong_one_nobody_gets_in(header):
    partners.system()
    headers = {} if header is None else {"Authorization": header}
    response = Client().get("/api/v1/cases", headers=headers)
    assert (response.status_code, response.json()["code"]) == (401, "api.key_refused")
    assert response["WWW-Authenticate"] == "Bearer"


def test_one_wrong_letter_is_refused_even_where_only_its_case_differs():
    system = partners.system()
    letter = next(at for at, char in enumerate(system.secret) if at > 15 and char.isalpha())
    system.secret = system.secret[:letter] + system.secret[letter].swapcase() + system.secret[letter + 1 :]
    assert system.ask("get", "/cases").status_code == 401


def test_the_secret_lies_nowhere():
    system = partners.system()
    key = ApiKey.objects.values().get()
    assert system.secret not in str(key) and system.secret.encode() not in bytes(key["digest"])
    chain = events_of(Reference("api-key", system.key.prefix))
    assert [event.kind for event in chain] == ["api_key_created"]
    assert system.secret not in str([event.data for event in chain])


def test_the_account_of_a_key_never_signs_in():
    user = User.objects.get(pk=partners.system().key.user_id)
    assert not user.is_active and not user.has_usable_password()


def test_a_revoked_key_is_refused_from_the_next_call_on():
    system = partners.system()
    api_keys.revoke_key(people.actor(partners.ADMIN), system.key.prefix, reason="系统下线")
    response = system.ask("get", "/cases")
    assert response.status_code == 401
    assert "吊销" in response.json()["hint"]


def test_a_key_ends_on_its_day():
    system = partners.system(days=1)
    assert system.ask("get", "/cases").status_code == 200
    tomorrow = clock.now() + timedelta(days=1)
    clock.set_source(lambda: tomorrow)
    assert "有效期" in system.ask("get", "/cases").json()["hint"]


def test_a_key_of_an_agency_whose_division_was_merged_is_refused():
    system = partners.system()
    division = Agency.objects.get(code=partners.HALL).division
    Division.objects.filter(pk=division.pk).update(ended_on=clock.today())
    response = system.ask("get", "/cases")
    assert response.status_code == 401
    assert "并入" in response.json()["hint"]


def test_a_key_of_an_agency_that_is_gone_is_refused():
    system = partners.system()
    ApiKey.objects.filter(pk=system.key.pk).update(agency_code="no-such-agency")
    assert system.ask("get", "/cases").status_code == 401


def test_beyond_its_calls_a_minute_a_key_waits(settings):
    settings.YUEBAN_API_CALLS_PER_MINUTE = 2
    noon = clock.now().replace(second=20, microsecond=0)
    clock.set_source(lambda: noon)
    system = partners.system()
    assert [system.ask("get", "/cases").status_code for _ in range(3)] == [200, 200, 429]
    response = system.ask("get", "/cases")
    assert (response["Retry-After"], response.json()["code"]) == ("40", "api.too_many_calls")
    later = noon + timedelta(seconds=40)
    clock.set_source(lambda: later)
    assert system.ask("get", "/cases").status_code == 200


def test_uses_become_one_event_a_key_and_day():
    system = partners.system()
    for _ in range(3):
        system.get("/cases")
    system.get("/webhooks")
    assert api_keys.audit_uses() == 0
    day = clock.now() + timedelta(days=1)
    clock.set_source(lambda: day)
    assert api_keys.audit_uses() == 1
    assert api_keys.audit_uses() == 0
    reference = Reference("api-key", system.key.prefix)
    used = events_of(reference).get(kind="api_key_used").data
    assert used["calls"] == 4 and used["refused"] == 0
    assert used["operations"] == {"GET list_cases": 3, "GET list_webhooks": 1}
    assert verify_chain(reference).ok and not ApiKeyUse.objects.exists()


def test_a_call_is_remembered_at_the_key():
    system = partners.system()
    system.get("/cases")
    system.key.refresh_from_db()
    assert system.key.last_used_at is not None
