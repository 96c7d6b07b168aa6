"""A draft at the desk, of an item or of a 一件事: form, materials, mandate and submission on one page.

Saved as one types, offline too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yueban.cases import selectors as cases_read
from yueban.cases.choices import ApplicationState
from yueban.cases.errors import ApplicationStale
from yueban.cases.models import BundleApplication
from yueban.cases.selectors import AnyApplication
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared import forms
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.proofs import proof_counts
from yueban.channels.shared.serving import guarded_response, stored_file_response
from yueban.files.errors import FileNotFound
from yueban.flows import apply, assist, assist_papers, bundle, prove, stand_for_company
from yueban.kernel import clock
from yueban.kernel.errors import Invalid, ServiceError
from yueban.parties.choices import MandateWay, PartyKind, Power
from yueban.parties.models import Mandate

POWERS = (Power.SUBMIT, Power.SUPPLEMENT, Power.COLLECT)


@dataclass
class Page:
    """What the page shows besides the draft itself."""

    data: dict[str, Any]
    errors: dict[str, str]
    problems: list[tuple[str, str]]
    conflict: list[tuple[str, str, str]]
    extra: str = ""
    agreed: bool = False
    stands: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def _flow(number: str) -> Any:
    """What saves it: an item's draft or a 一件事's, by its number; both have the same steps."""
    return bundle if cases_read.is_of_bundle(number) else apply


def _result_of(application: AnyApplication) -> str:
    """The page of what was handed in."""
    if isinstance(application, BundleApplication):
        return reverse("desk:bundle-case", args=[application.case.number])
    return reverse("desk:handed-in", args=[application.cases.get().number])


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: DeskRequest, number: str) -> HttpResponse:
    """The page; every button of it posts the whole page, so that nothing typed is lost without scripts."""
    application = assist.open_draft(request.actor, number)
    if application.state == ApplicationState.SUBMITTED:
        return HttpResponseRedirect(_result_of(application))
    if request.method == "POST":
        return _act(request, application)
    page = Page(application.form, {}, [], [], extra=request.GET.get("extra", ""))
    return _page(request, application, page)


def _act(request: DeskRequest, application: AnyApplication) -> HttpResponse:
    compiled, number = cases_read.compiled_of(application), application.number
    data = forms.data_of(compiled, request.POST, without=request.POST.get("remove", ""))
    posted = request.POST
    page = Page(
        data,
        {},
        [],
        [],
        agreed=bool(posted.get("agreed")),
        stands=posted.get("stands", ""),
        typed=posted.dict(),
    )
    acting = assist.draft_actor(request.actor, number)
    try:
        saved = _flow(number).save_draft(acting, number, data, whole_number(request, "revision"))
    except ApplicationStale:
        fresh = cases_read.get_any_assisted(request.actor, number)
        if fresh.form != data:
            page.conflict, page.status = differences(fresh, data), 409
            return _page(request, fresh, page)
    else:
        application.revision = saved.revision
    application.form = data
    problems = _take_files(request, application)
    if problems:
        page.problems, page.status = problems, 422
        return _page(request, application, page)
    return _press(request, application, page)


def _press(request: DeskRequest, application: AnyApplication, page: Page) -> HttpResponse:
    """What the pressed button asks for, after everything typed has been saved."""
    number, posted = application.number, request.POST
    here = reverse("desk:draft", args=[number])
    try:
        if posted.get("add"):
            return HttpResponseRedirect(f"{here}?extra={posted['add']}#s-{posted['add']}")
        if posted.get("drop"):
            _flow(number).remove_file(assist.draft_actor(request.actor, number), number, posted["drop"])
        if posted.get("mandate"):
            _take_mandate(request, number)
        if posted.get("promise"):
            key = posted["promise"]
            acting = assist.draft_actor(request.actor, number)
            prove.promise(acting, number, key, posted.get(f"sign-{key}", ""))
        if posted.get("submit"):
            return _submit(request, application, page)
        if posted.get("discard"):
            _flow(number).discard(assist.draft_actor(request.actor, number), number)
            return HttpResponseRedirect(reverse("desk:intake"))
    except ServiceError as error:
        if error.status == 404:
            raise
        told = error.fields if isinstance(error, Invalid) else {}
        page.problems = [(f"f-{name}", text) for name, text in told.items()] or [
            ("mandate", f"{error.message}{error.hint}")
        ]
        page.status = error.status
        return _page(request, application, page)
    if posted.get("go") == "save":
        prove.ask_sources(assist.draft_actor(request.actor, number), number)
    is_of_materials = posted.get("drop") or posted.get("upload") or posted.get("promise")
    return HttpResponseRedirect(here + ("#materials" if is_of_materials else ""))


def _submit(request: DeskRequest, application: AnyApplication, page: Page) -> HttpResponse:
    prove.ask_sources(assist.draft_actor(request.actor, application.number), application.number)
    ready = assist.readiness(request.actor, application.number)
    page.errors = dict(ready.errors)
    page.problems = [
        (
            f"m-{one.key}",
            (_("还没有签承诺或者上传：%(name)s") if one.is_to_sign else _("还没有上传：%(name)s"))
            % {"name": one.name},
        )
        for one in ready.materials
        if one.is_missing
    ]
    if not assist.is_helper(request.actor):
        page.problems += _nobody_stands(application, page)
    elif why := assist.why_not_on_mandate(request.actor, application):
        page.problems.append(("mandate", why))
    if not page.agreed:
        page.problems.append(("f-agreed", _("请先把声明读给办事人听，他同意后勾选。")))
    if page.errors or page.problems:
        page.status = 422
        return _page(request, application, page)
    shown = page.stands if page.stands != stand_for_company.LEGAL else ""
    hand_in = assist.submit_bundle if isinstance(application, BundleApplication) else assist.submit
    hand_in(request.actor, application.number, shown=shown)
    return HttpResponseRedirect(_result_of(application) + "?submitted=1")


def _nobody_stands(application: AnyApplication, page: Page) -> list[tuple[str, str]]:
    """For a company somebody comes: its legal representative, or who has its mandate."""
    if application.party.kind != PartyKind.ENTERPRISE:
        return []
    shown = [row.number for row in stand_for_company.mandates_for(application)]
    if page.stands in (stand_for_company.LEGAL, *shown):
        return []
    return [("stands", _("请选择谁来办，并核对他的身份证：法定代表人本人，或持授权委托的经办人。"))]


def _mandate_of(request: DeskRequest, application: AnyApplication) -> Mandate | None:
    """The mandate on which a helper may hand this draft in."""
    asked = cases_read.asked_items(application)
    return assist.find_mandate(request.actor, application.party, asked, Power.SUBMIT)


def _take_files(request: DeskRequest, application: AnyApplication) -> list[tuple[str, str]]:
    """Every file that was chosen, whichever button was pressed; what is refused says why at its material."""
    problems = []
    acting = assist.draft_actor(request.actor, application.number)
    for name in request.FILES:
        if not name.startswith("file-"):
            continue
        for sent in request.FILES.getlist(name):
            key = name.removeprefix("file-")
            try:
                flow = _flow(application.number)
                flow.attach_file(acting, application.number, key, cast("BinaryIO", sent), sent.name or "")
            except ServiceError as error:
                problems.append((f"m-{key}", f"{error.message}{error.hint}"))
    return problems


def _take_mandate(request: DeskRequest, number: str) -> None:
    """A villager's for his helper, or a company's that somebody brings to the window."""
    take = _register_paper if request.POST["mandate"] == "company" else _give_mandate
    take(request, number)


def _give_mandate(request: DeskRequest, number: str) -> None:
    powers, ends_on = _powers(request.POST.getlist("powers")), _ends_on(request.POST.get("ends_on", ""))
    signature: tuple[BinaryIO | bytes, str] | None = None
    way = MandateWay.PAD if request.POST.get("mandate") == "pad" else MandateWay.PAPER
    if way == MandateWay.PAD:
        strokes = assist_papers.read_strokes(request.POST.get("pad", ""))
        sheet = assist_papers.mandate_sheet(
            request.actor, number, powers=powers, ends_on=ends_on, strokes=strokes
        )
        signature = (sheet, "授权委托书.pdf")
    elif request.FILES.get("signed"):
        if not request.POST.get("seen"):
            raise Invalid.of_fields({"seen": _("请看一眼照片：上面有委托人的签名或指印，再勾选。")})
        sent = cast("UploadedFile[bytes]", request.FILES["signed"])
        signature = (cast("BinaryIO", sent), sent.name or "授权委托书")
    assist.give_mandate(request.actor, number, way=way, signature=signature, powers=powers, ends_on=ends_on)


def _register_paper(request: DeskRequest, number: str) -> None:
    """The mandate that who comes for a company brings on paper."""
    posted = request.POST
    sent = cast("UploadedFile[bytes] | None", request.FILES.get("signed"))
    if sent is not None and not posted.get("seen"):
        raise Invalid.of_fields({"seen": _("请核对：委托书盖有公章，经办人与身份证一致，再勾选。")})
    stand_for_company.register_paper(
        request.actor,
        number,
        agent_name=posted.get("agent_name", ""),
        agent_id_number=posted.get("agent_id_number", ""),
        powers=_powers(posted.getlist("powers")),
        ends_on=_ends_on(posted.get("ends_on", "")),
        signature=(cast("BinaryIO", sent), sent.name or "授权委托书") if sent is not None else None,
    )


def _powers(asked: list[str]) -> list[str]:
    return [str(power) for power in POWERS if power in asked]


def _ends_on(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default_end()


def default_end() -> date:
    """Half a year: long enough for the case and for collecting its result."""
    return clock.today() + timedelta(days=182)


def differences(application: AnyApplication, data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What differs between the words here and those saved elsewhere: (field, here, elsewhere)."""
    compiled, answers = cases_read.compiled_of(application), application.answers
    mine, theirs = (
        {
            field.name: field
            for section in forms.draw(compiled, answers, form)
            for entry in section.entries
            for field in entry.fields
        }
        for form in (data, application.form)
    )
    rows = []
    for name in {**mine, **theirs}:
        field = mine.get(name) or theirs[name]
        here = mine[name].shown_value if name in mine else ""
        there = theirs[name].shown_value if name in theirs else ""
        if here != there:
            rows.append((field.label, here, there))
    return rows


def _page(request: DeskRequest, application: AnyApplication, page: Page) -> HttpResponse:
    context = _context(request, application, page)
    return desk_page(request, "desk/draft.html", context, status=page.status)


def _context(request: DeskRequest, application: AnyApplication, page: Page) -> dict[str, Any]:
    acting = assist.draft_actor(request.actor, application.number)
    compiled = cases_read.compiled_of(application)
    known = _flow(application.number).prefill(acting, application.number)
    filled = forms.prefilled(compiled, page.data, known) if application.revision == 0 else page.data
    sections = forms.draw(
        compiled, application.answers, filled, errors=page.errors, known=known, extra=page.extra
    )
    places = forms.places_of(sections)
    ready = cases_read.readiness(application)
    is_helper = assist.is_helper(request.actor)
    party = application.party
    is_company = party.kind == PartyKind.ENTERPRISE and not is_helper
    return {
        "application": application,
        "party": party,
        "sections": sections,
        "shape": forms.shape_of(sections),
        "errors": [*forms.told(places, page.errors), *page.problems],
        "problems": dict(page.problems),
        "conflict": page.conflict,
        "materials": ready.materials,
        "counts": proof_counts(ready.materials),
        "agreed": page.agreed,
        "stands": page.stands,
        "shown": stand_for_company.mandates_for(application) if is_company else [],
        "is_company": is_company,
        "legal_person": known["enterprise.legal_person_name"].value
        if "enterprise.legal_person_name" in known
        else "",
        "agencies": _agencies(application),
        "typed": page.typed,
        "wrong": {place.removeprefix("f-"): text for place, text in page.problems},
        "is_helper": is_helper,
        "mandate": _mandate_of(request, application) if is_helper else None,
        "powers": [(str(power), str(power.label)) for power in POWERS],
        "ends_on": default_end(),
        "trail": [
            (_("受理"), reverse("desk:intake")),
            (party.name, reverse("desk:intake-person", args=[party.number])),
        ],
    }


def _agencies(application: AnyApplication) -> str:
    """Who decides: one agency, or those of the items that a 一件事 joins."""
    if isinstance(application, BundleApplication):
        children = application.bundle_version.compiled_bundle.children
        return "、".join(dict.fromkeys(child.agency.short_name for child in children))
    return application.item_version.agency.short_name


@staff_only
@require_POST
def autosave(request: DeskRequest, number: str) -> HttpResponse:
    """Keep what is typed; the answer carries the new revision, and the form anew where its shape has changed."""
    application = cases_read.get_any_assisted(request.actor, number)
    if application.state == ApplicationState.SUBMITTED:
        return JsonResponse({"problem": _("这份申请已经提交。"), "is_over": True}, status=409)
    compiled = cases_read.compiled_of(application)
    data = forms.data_of(compiled, request.POST)
    acting = assist.draft_actor(request.actor, number)
    try:
        revision = _flow(number).save_draft(acting, number, data, whole_number(request, "revision")).revision
    except ApplicationStale as error:
        fresh = cases_read.get_any_assisted(request.actor, number)
        if fresh.form != data:
            context = {"conflict": differences(fresh, data), "application": fresh}
            html = render_to_string("desk/_draft_conflict.html", context, request=request)
            return JsonResponse(
                {"problem": error.message, "html": html, "revision": fresh.revision}, status=409
            )
        revision = fresh.revision
    except Invalid as error:
        return JsonResponse({"problem": f"{error.message}{error.hint}"}, status=422)
    answer: dict[str, Any] = {"revision": revision, "at": f"{timezone.localtime(clock.now()):%H:%M}"}
    known = _flow(number).prefill(acting, number)
    sections = forms.draw(compiled, application.answers, data, known=known)
    if forms.shape_of(sections) != request.POST.get("shape"):
        answer["shape"] = forms.shape_of(sections)
        answer["html"] = render_to_string(
            "shared/_form_sections.html", {"sections": sections}, request=request
        )
    return JsonResponse(answer)


@staff_only
@xframe_options_sameorigin
@require_safe
def draft_file(request: DeskRequest, number: str, file_number: str) -> FileResponse:
    """A file of one's own draft."""
    application = cases_read.get_any_assisted(request.actor, number)
    rows = application.files.filter(file__number=file_number, removed_at=None)
    row = rows.select_related("file").first()
    if row is None:
        raise FileNotFound("找不到这个文件。", hint="请从草稿页面重新打开。")
    return stored_file_response(row.file)


@staff_only
@xframe_options_sameorigin
@require_safe
def mandate_sheet(request: DeskRequest, number: str) -> FileResponse:
    """The 授权委托书 to be printed, read out and signed."""
    powers = _powers(request.GET.getlist("powers")) or [str(power) for power in POWERS]
    sheet = assist_papers.mandate_sheet(
        request.actor, number, powers=powers, ends_on=_ends_on(request.GET.get("ends_on", ""))
    )
    return guarded_response(
        BytesIO(sheet), media_type="application/pdf", name="授权委托书.pdf", is_inline=True
    )
