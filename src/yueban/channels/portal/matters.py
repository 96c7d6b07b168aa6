"""My matters: what waits for me, my list, one matter, supplement, messages, progress without signing in."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yueban.approvals import selectors as approvals
from yueban.cases import selectors as cases
from yueban.cases.choices import ENDED, ApplicationState, CaseEvent, MaterialState
from yueban.cases.models import Application, BundleCase, Case, CaseMaterial
from yueban.catalogue import selectors as catalogue
from yueban.channels.portal.items import Link
from yueban.channels.portal.ratings import rating_of
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.portal.standing import chosen_party, parties_of
from yueban.channels.shared import forms
from yueban.channels.shared.english import item_name
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.channels.shared.posted import whole_number
from yueban.clocks.choices import ClockKind
from yueban.clocks.selectors import ClockLight
from yueban.documents import selectors as documents
from yueban.flows import apply
from yueban.flows.identify import actor_for
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference
from yueban.payments import selectors as payments


@dataclass(frozen=True)
class Todo:
    """One thing the person must do now."""

    title: str
    text: str
    act: str
    href: str


@dataclass(frozen=True)
class Row:
    """One case of the list."""

    case: Case
    sentence: str
    light: ClockLight | None


@dataclass(frozen=True)
class BundleRow:
    """One 一件事 of the list with its children."""

    bundle_case: BundleCase
    sentence: str
    children: list[cases.ChildView]


BUNDLES_SHOWN = 20


def todo_of(actor: Actor) -> list[Todo]:
    """What waits for the person: cases to supplement, the latest draft."""
    if not actor.is_signed_in:
        return []
    waiting = list(cases.waiting_for(actor).select_related("agency", "intake_agency"))
    steps = cases.next_steps(waiting)
    addresses = {"supplement": "portal:supplement", "owed": "portal:owed", "unproved": "portal:unproved"}
    found = [
        Todo(
            _("请补材料：%(name)s") % {"name": item_name(case.item_name)},
            steps[case.number].sentence,
            _("去补材料"),
            reverse(addresses.get(steps[case.number].action, "portal:case"), args=[case.number]),
        )
        for case in waiting
    ]
    draft = drafts_of(actor).first()
    if draft is not None:
        found.append(
            Todo(
                _("还没填完：%(name)s") % {"name": item_name(draft.item_version.name)},
                _("内容都已保存，可以接着填。"),
                _("接着填"),
                reverse("portal:form", args=[draft.number]),
            )
        )
    return found


def drafts_of(actor: Actor) -> QuerySet[Application]:
    """What has been begun and not sent, the latest first."""
    rows = cases.applications_visible_to(actor).filter(state=ApplicationState.DRAFT)
    return rows.select_related("item_version", "party").order_by("-saved_at")


@signed_in
@require_GET
def my(request: HttpRequest) -> HttpResponse:
    """Drafts, then cases with what happens next in each."""
    actor = actor_for(request)
    chosen = chosen_party(request)
    # Children of a 一件事 stand under their parent.
    rows, parents = cases.own_cases(actor).filter(in_bundle=False), cases.own_bundles(actor)
    if chosen is not None:
        rows, parents = rows.filter(party_id=chosen.id), cases.bundles_of_party(parents, chosen.id)
    page = page_of(request, rows.select_related("agency", "intake_agency").order_by("-applied_at"))
    shown = list(page)
    steps, lights = cases.next_steps(shown), cases.nearest_lights(shown)
    found = [Row(case, steps[case.number].sentence, lights.get(case.number)) for case in shown]
    page.object_list = found
    context = {
        "names": chosen.name if chosen else "、".join(party.name for party in parties_of(actor)),
        "may_switch": len(parties_of(actor)) > 1,
        "drafts": list(drafts_of(actor)),
        "bundle_drafts": list(cases.bundle_drafts_of(actor)),
        "bundles": _bundles(actor, parents) if page.number == 1 else [],
        "page": page,
        "query": query_without_page(request),
    }
    return render(request, "portal/my.html", context)


@signed_in
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One matter: what happens next, what happened, the papers."""
    actor = applicant_of(request)
    found = cases.get_case(actor, number)
    step = cases.next_step(found)
    given = _answers_given(found, actor)
    answered = {item["material"] for row in found.supplements.exclude(answered_at=None) for item in row.items}
    context = {
        "case": found,
        "next": step,
        "action": _action(found, step.action),
        "lights": [
            {"light": one.light, "sentence": one.sentence, "kind_name": _kind_name(one.kind)}
            for one in cases.lights(found)
        ],
        "timeline": cases.timeline(found),
        "materials": [
            material_view(row, answered, given.get(row.key, ""))
            for row in found.materials.prefetch_related("files__file").order_by("position")
        ],
        "filled": _filled(found),
        "documents": _papers(found),
        **_records(found),
        "notices": list(approvals.notices_of(Reference("case", found.number))),
        "today": clock.today(),
        "payments": list(payments.orders_of(Reference("case", found.number))),
        "rated": rating_of(found) if found.party_id in actor.party_ids else {},
        "is_ended": found.state in ENDED,
        "unproved": [] if found.state in ENDED else cases.unproved(found),
        "may_ask_hearing": cases.is_open(found, CaseEvent.ASK_HEARING, actor),
        "may_withdraw": CaseEvent.WITHDRAW in cases.moves_open_to(found, actor),
        "just_submitted": "submitted" in request.GET,
        "key": secrets.token_hex(16),
        "trail": [(_("我的办件"), reverse("portal:my")), (item_name(found.item_name), "")],
    }
    return render(request, "portal/case.html", context)


def _answers_given(found: Case, actor: Actor) -> dict[str, str]:
    """The latest answer of a register to each material, that its owner may object to."""
    if actor.held(found.party_id) is None:
        return {}
    asked = cases.asked_for(found)
    latest = {key: next((one for one in rows if one.is_answer), None) for key, rows in asked.items()}
    return {key: one.number for key, one in latest.items() if one is not None}


def _records(found: Case) -> dict[str, list[cases.RecordLine]]:
    """What departments said of their records: what stands out first, then those that have none."""
    lines = cases.record_lines(found)
    return {
        "records": lines,
        "standing_out": [line for line in lines if line.stands_out],
        "without_record": [line for line in lines if not line.stands_out],
        "repairable": [line for line in lines if line.has_record],
    }


def _bundles(actor: Actor, parents: QuerySet[BundleCase]) -> list[BundleRow]:
    """The latest parents with their children; the same few queries however many."""
    rows = parents.select_related("intake_agency", "bundle_version").order_by("-submitted_at")
    found = list(rows.defer("bundle_version__definition", "bundle_version__compiled_json")[:BUNDLES_SHOWN])
    views = cases.own_child_views(actor, found)
    return [BundleRow(one, cases.bundle_sentence(one, views[one.pk]), views[one.pk]) for one in found]


def _kind_name(kind: str) -> str:
    return str(ClockKind(kind).label)


def _action(found: Case, action: str) -> Link | None:
    if action == "supplement":
        return Link(_("去补材料"), reverse("portal:supplement", args=[found.number]))
    if action == "owed":
        return Link(_("去补交材料"), reverse("portal:owed", args=[found.number]))
    if action == "unproved":
        return Link(_("去承诺或者上传"), reverse("portal:unproved", args=[found.number]))
    if action == "hearing":
        return Link(_("看听证告知书"), "#hearing")
    if action == "again":
        return _again(found)
    wanted = {
        "certificate": (_("查看证照"), "certificate"),
        "decision": (_("看决定书"), "decision"),
        "notice": (_("看通知书"), "non_acceptance"),
        "termination": (_("看通知书"), "termination"),
        "revocation": (_("看决定书"), "revocation"),
    }.get(action)
    if wanted is None:
        return None
    title, kind = wanted
    papers = [paper for paper in _papers(found) if paper["kind"].startswith(kind) and paper["href"]]
    return Link(title, papers[-1]["href"]) if papers else None


def _again(found: Case) -> Link | None:
    """The way to apply anew, as long as the item is still offered there."""
    key, division = found.item_version.item.key, found.agency.division.code
    if catalogue.find_published(key, division) is None:
        return None
    return Link(_("重新申请"), f"{reverse('portal:situation', args=[key])}?division={division}")


def _papers(found: Case) -> list[dict[str, str]]:
    rows = documents.told_documents_of(Reference("case", found.number))
    return [
        {
            "kind": row.kind,
            "title": row.title,
            "number": row.number,
            "href": reverse("portal:document", args=[found.number, row.verify_code]) if row.is_ready else "",
            "verify_href": reverse("portal:verify", args=[row.verify_code]),
        }
        for row in rows
    ]


OPEN = frozenset({MaterialState.ASKED, MaterialState.OWED, MaterialState.UNPROVED})


def material_view(row: CaseMaterial, answered: Collection[str] = (), answer: str = "") -> dict[str, Any]:
    words = {
        "certificate": _("为您免交"),
        "check": _("为您免交"),
        "share": _("为您免交"),
        "reuse": _("材料复用"),
        "cancelled": _("依规取消"),
        "promise": _("承诺代替"),
        "form": _("在线填写生成"),
    }
    current = [one.file for one in row.files.all() if one.is_current]
    # What the notice asked for is told as past once its answer has been sent.
    is_answered = row.key in answered and row.state != MaterialState.ASKED
    return {
        "name": row.name,
        "key": row.key,
        "answer": answer,
        "note": row.note,
        "is_answered": is_answered,
        "is_spared": row.way in words and row.state not in OPEN,
        "word": str(MaterialState(row.state).label)
        if row.state in OPEN
        else words.get(row.way, _("已提交") if current else _("没有交")),
        "files": current,
    }


def _filled(found: Case) -> list[forms.SectionView]:
    facts, form = dict(found.facts), dict(found.form)
    for element in cases.held_elements(found):
        # The number of what a sibling got is told when all is issued (同步发证).
        for told in (facts, form):
            if element in told:
                told[element] = _("同步发证时告诉您")
    return forms.sections_of(forms.Drawing(found.item_version.compiled, facts, form, {}, {}))


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant takes his application back."""
    apply.withdraw(
        actor_for(request),
        number,
        request.POST.get("reason", ""),
        revision=whole_number(request, "revision"),
        key=request.POST.get("key", ""),
    )
    return redirect("portal:case", number)
