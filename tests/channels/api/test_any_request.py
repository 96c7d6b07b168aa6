"""Requests that nobody thought of: made from the API's own description, for every kind of key, alone and in a row.

The default run takes a few of each; `-m slow` takes many.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, Response
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests import partners

pytestmark = pytest.mark.django_db

NOBODY, ELSEWHERE, EVERYTHING = "nobody", "another agency", "everything"
ROLES = (NOBODY, *partners.ALL, EVERYTHING, ELSEWHERE)
QUIET = {
    "deadline": None,
    "database": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
}


def key_of(role: str) -> str:
    """The secret that this role shows."""
    if role == NOBODY:
        return ""
    if role == EVERYTHING:
        return partners.system().secret
    if role == ELSEWHERE:
        return partners.system(partners.ELSEWHERE).secret
    return partners.system(partners.HALL, role).secret


def description() -> Any:
    """The API as it describes itself, asked through its own WSGI application."""
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


def headers(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"} if secret else {}


def check(case: Case, response: Response) -> None:
    """No server error; every refusal in the one shape; and what is promised of an answer holds."""
    said = f"{case.method} {case.formatted_path}: {response.status_code} {response.content[:300]!r}"
    assert response.status_code < 500, said
    if response.status_code >= 400 and response.status_code != 405:
        assert {"code", "message", "hint"} <= response.json().keys(), said
    case.validate_response(response, checks=[response_schema_conformance, content_type_conformance])


def ask_each_operation(role: str, examples: int) -> None:
    """Requests to every operation, valid and not."""
    secret = key_of(role)

    def ask(case: Case) -> None:
        check(case, case.call(headers=headers(secret)))

    for found in description().get_all_operations():
        settings(max_examples=examples, **QUIET)(given(case=found.ok().as_strategy())(ask))()


def ask_in_a_row(secret: str, examples: int, steps: int) -> None:
    """Requests that follow the links from one answer to the next."""

    class Walk(description().as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case) -> dict[str, Any]:
            return {"headers": headers(secret)}

        def validate_response(self, response: Response, case: Case, **_rest: Any) -> None:
            check(case, response)

    run_state_machine_as_test(
        Walk, settings=settings(max_examples=examples, stateful_step_count=steps, **QUIET)
    )


@pytest.fixture(autouse=True)
def _without_limit(settings) -> Iterator[None]:
    """No limit of calls; and the connection with the test's transaction stays open between requests."""
    settings.YUEBAN_API_CALLS_PER_MINUTE = 1_000_000
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("role", ROLES)
def test_no_request_of_any_role_is_a_server_error(role):
    ask_each_operation(role, examples=3 if role == EVERYTHING else 1)


def test_following_the_links_from_answer_to_answer_meets_no_server_error():
    ask_in_a_row(key_of(EVERYTHING), examples=4, steps=8)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_request_of_many_is_a_server_error(role):
    ask_each_operation(role, examples=60)


@pytest.mark.slow
@pytest.mark.parametrize("role", [EVERYTHING, ELSEWHERE])
def test_long_walks_along_the_links_meet_no_server_error(role):
    ask_in_a_row(key_of(role), examples=40, steps=20)
