"""Who calls: a key in the Authorization header, with the scope that the operation needs."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from yueban.accounts.choices import Scope
from yueban.channels.api.schemas import Problem
from yueban.flows import api_keys
from yueban.flows.api_keys import KeyHolder

ATTRIBUTE = "yueban_key"
# What any operation with a key may answer besides its own results.
REFUSALS: dict[int, Any] = dict.fromkeys((401, 403, 404, 422, 429), Problem)
# A command may also come too late, twice, too large, or on an old reading.
OF_COMMANDS: dict[int, Any] = {**REFUSALS, 400: Problem, 409: Problem, 413: Problem}


class Key(HttpBearer):
    """``Authorization: Bearer yb_…``; counts the call, then checks the scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> KeyHolder:
        """The holder of the key; raises ApiKeyRefused, TooManyCalls or ScopeMissing."""
        found = super().__call__(request)
        return found if isinstance(found, KeyHolder) else self.authenticate(request, "")

    def authenticate(self, request: HttpRequest, token: str) -> KeyHolder:
        """Called with what follows “Bearer”."""
        holder = api_keys.holder_of(token)
        match = request.resolver_match
        operation = f"{request.method} {match.url_name if match else ''}"
        api_keys.use(holder, scope=self.scope, operation=operation)
        setattr(request, ATTRIBUTE, holder)
        return holder


def holder(request: HttpRequest) -> KeyHolder:
    """The key behind a request that was let in."""
    found = getattr(request, ATTRIBUTE)
    assert isinstance(found, KeyHolder)
    return found
