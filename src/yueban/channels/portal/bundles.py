"""一件事: what is offered, its guide, its questions, the way into the form, and the case that comes of it."""

import secrets
from collections.abc import Sequence

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import CaseEvent
from yueban.cases.models import BundleCase
from yueban.catalogue.bundles import selectors as catalogue
from yueban.catalogue.models import BundleVersion
from yueban.channels.portal.asking import About, situation_page
from yueban.channels.portal.places import chosen_division
from yueban.channels.portal.session import applicant_of, signed_in
from yueban.channels.shared.bundle_view import bundle_children, bundle_figures, bundle_savings
from yueban.channels.shared.cited import shows_cited
from yueban.channels.shared.english import named
from yueban.channels.shared.guide_view import material_lines
from yueban.channels.shared.posted import posted_answers, whole_number
from yueban.channels.shared.serving import stored_file_response
from yueban.documents import selectors as documents
from yueban.documents.errors import DocumentNotFound
from yueban.flows import bundle as flow
from yueban.flows import bundle_redo
from yueban.flows.identify import actor_for
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotFound
from yueban.kernel.reference import Reference

FAILED = frozenset({"refused", "not_accepted", "returned", "terminated"})


@require_GET
def bundle_list(request: HttpRequest) -> HttpResponse:
    """Every bundle that is offered here, with what it spares."""
    rows = [
        {
            "name": named(row.compiled_bundle.name, row.compiled_bundle.name_en),
            "summary": named(row.compiled_bundle.summary, row.compiled_bundle.summary_en),
            "href": reverse("portal:bundle", args=[row.bundle.key]),
            "count": len(row.compiled_bundle.children),
            "stats": bundle_figures(row.compiled_bundle)[:3],
        }
        for row in catalogue.bundles_in_force(chosen_division(request) or None)
    ]
    return render(
        request, "portal/bundles.html", {"bundles": rows, "trail": [(_("办事"), reverse("portal:items"))]}
    )


def _version(request: HttpRequest, key: str) -> BundleVersion:
    return catalogue.get_bundle(key, chosen_division(request) or None)


def _place(request: HttpRequest) -> str:
    division = request.GET.get("division", "") and chosen_division(request)
    return f"?division={division}" if division else ""


@shows_cited
@require_GET
def bundle(request: HttpRequest, key: str) -> HttpResponse:
    """The guide: what it joins, what it asks, what it spares and against what that is measured."""
    version = _version(request, key)
    compiled = version.compiled_bundle
    context = {
        "version": version,
        "bundle": compiled,
        "title": named(compiled.name, compiled.name_en),
        "summary": named(compiled.summary, compiled.summary_en),
        "stats": bundle_figures(compiled),
        "savings": bundle_savings(compiled),
        "is_joined": len(compiled.children) > 1,
        "children": bundle_children(compiled),
        "materials": material_lines(cases.expected_materials(compiled, {})),
        "start": reverse("portal:bundle-questions", args=[key]) + _place(request),
        "trail": [(_("一件事"), reverse("portal:bundles")), (named(compiled.name, compiled.name_en), "")],
    }
    return render(request, "portal/bundle.html", context)


@require_GET
def questions(request: HttpRequest, key: str) -> HttpResponse:
    """The questions of all its items, each asked once."""
    version = _version(request, key)
    compiled = version.compiled_bundle
    name = named(compiled.name, compiled.name_en)
    guide = reverse("portal:bundle", args=[key]) + _place(request)
    about = About(
        compiled=compiled,
        version=version,
        name=name,
        guide=guide,
        questions=reverse("portal:bundle-questions", args=[key]),
        start=reverse("portal:bundle-start", args=[key]),
        trail=[(_("一件事"), reverse("portal:bundles")), (name, guide)],
    )
    division = chosen_division(request) or None
    return situation_page(request, about, division if "division" in request.GET else None)


@signed_in
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Begin an application, or go on with the draft there is."""
    version = catalogue.bundle_version(whole_number(request, "apply.version") or 0)
    if version.bundle.key != key:
        raise NotFound(_("没有这件事的这个版本。"), hint=_("请从办事指南重新开始。"))
    answers = posted_answers(request, version.compiled_bundle.situations.questions)
    application = flow.start(
        actor_for(request), version.pk, answers, whole_number(request, "apply.party") or 0
    )
    return redirect("portal:form", application.number)


@signed_in
@require_GET
def bundle_case(request: HttpRequest, number: str) -> HttpResponse:
    """The parent: what happens next in one sentence, then each child with its state, its clock and its next step."""
    actor = applicant_of(request)
    found = cases.get_bundle_case(actor, number)
    views = cases.own_child_views(actor, [found])[found.pk]
    compiled = found.bundle_version.compiled_bundle
    context = {
        "bundle_case": found,
        "failures": _failures(views),
        "title": named(compiled.name, compiled.name_en),
        "sentence": cases.bundle_sentence(found, views),
        "children": views,
        "documents": _papers(found),
        "savings": bundle_savings(compiled),
        "is_ended": found.ended_at is not None,
        "may_withdraw": _may_withdraw(actor, found, views),
        "just_submitted": "submitted" in request.GET,
        "key": secrets.token_hex(16),
        "trail": [(_("我的办件"), reverse("portal:my")), (named(compiled.name, compiled.name_en), "")],
    }
    return render(request, "portal/bundle_case.html", context)


def _failures(views: Sequence[cases.ChildView]) -> list[dict[str, object]]:
    """What was not granted: by whom, why, where to turn against it."""
    return [
        {"view": view, "remedies": cases.remedy_sentences(view.case) if view.outcome == "refused" else []}
        for view in views
        if view.case is not None and view.outcome in FAILED
    ]


@signed_in
@require_POST
def again(request: HttpRequest, number: str, case_number: str) -> HttpResponse:
    """Apply again for the one item that was not granted."""
    draft = bundle_redo.begin(actor_for(request), number, case_number)
    return redirect("portal:form", draft.number)


def _may_withdraw(actor: Actor, found: BundleCase, views: Sequence[cases.ChildView]) -> bool:
    if found.ended_at is not None or actor.held(found.party_id) is None:
        return False
    return any(
        view.state == "waiting"
        or (view.case is not None and CaseEvent.WITHDRAW in cases.moves_open_to(view.case, actor))
        for view in views
    )


def _papers(found: BundleCase) -> list[dict[str, str]]:
    return [
        {
            "kind": row.kind,
            "title": row.title,
            "number": row.number,
            "href": reverse("portal:bundle-document", args=[found.number, row.verify_code])
            if row.is_ready
            else "",
            "verify_href": reverse("portal:verify", args=[row.verify_code]),
        }
        for row in documents.documents_of(Reference("bundle", found.number))
    ]


@signed_in
@require_GET
def document(request: HttpRequest, number: str, code: str) -> FileResponse:
    """A document of the whole: the one receipt."""
    found = cases.get_bundle_case(applicant_of(request), number)
    paper = documents.find_by_verify_code(code)
    if paper is None or paper.subject_number != found.number or paper.file is None:
        raise DocumentNotFound(_("这份文书还没有生成好，或不在这件办件里。"), hint=_("请稍等片刻再打开。"))
    return stored_file_response(paper.file, is_download="download" in request.GET)


@signed_in
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant takes back all that is not decided."""
    flow.withdraw_all(
        actor_for(request),
        number,
        request.POST.get("reason", ""),
        revision=whole_number(request, "revision"),
        key=request.POST.get("key", ""),
    )
    return redirect("portal:bundle-case", number)
