"""The words of a policy as they were published: what an answer that cites a clause leads to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yueban.channels.shared.cited import shows_cited
from yueban.divisions import selectors as divisions
from yueban.kernel import clock
from yueban.policies import selectors as policies
from yueban.policies.choices import PolicyState
from yueban.policies.errors import PolicyNotFound


@shows_cited
@require_safe
def policy_text(request: HttpRequest, key: str) -> HttpResponse:
    """Title, number, issuers, dates and the whole text; an expired one says so."""
    policy = policies.policy_by_key(key)
    version = policies.current_version(policy)
    if version.state == PolicyState.DRAFT:
        raise PolicyNotFound(f"没有政策“{key}”。", hint="请从政策列表中重新选择。")
    context = {
        "policy": policy,
        "version": version,
        "place": divisions.full_name(policy.division_code),
        "paragraphs": [line.strip() for line in version.text.splitlines() if line.strip()],
        "is_over": version.expires_on is not None and version.expires_on < clock.today(),
        "trail": [(_("惠企政策"), reverse("portal:policies")), (policy.title, "")],
    }
    return render(request, "portal/policy_text.html", context)
