"""惠企事项: text on one side and structure on the other, the two gates, and the signing page with its back-test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.agencies import selectors as agencies
from yueban.approvals import selectors as approvals
from yueban.channels.desk import offer_form
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.desk.policy_text import quotes, stretches
from yueban.channels.shared.posted import whole_number
from yueban.elements import selectors as elements
from yueban.flows import sign_policy as flow
from yueban.flows import try_offer
from yueban.kernel import clock
from yueban.kernel.errors import Invalid
from yueban.policies import selectors
from yueban.policies.choices import Beneficiary, Category, GateKind, GateOutcome, OfferState, Redemption
from yueban.policies.errors import OfferStale, OfferUnsound
from yueban.policies.models import OfferVersion
from yueban.policies.telling import differences, lines_of

ANSWERS = (("yes", "符合"), ("no", "不符合"), ("none", "不涉及"))


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: DeskRequest, version: int) -> HttpResponse:
    """The two panes; a draft is saved whole, whatever is still wrong with it."""
    found = flow.open_version(request.actor, version)
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        definition, errors = offer_form.read_form(
            request.POST.dict(), found.definition, elements.vocabulary()
        )
        if errors:
            found.definition, status = definition, 422
        else:
            try:
                flow.write_offer(request.actor, version, definition, whole_number(request, "revision") or 0)
            except OfferStale as error:
                found = flow.open_version(request.actor, version)
                errors, status = {"": str(error)}, 409
                found.definition = definition
            else:
                return _saved(request, version)
    return _page(request, found, errors=errors, status=status)


def _saved(request: DeskRequest, version: int) -> HttpResponse:
    """On to the submission where that was asked for, with everything typed saved."""
    if request.POST.get("go") != "submit":
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(reverse("desk:offer", args=[version]))
    found = flow.open_version(request.actor, version)
    try:
        flow.submit_offer(request.actor, version, found.revision)
    except OfferUnsound as error:
        faults = [(f"part-{row['field'].split('.')[0].split('[')[0]}", row) for row in error.data["problems"]]
        return _page(request, found, faults=faults, status=422)
    messages.success(request, _("已送公平竞争审查和合法性审核，两关都通过后由决定人签发。"))
    return HttpResponseRedirect(reverse("desk:offer", args=[version]))


def _page(
    request: DeskRequest,
    found: OfferVersion,
    *,
    errors: Mapping[str, str] | None = None,
    faults: list[tuple[str, Mapping[str, str]]] | None = None,
    status: int = 200,
) -> HttpResponse:
    vocabulary = elements.vocabulary()
    cut = stretches(found.policy_version.text, found.spans)
    policy = found.offer.policy
    may_write = found.state == OfferState.DRAFT and flow.may_write(request.actor, policy)
    listed = [(target, f"{row['message']}{row['hint']}") for target, row in faults or []]
    context = {
        "offer": found,
        "policy": policy,
        "stretches": cut,
        "quotes": quotes(cut),
        "definition": found.definition,
        "conditions": offer_form.condition_rows(found.definition, vocabulary),
        "benefits": offer_form.benefit_rows(found.definition, vocabulary),
        "instalments": offer_form.instalment_rows(found.definition),
        "facts": [(code, fact.name) for code, fact in vocabulary.items() if code.startswith("enterprise.")],
        "ops": offer_form.OPS,
        "gift_kinds": offer_form.KINDS,
        "redemptions": Redemption.choices,
        "categories": Category.choices,
        "beneficiaries": Beneficiary.choices,
        "departments": agencies.kinds(),
        "error_of": errors or {},
        "cap_errors": {name: (errors or {}).get(f"caps-{name}", "") for name in ("year", "ever")},
        "errors": [(name, text) for name, text in (errors or {}).items()] + listed,
        "may_write": may_write,
        "lines": [] if may_write else _lines(found),
        "gates": selectors.gates_of(found),
        "my_gate": _my_gate(request, found),
        "negative_list": flow.NEGATIVE_LIST,
        "answers": ANSWERS,
        "may_sign": flow.may_sign(request.actor, policy),
        "may_begin": found.state not in {OfferState.DRAFT, OfferState.REVIEWING}
        and flow.may_write(request.actor, policy),
        "versions": selectors.versions_of(found.offer.key),
        "trail": [
            (_("政策管理"), reverse("desk:policies")),
            (policy.title, reverse("desk:policy", args=[policy.key])),
            (found.name, ""),
        ],
    }
    return desk_page(request, "desk/offer.html", context, status=status)


def _lines(found: OfferVersion) -> list[tuple[str, str]]:
    if found.state == OfferState.DRAFT:
        return [(_("内容"), str(found.definition.get("summary", "")))]
    return list(lines_of(selectors.standard_of(found), elements.vocabulary()))


def _my_gate(request: DeskRequest, found: OfferVersion) -> tuple[str, str] | None:
    """The gate that this person may answer now, with its name."""
    if found.state != OfferState.REVIEWING:
        return None
    about = flow.reference_of(found)
    mine = approvals.inbox(request.actor).filter(reference_kind=about.kind, reference_number=about.number)
    task = mine.first()
    return (task.key, GateKind(task.key).label) if task is not None else None


@staff_only
@require_safe
def sign_page(request: DeskRequest, version: int) -> HttpResponse:
    """签发: the back-test, the version before, what speaks against it; the person decides after reading."""
    found = flow.open_version(request.actor, version)
    if found.state == OfferState.DRAFT:
        raise Http404
    on = clock.today()
    standard, vocabulary = selectors.standard_of(found, on), elements.vocabulary()
    before = try_offer.previous_of(found, on)
    gates = selectors.gates_of(found)
    context = {
        "offer": found,
        "policy": found.offer.policy,
        "lines": list(lines_of(standard, vocabulary)),
        "tried": found.backtest or try_offer.try_out(found, on),
        "is_kept": found.backtest is not None,
        "differences": differences(before, standard, vocabulary) if before is not None else [],
        "has_before": before is not None,
        "conflicts": flow.conflicts_of(found, standard, on),
        "gates": gates,
        "is_passed": all(gate.outcome == GateOutcome.PASSED for gate in gates),
        "may_sign": flow.may_sign(request.actor, found.offer.policy),
        "is_writer": request.actor.user_id in found.writers,
        "trail": [
            (_("政策管理"), reverse("desk:policies")),
            (found.name, reverse("desk:offer", args=[found.pk])),
            (_("签发"), ""),
        ],
    }
    return desk_page(request, "desk/offer_sign.html", context)


@staff_only
@require_POST
def act(request: DeskRequest, version: int, act: str) -> HttpResponse:
    """Answer a gate, return, sign, stop, or begin the next version."""
    actor, posted = request.actor, request.POST
    found = flow.open_version(actor, version)
    words = posted.get("words", "").strip()[:2000]
    match act:
        case "gate":
            _answer(request, found)
        case "return":
            flow.return_offer(actor, version, words)
            messages.success(request, _("已退回修改。"))
        case "sign":
            tried = try_offer.try_out(found, clock.today()) if found.state == OfferState.REVIEWING else {}
            flow.sign_offer(actor, version, whole_number(request, "revision") or 0, tried)
            messages.success(request, _("已签发。"))
        case "withdraw":
            flow.withdraw_offer(actor, version, words)
            messages.success(request, _("已停止，从今天起不再受理；已经申报的照常办理。"))
        case "next":
            made = flow.begin_version(actor, found.offer.key)
            return HttpResponseRedirect(reverse("desk:offer", args=[made.pk]))
        case _:
            raise Http404
    return HttpResponseRedirect(reverse("desk:offer", args=[version]))


def _answer(request: DeskRequest, found: OfferVersion) -> None:
    """The negative list is answered point by point: a single 不符合 cannot pass."""
    posted, kind = request.POST, request.POST.get("kind", "")
    outcome = posted.get("outcome", "")
    if kind not in GateKind.values or outcome not in GateOutcome.values:
        raise Invalid(_("请选择审查结论。"), hint=_("请回到上一页，选通过或不通过。"))
    answers: list[dict[str, Any]] = []
    if kind == GateKind.FAIR_COMPETITION:
        answers = [
            {"key": key, "text": text, "answer": posted.get(f"n-{key}", "")}
            for key, text in flow.NEGATIVE_LIST
        ]
        if outcome == GateOutcome.PASSED and any(row["answer"] not in {"yes", "none"} for row in answers):
            raise Invalid(
                _("负面清单没有逐项核对为符合，不能通过。"),
                hint=_("请回到上一页逐项回答；有不符合的，请选不通过。"),
            )
    flow.answer_gate(
        request.actor,
        found.pk,
        kind,
        outcome=outcome,
        answers=answers,
        opinion=posted.get("opinion", "").strip()[:2000],
    )
    messages.success(request, _("审查意见已送出。"))
