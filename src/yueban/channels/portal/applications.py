"""Filling in an application: start, form, autosave, materials, preview, submission."""

from dataclasses import replace
from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import ApplicationState
from yueban.cases.models import Application
from yueban.catalogue import selectors as catalogue
from yueban.channels.portal.items import Link
from yueban.channels.portal.session import signed_in, take_held
from yueban.channels.portal.stages import Step, steps_of
from yueban.channels.shared import forms
from yueban.channels.shared.english import item_name
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.proofs import proof_counts
from yueban.flows import apply, prove
from yueban.flows.identify import actor_for
from yueban.kernel.errors import Conflict, Invalid, NotFound, ServiceError

# Before the key of a material: the error stands beside its signature, not beside its file.
SIGNED = "signed-"


@signed_in
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Begin an application, or go on with the draft there is."""
    version = catalogue.get_version(whole_number(request, "version") or 0)
    if version.item.key != key:
        raise NotFound(_("没有这个事项版本。"), hint=_("请从办事指南重新开始。"))
    answers = {
        name: request.POST[name] for name in version.compiled.situations.questions if name in request.POST
    }
    actor = actor_for(request)
    application = apply.start(actor, version.pk, answers, whole_number(request, "party") or 0)
    return redirect("portal:form", application.number)


@signed_in
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, number: str) -> HttpResponse:
    """The form: shown, saved, and led on to the materials."""
    application = _draft(request, number)
    if not isinstance(application, Application):
        return application
    if request.method == "POST":
        return _save(request, application)
    held = take_held(request)
    data = application.form
    if held is not None:
        posted = QueryDict(mutable=True)
        for name, values in held.items():
            posted.setlist(name, values)
        data = forms.data_of(application.item_version.compiled, posted)
    context = _form_context(request, application, data, {})
    return render(request, "portal/form.html", context | {"is_restored": held is not None})


def _save(request: HttpRequest, application: Application) -> HttpResponse:
    compiled = application.item_version.compiled
    remove = request.POST.get("remove", "")
    data = forms.data_of(compiled, request.POST, without=remove)
    saved = apply.save_draft(actor_for(request), application.number, data, whole_number(request, "revision"))
    add = request.POST.get("add", "")
    here = reverse("portal:form", args=[application.number])
    if add:
        return redirect(f"{here}?extra={add}#s-{add}")
    if remove:
        return redirect(f"{here}#s-{remove.rpartition('-')[0]}")
    if request.POST.get("go") == "later":
        return redirect("portal:my")
    if saved.errors:
        application.form, application.revision = data, saved.revision
        context = _form_context(request, application, data, saved.errors)
        return render(request, "portal/form.html", context, status=422)
    prove.ask_sources(actor_for(request), application.number)
    return redirect("portal:materials", application.number)


@signed_in
@require_POST
def autosave(request: HttpRequest, number: str) -> HttpResponse:
    """Save what is typed; answers with the state of saving and the new revision."""
    actor = actor_for(request)
    application = cases.get_application(actor, number)
    compiled = application.item_version.compiled
    data = forms.data_of(compiled, request.POST)
    try:
        saved = apply.save_draft(actor, number, data, whole_number(request, "revision"))
    except Conflict as error:
        # The page keeps the revision it read: sent again, it must meet the same answer and overwrite nothing.
        told = {"problem": f"{error.message}{error.hint}", "revision": request.POST.get("revision")}
        return render(request, "portal/_saved.html", told, status=409)
    shape = _shape(application, data)
    if shape != request.POST.get("shape"):
        # An answer has opened or closed a part of the form: the whole of it is drawn again.
        application.form, application.revision = data, saved.revision
        response = render(request, "portal/_form.html", _form_context(request, application, data, {}))
        response["HX-Retarget"], response["HX-Reswap"] = "#application-form", "outerHTML"
        return response
    return render(request, "portal/_saved.html", {"revision": saved.revision, "is_saved": True})


@signed_in
@require_GET
def materials(request: HttpRequest, number: str) -> HttpResponse:
    """The materials: those got for the person, those to hand in."""
    application = _draft(request, number)
    if not isinstance(application, Application):
        return application
    return materials_page(request, application, {})


@signed_in
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One file for one material; a refused file says why beside the material. Reloading leads to the list."""
    if request.method == "GET":
        return redirect("portal:materials", number)
    application = cases.get_application(actor_for(request), number)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid(_("还没有选择文件。"), hint=_("请先选择文件，再点“上传”。"))
        apply.attach_file(actor_for(request), number, key, cast("BinaryIO", sent), sent.name or "")
    except ServiceError as error:
        if error.status in (403, 404):
            raise
        return materials_page(
            request, application, {key: f"{error.message}{error.hint}"}, status=error.status
        )
    return redirect(reverse("portal:materials", args=[number]) + f"#m-{key}")


@signed_in
@require_POST
def remove_file(request: HttpRequest, number: str, file_number: str) -> HttpResponse:
    """Take a file out of the draft."""
    apply.remove_file(actor_for(request), number, file_number)
    return redirect("portal:materials", number)


@signed_in
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Everything at a glance before it is sent; POST sends it."""
    application = _draft(request, number)
    if not isinstance(application, Application):
        return application
    actor = actor_for(request)
    ready = apply.check(actor, number)
    if request.method == "POST":
        if not request.POST.get("agreed"):
            return _preview_page(request, application, ready, _("请先勾选声明，再提交。"))
        if ready.is_ready:
            case = apply.submit(actor, number)
            return redirect(reverse("portal:case", args=[case.number]) + "?submitted=1")
    return _preview_page(request, application, ready, "")


@signed_in
@require_POST
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Give up a draft."""
    apply.discard(actor_for(request), number)
    return redirect("portal:my")


def _draft(request: HttpRequest, number: str) -> Application | HttpResponse:
    """The draft of this number; one that is submitted leads to its case."""
    application = cases.get_application(actor_for(request), number)
    if application.state == ApplicationState.SUBMITTED:
        return redirect("portal:case", application.cases.get().number)
    return application


def _drawing(
    application: Application, data: dict[str, Any], errors: dict[str, str] | Any, known: Any
) -> forms.Drawing:
    compiled = application.item_version.compiled
    facts = dict(catalogue.walk(compiled, application.answers).facts)
    return forms.Drawing(compiled, facts, data, errors, known)


def _shown_back(application: Application) -> forms.Drawing:
    """What has been filled in, as it will be stored."""
    drawing = _drawing(application, application.form, {}, {})
    return replace(drawing, data=forms.tidied(drawing.compiled, drawing.data, drawing.facts))


def _shape(application: Application, data: dict[str, Any]) -> str:
    """Which sections and fields are shown, as a short word that a page can send back."""
    sections = forms.sections_of(_drawing(application, data, {}, {}))
    names = [field.name for section in sections for entry in section.entries[:1] for field in entry.fields]
    return f"{len(names)}-{sum(map(len, names))}"


def _form_context(
    request: HttpRequest, application: Application, data: dict[str, Any], errors: Any
) -> dict[str, Any]:
    known = apply.prefill(actor_for(request), application.number)
    compiled = application.item_version.compiled
    filled = forms.prefilled(compiled, data, known) if application.revision == 0 else data
    facts = dict(catalogue.walk(compiled, application.answers).facts)
    drawing = forms.Drawing(compiled, facts, filled, errors, known, request.GET.get("extra", ""))
    sections = forms.sections_of(drawing)
    return {
        "application": application,
        "sections": sections,
        "errors": forms.told(forms.places_of(sections), errors),
        "steps": steps_of(application.number, Step.FORM),
        "trail": _trail(application),
        "shape": _shape(application, filled),
    }


def materials_page(
    request: HttpRequest, application: Application, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    """The page of materials, each error beside its material."""
    ready = apply.check(actor_for(request), application.number)
    names = {material.key: material.name for material in ready.materials}
    asked = [one for one in ready.materials if one.way == "upload" or one.is_to_sign]
    context = {
        "application": application,
        "spared": [one for one in ready.materials if one not in asked],
        "asked": [(one, errors.get(one.key, ""), errors.get(SIGNED + one.key, "")) for one in asked],
        "counts": proof_counts(ready.materials),
        "errors": [
            (key if key.startswith(SIGNED) else f"file-{key}", f"{names.get(_of(key), key)}：{message}")
            for key, message in errors.items()
        ],
        "steps": steps_of(application.number, Step.MATERIALS),
        "trail": _trail(application),
    }
    return render(request, "portal/materials.html", context, status=status)


def _of(key: str) -> str:
    return key.removeprefix(SIGNED)


def _preview_page(request: HttpRequest, application: Application, ready: Any, problem: str) -> HttpResponse:
    here = reverse("portal:form", args=[application.number])
    errors = [("agreed", problem)] if problem else []
    sections = forms.sections_of(_shown_back(application))
    told = forms.told(forms.places_of(sections), ready.errors)
    missing = [Link(message, f"{here}#{place}" if place else here) for place, message in told]
    page = reverse("portal:materials", args=[application.number])
    missing += [
        Link(
            (_("还没有签承诺或者上传：%(name)s") if material.is_to_sign else _("还没有上传：%(name)s"))
            % {"name": material.name},
            f"{page}#m-{material.key}",
        )
        for material in ready.materials
        if material.is_missing
    ]
    context = {
        "application": application,
        "sections": sections,
        "materials": ready.materials,
        "counts": proof_counts(ready.materials),
        "missing": missing,
        "errors": errors,
        "steps": steps_of(application.number, Step.PREVIEW),
        "trail": _trail(application),
    }
    return render(request, "portal/preview.html", context, status=422 if problem else 200)


def _trail(application: Application) -> list[tuple[str, str]]:
    return [
        (_("我的办件"), reverse("portal:my")),
        (
            item_name(application.item_version.name),
            reverse("portal:guide", args=[application.item_version.item.key]),
        ),
    ]
