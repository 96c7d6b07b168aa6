"""企业的惠企政策: what fits it, claiming, progress, the account, and consent to what is given without application."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.approvals import selectors as approvals
from yueban.audit import selectors as audit
from yueban.channels.portal.policies import company_of
from yueban.channels.portal.policy_view import (
    condition_rows,
    fields_of,
    money_text,
    offer_facts,
    typed_of,
    way_word,
)
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.english import named
from yueban.channels.shared.paging import page_of
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.templatetags.chinese_dates import han_date
from yueban.claims import selectors as claims
from yueban.claims.choices import ClaimEvent, ClaimState, EntryState, Way
from yueban.claims.models import Claim
from yueban.flows import auto_grant, claim_correction, claim_files, offers_for, pay_claims, sessions
from yueban.flows import claim as flow
from yueban.flows.claim import Handed
from yueban.kernel import clock
from yueban.kernel.errors import Conflict, Invalid
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments
from yueban.policies import selectors as policies


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("惠企政策"), reverse("portal:policies")), *more]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: HttpRequest, key: str) -> HttpResponse:
    """申报: what is known stands there with its source; asked is only what nobody knows, and the account."""
    actor = applicant_of(request)
    company = company_of(request, actor)
    if company is None:
        return redirect("portal:matches")
    version = policies.offer_by_key(key, clock.today())
    if request.method != "POST":
        return _claim_form(request, version, company, {}, {})
    typed = request.POST.dict()
    stated = typed_of(request.POST)
    try:
        handed = Handed(
            project=typed.get("project", ""),
            stated=stated,
            account=typed.get("account", ""),
            holder=typed.get("holder", ""),
            agrees=typed.get("agrees") == "1",
            files=claim_files.received(actor, policies.standard_of(version), request.FILES),
            key=typed.get("key", "")[:40],
        )
        made = flow.submit(actor, key, company.id, handed)
    except Invalid as error:
        return _claim_form(request, version, company, typed | stated, error.fields, status=error.status)
    except Conflict as error:
        return _claim_form(
            request, version, company, typed | stated, {}, refused=str(error), status=error.status
        )
    return redirect(f"{reverse('portal:claim', args=[made.number])}?new=1")


def _claim_form(
    request: HttpRequest,
    version: Any,
    company: Any,
    typed: Mapping[str, Any],
    wrong: Mapping[str, str],
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    standard = policies.standard_of(version)
    found = offers_for.one_for(applicant_of(request), company.id, version)
    asked = tuple(code for code in claims.wanted(found.assessment) if standard.redemption != "instant")
    fields = fields_of(standard, typed, wrong, asked)
    ids = {field.name: field.id for field in fields}
    exclusive = standard.exclusive
    context = {
        "version": version,
        "title": named(version.name, standard.name_en or ""),
        "facts": offer_facts(version, standard),
        "company": company,
        "fields": fields,
        "rows": condition_rows(found.assessment.tree, found.assessment.facts),
        "amount": money_text(found.assessment.computed),
        "workings": found.assessment.computed.workings,
        "asks_project": exclusive is not None and exclusive.scope.startswith("project"),
        "materials": [
            {"name": f"material-{place}", "label": label, "error": wrong.get(f"material-{place}", "")}
            for place, label in enumerate(standard.materials)
        ],
        "is_open": found.is_open and standard.redemption != "auto",
        "is_claimed": found.is_claimed,
        "typed": {"holder": company.name} | dict(typed),
        "wrong": wrong,
        "errors": [(ids.get(name, name), text) for name, text in wrong.items()],
        "refused": refused,
        "key": secrets.token_hex(16),
        "trail": _trail((_("为您匹配"), reverse("portal:matches")), (version.name, "")),
    }
    return render(request, "portal/claim_form.html", context, status=status)


@signed_in
@require_safe
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """Progress: where it stands, who acts next, what it was decided on, where the money goes."""
    return _claim_page(request, number)


def _claim_page(
    request: HttpRequest, number: str, *, wrong: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    found = claims.get_claim(applicant_of(request), number)
    events = claims.events_from(found.way, found.state)
    context = {
        "claim": found,
        "is_new": request.GET.get("new") == "1",
        "sentence": _sentence(found),
        "way": way_word(found.way),
        "workings": found.computed.get("workings", []),
        "conditions": kept_rows(found),
        "notices": list(approvals.notices_of(found.reference)),
        "story": story_of(found.reference),
        "steps": steps_of(found),
        "money": [_money_line(one) for one in pay_claims.money_of(found)],
        "recoveries": list(payments.recoveries_of("claim", f"{found.number}-")),
        "may_withdraw": ClaimEvent.WITHDRAW in events,
        "is_fresh": sessions.is_fresh(request),
        "may_change_account": found.state in ("checking", "reviewing", "deciding", "noticed"),
        "is_cooling": claims.is_cooling(found.account_changed_at),
        "wrong": wrong or {},
        "errors": [(name, text) for name, text in (wrong or {}).items()],
        "typed": request.POST.dict() if wrong else {"holder": found.party_name},
        "key": secrets.token_hex(16),
        "trail": _trail((_("为您匹配"), reverse("portal:matches")), (found.number, "")),
    }
    return render(request, "portal/claim.html", context, status=status)


@signed_in
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """我的申报: every claim of the enterprise, where it stands, what comes next, how much."""
    company = company_of(request, applicant_of(request))
    page = page_of(request, claims.claims_of([company.id] if company else []))
    context = {
        "company": company,
        "page": page,
        "claims": [claim_row(one) for one in page],
        "trail": _trail((_("为您匹配"), reverse("portal:matches")), (_("我的申报"), "")),
    }
    return render(request, "portal/claims.html", context)


def claim_row(found: Claim) -> dict[str, Any]:
    """A claim of a list: itself, and what comes next."""
    return {"claim": found, "sentence": _sentence(found)}


def steps_of(found: Claim) -> list[dict[str, str]]:
    """The way of the claim from handing in to the money, and where it is on it; nothing where it ended otherwise."""
    names = {"checking": _("初审"), "reviewing": _("评审"), "deciding": _("审定"), "noticed": _("公示")}
    course = claims.COURSES[Way(found.way)]
    kinds = {"check": "checking", "experts": "reviewing", "decide": "deciding", "notice": "noticed"}
    stages = [kinds[step.key] for step in course.steps if step.key in kinds]
    if policies.standard_of(found.offer_version).joint_kinds and "reviewing" not in stages:
        stages.insert(1, "reviewing")
        names["reviewing"] = _("联审")
    where = {"correcting": "checking", "paying": "agreed"}.get(found.state, found.state)
    order = [*stages, "agreed", "paid"]
    if where not in order:
        return []
    titles = [*(names[stage] for stage in stages), _("拨付"), _("到账")]
    at = len(order) if where == "paid" else order.index(where)
    steps = [{"title": _("提交申报"), "state": "done", "href": ""}]
    for place, title in enumerate(titles):
        state = "done" if place < at else "now" if place == at else "next"
        steps.append({"title": title, "state": state, "href": ""})
    return steps


def _money_line(one: pay_claims.Money) -> dict[str, Any]:
    words = {
        "prepared": _("等财政编入拨付批次"),
        "approved": _("财政已批准，等发送银行"),
        "sent": _("银行正在转账"),
        "paid": _("已到账"),
        "returned": _("银行退回"),
    }
    is_later = one.due_on is not None and one.due_on > clock.today() and one.state == "prepared"
    word = _("到{day}后拨付").format(day=han_date(one.due_on)) if is_later else words[one.state]
    return {"amount": one.amount, "word": word, "at": one.ended_at}


def story_of(reference: Reference) -> list[dict[str, Any]]:
    """What happened, as the enterprise reads it."""
    words = {f"claim_{event}": str(event.label) for event in ClaimEvent} | {
        "claim_account": "更改收款账户",
        "objection_made": "收到异议",
        "objection_answered": "异议已核实",
    }
    events = audit.events_of(reference)
    return [
        {"at": event.at, "title": words[event.kind], "kind": event.kind, "text": ""}
        for event in events
        if event.kind in words
    ]


def kept_rows(found: Any) -> list[dict[str, str]]:
    """The conditions as they were when it was handed in, or decided, with the sources of then."""
    kept = found.decided_explanation or found.explanation
    facts = found.decided_facts or found.facts
    parts = kept.get("children") or [kept] if kept.get("kind") == "all" else [kept]
    words = {"true": _("符合"), "false": _("不符合"), "unknown": _("还不知道")}
    return [
        {
            "sentence": part.get("sentence", ""),
            "value": part.get("value", ""),
            "word": words.get(part.get("value", ""), ""),
            "actual": part.get("actual") or "",
            "source": facts.get(part.get("fact") or "", {}).get("source", ""),
        }
        for part in parts
        if part
    ]


def _sentence(found: Any) -> str:
    """What happens next, in one sentence."""
    agency = found.agency.short_name or found.agency.name
    return {
        "checking": _("{agency}正在初审。").format(agency=agency),
        "correcting": _("请您补正后再次提交。"),
        "reviewing": _("有关部门正在联审。")
        if found.way == Way.FAST
        else _("{agency}正在组织评审和现场核查。").format(agency=agency),
        "deciding": _("等{agency}审定。").format(agency=agency),
        "noticed": _("正在公示，期满没有异议就拨付。"),
        "agreed": _("已经审定，等财政拨付到您的账户。"),
        "paying": _("分期拨付，已付一部分。"),
        "paid": _("资金已经到账。"),
        "refused": _("不予支持：{reason}").format(reason=found.reason),
        "withdrawn": _("已按您的要求撤回，符合条件的可以再申报。"),
    }[found.state]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, number: str) -> HttpResponse:
    """补正: what is wrong in the official's words, and exactly what was asked for anew."""
    actor = applicant_of(request)
    found = claims.get_claim(replace(actor, posts=()), number)
    if found.state != ClaimState.CORRECTING:
        return redirect("portal:claim", number)
    asked = claim_correction.asked_of(found)
    wrong: Mapping[str, str] = {}
    refused, status = "", 200
    if request.method == "POST":
        try:
            mended = claim_correction.Mended(
                stated=typed_of(request.POST),
                files=claim_files.received(
                    actor,
                    policies.standard_of(found.offer_version),
                    request.FILES,
                    only=[code for code, _name in asked],
                ),
                reply=request.POST.get("reply", ""),
            )
            revision, key = whole_number(request, "revision"), request.POST.get("key", "")[:40]
            claim_correction.hand_in(actor, number, mended, revision=revision, key=key)
            return redirect("portal:claim", number)
        except Invalid as error:
            wrong, status = error.fields, error.status
        except Conflict as error:
            refused, status = str(error), error.status
    standard = policies.standard_of(found.offer_version)
    typed = typed_of(request.POST) or {code: _typed_again(value) for code, value in found.stated.items()}
    codes = tuple(code for code, _name in asked if not code.startswith("material-"))
    fields = fields_of(standard, typed, wrong, codes)
    ids = {field.name: field.id for field in fields}
    context = {
        "claim": found,
        "fields": fields,
        "materials": [
            {"name": code, "label": name, "error": wrong.get(code, "")}
            for code, name in asked
            if code.startswith("material-")
        ],
        "reply": request.POST.get("reply", ""),
        "wrong": wrong,
        "errors": [(ids.get(name, name), text) for name, text in wrong.items()],
        "refused": refused,
        "key": secrets.token_hex(16),
        "trail": _trail((found.number, reverse("portal:claim", args=[number])), (_("补正"), "")),
    }
    return render(request, "portal/claim_correction.html", context, status=status)


def _typed_again(value: object) -> str:
    """A stated value as its field takes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)


@signed_in
@require_POST
def claim_step(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """撤回, 更改收款账户."""
    actor = applicant_of(request)
    revision = whole_number(request, "revision")
    if act == "account" and not sessions.is_fresh(request):
        return redirect(
            f"{reverse('portal:sign-in')}?{urlencode({'next': reverse('portal:claim', args=[number])})}"
        )
    try:
        if act == "withdraw":
            flow.withdraw(actor, number, revision=revision, key=request.POST.get("key", "")[:40])
        elif act == "account":
            account, holder = request.POST.get("account", ""), request.POST.get("holder", "")
            flow.change_account(actor, number, account=account, holder=holder, revision=revision)
        else:
            raise Http404
    except Invalid as error:
        return _claim_page(request, number, wrong=error.fields, status=error.status)
    return redirect("portal:claim", number)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, entry: int) -> HttpResponse:
    """意愿确认: what is given without application, why, and yes with an account, or no."""
    actor = applicant_of(request)
    wrong: Mapping[str, str] = {}
    refused, status = "", 200
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "no":
                auto_grant.decline(actor, entry)
            else:
                auto_grant.consent(
                    actor,
                    entry,
                    account=request.POST.get("account", ""),
                    holder=request.POST.get("holder", ""),
                    agrees=request.POST.get("agrees") == "1",
                )
            return redirect("portal:consent", entry)
        except Invalid as error:
            wrong, status = error.fields, error.status
        except Conflict as error:
            refused, status = str(error), error.status
    found = claims.get_entry(actor, entry)
    is_asked = found.state == EntryState.ASKED and not claims.is_over(found.auto_list)
    context = {
        "entry": found,
        "list": found.auto_list,
        "is_asked": is_asked,
        "workings": found.computed.get("workings", []),
        "conditions": entry_rows(found),
        "wrong": wrong,
        "errors": [(name, text) for name, text in wrong.items()],
        "refused": refused,
        "typed": request.POST.dict() if wrong else {"holder": found.party_name},
        "trail": _trail((_("为您匹配"), reverse("portal:matches")), (_("免申即享"), "")),
    }
    return render(request, "portal/consent.html", context, status=status)


def entry_rows(found: Any) -> list[dict[str, str]]:
    """The conditions of an entry as they were when the list was made."""
    found.decided_explanation, found.decided_facts = {}, {}
    return kept_rows(found)
