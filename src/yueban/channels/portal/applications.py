"""Filling in an application: start, form, autosave, materials, preview, submission; of an item or of a 一件事."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import ApplicationState
from yueban.cases.models import BundleApplication
from yueban.cases.selectors import AnyApplication
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.applicable import Applicable
from yueban.channels.portal.items import Link
from yueban.channels.portal.session import signed_in, take_held
from yueban.channels.portal.stages import Step, steps_of
from yueban.channels.shared import forms
from yueban.channels.shared.english import named
from yueban.channels.shared.posted import posted_answers, whole_number
from yueban.channels.shared.proofs import proof_counts
from yueban.flows import apply, bundle, handing_in, prove
from yueban.flows.identify import actor_for
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Conflict, Invalid, NotFound, ServiceError
from yueban.parties.selectors import KnownFact

# Before the key of a material: the error stands beside its signature, not beside its file.
SIGNED = "signed-"


@signed_in
@require_POST
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Begin an application, or go on with the draft there is."""
    # A question may be called party or version: what the page itself sends has a dot in its name.
    version = catalogue.get_version(whole_number(request, "apply.version") or 0)
    if version.item.key != key:
        raise NotFound(_("没有这个事项版本。"), hint=_("请从办事指南重新开始。"))
    answers = posted_answers(request, version.compiled.situations.questions)
    actor = actor_for(request)
    application = apply.start(actor, version.pk, answers, whole_number(request, "apply.party") or 0)
    return redirect("portal:form", application.number)


@signed_in
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, number: str) -> HttpResponse:
    """The form: shown, saved, and led on to the materials."""
    application = _draft(request, number)
    if isinstance(application, HttpResponse):
        return application
    if request.method == "POST":
        return _save(request, application)
    held = take_held(request)
    data = application.form
    if held is not None:
        posted = QueryDict(mutable=True)
        for name, values in held.items():
            posted.setlist(name, values)
        data = forms.data_of(cases.compiled_of(application), posted)
    context = _form_context(request, application, data, {})
    return render(request, "portal/form.html", context | {"is_restored": held is not None})


def _save(request: HttpRequest, application: AnyApplication) -> HttpResponse:
    compiled = cases.compiled_of(application)
    remove = request.POST.get("remove", "")
    data = forms.data_of(compiled, request.POST, without=remove)
    saved = _flow(application.number).save_draft(
        actor_for(request), application.number, data, whole_number(request, "revision")
    )
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
        context = _form_context(request, application, data, saved.errors, saved.cleaned)
        return render(request, "portal/form.html", context, status=422)
    prove.ask_sources(actor_for(request), application.number)
    return redirect("portal:materials", application.number)


@signed_in
@require_POST
def autosave(request: HttpRequest, number: str) -> HttpResponse:
    """Save what is typed; answers with the state of saving and the new revision."""
    actor = actor_for(request)
    application = cases.get_any_application(actor, number)
    compiled = cases.compiled_of(application)
    data = forms.data_of(compiled, request.POST)
    try:
        saved = _flow(number).save_draft(actor, number, data, whole_number(request, "revision"))
    except Conflict as error:
        # The page keeps the revision it read: sent again, it must meet the same answer and overwrite nothing.
        told = {"problem": f"{error.message}{error.hint}", "revision": request.POST.get("revision")}
        return render(request, "portal/_saved.html", told, status=409)
    drawing = replace(_drawing(application, data, {}, {}), cleaned=saved.cleaned)
    if forms.shape_with(drawing) != request.POST.get("shape"):
        # An answer has opened or closed a part of the form: the whole of it is drawn again.
        application.form, application.revision = data, saved.revision
        context = _form_context(request, application, data, {}, saved.cleaned)
        response = render(request, "portal/_form.html", context)
        response["HX-Retarget"], response["HX-Reswap"] = "#application-form", "outerHTML"
        return response
    return render(request, "portal/_saved.html", {"revision": saved.revision, "is_saved": True})


@signed_in
@require_GET
def materials(request: HttpRequest, number: str) -> HttpResponse:
    """The materials: those got for the person, those to hand in."""
    application = _draft(request, number)
    if isinstance(application, HttpResponse):
        return application
    return materials_page(request, application, {})


@signed_in
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One file for one material; a refused file says why beside the material. Reloading leads to the list."""
    if request.method == "GET":
        return redirect("portal:materials", number)
    application = cases.get_any_application(actor_for(request), number)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid(_("还没有选择文件。"), hint=_("请先选择文件，再点“上传”。"))
        _flow(number).attach_file(actor_for(request), number, key, cast("BinaryIO", sent), sent.name or "")
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
    _flow(number).remove_file(actor_for(request), number, file_number)
    return redirect("portal:materials", number)


@signed_in
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, number: str) -> HttpResponse:
    """Everything at a glance before it is sent; POST sends it."""
    application = _draft(request, number)
    if isinstance(application, HttpResponse):
        return application
    actor = actor_for(request)
    ready = _flow(number).check(actor, number)
    if request.method == "POST":
        if not request.POST.get("agreed"):
            return _preview_page(request, application, ready, _("请先勾选声明，再提交。"))
        if ready.is_ready:
            return redirect(_sent(actor, number))
    return _preview_page(request, application, ready, "")


@signed_in
@require_POST
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """Give up a draft."""
    _flow(number).discard(actor_for(request), number)
    return redirect("portal:my")


def _flow(number: str) -> Any:
    """What saves and submits it: an item's draft or a 一件事's, by its number; both have the same steps."""
    return bundle if cases.is_of_bundle(number) else apply


def _sent(actor: Actor, number: str) -> str:
    """Submit it; the page of what came of it."""
    if cases.is_of_bundle(number):
        return reverse("portal:bundle-case", args=[bundle.submit(actor, number).number]) + "?submitted=1"
    return reverse("portal:case", args=[apply.submit(actor, number).number]) + "?submitted=1"


def _draft(request: HttpRequest, number: str) -> AnyApplication | HttpResponse:
    """The draft of this number; one that is submitted leads to its case."""
    application = cases.get_any_application(actor_for(request), number)
    if application.state != ApplicationState.SUBMITTED:
        return application
    if isinstance(application, BundleApplication):
        return redirect("portal:bundle-case", application.case.number)
    return redirect("portal:case", application.cases.get().number)


def title_of(application: AnyApplication) -> str:
    """What is applied for, in the language of the page."""
    if isinstance(application, BundleApplication):
        return named(application.bundle_version.name, application.bundle_version.name_en)
    return named(application.item_version.name, application.item_version.name_en)


def _drawing(
    application: AnyApplication, data: dict[str, Any], errors: dict[str, str] | Any, known: Any
) -> forms.Drawing:
    compiled = cases.compiled_of(application)
    facts = dict(catalogue.walk(compiled, application.answers).facts)
    return forms.Drawing(compiled, facts, data, errors, known)


def _shown_back(application: AnyApplication) -> forms.Drawing:
    """What has been filled in, as it will be stored."""
    drawing = _drawing(application, application.form, {}, {})
    return replace(drawing, data=forms.tidied(drawing.compiled, drawing.data, drawing.facts))


def _form_context(
    request: HttpRequest,
    application: AnyApplication,
    data: dict[str, Any],
    errors: Any,
    cleaned: Mapping[str, object] | None = None,
) -> dict[str, Any]:
    """What the form is drawn from; ``cleaned`` are the data as they have just been saved."""
    known = handing_in.known_of(actor_for(request), application)
    compiled = cases.compiled_of(application)
    filled = forms.prefilled(compiled, data, known) if application.revision == 0 else data
    facts = dict(catalogue.walk(compiled, application.answers).facts)
    drawing = forms.Drawing(compiled, facts, filled, errors, known, request.GET.get("extra", ""), cleaned)
    sections = forms.sections_of(drawing)
    return {
        "application": application,
        "title": title_of(application),
        "sections": sections,
        "errors": forms.told(forms.places_of(sections), errors) if errors else [],
        "steps": steps_of(application.number, Step.FORM),
        "trail": _trail(application),
        "shape": forms.shape_of(sections),
        "known_fields": _known_fields(compiled, known),
    }


def _known_fields(compiled: Applicable, known: Mapping[str, KnownFact]) -> list[tuple[str, str]]:
    """What was filled in from registers, with its name: it can be objected to where it stands."""
    fields = [one for section in compiled.form.sections if section.repeat is None for one in section.fields]
    return [
        (one.element, named(one.label, one.label_en))
        for one in fields
        if one.prefill and one.element in known
    ]


def materials_page(
    request: HttpRequest, application: AnyApplication, errors: dict[str, str], *, status: int = 200
) -> HttpResponse:
    """The page of materials, each error beside its material."""
    ready = _flow(application.number).check(actor_for(request), application.number)
    names = {material.key: material.name for material in ready.materials}
    asked = [one for one in ready.materials if one.way == "upload" or one.is_to_sign]
    context = {
        "application": application,
        "title": title_of(application),
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


def _preview_page(
    request: HttpRequest, application: AnyApplication, ready: Any, problem: str
) -> HttpResponse:
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
        "title": title_of(application),
        "sections": sections,
        "materials": ready.materials,
        "counts": proof_counts(ready.materials),
        "missing": missing,
        "errors": errors,
        "steps": steps_of(application.number, Step.PREVIEW),
        "agencies": _agencies(application),
        "trail": _trail(application),
    }
    return render(request, "portal/preview.html", context, status=422 if problem else 200)


def _agencies(application: AnyApplication) -> str:
    """Who decides: one agency, or those of the items that a 一件事 joins."""
    if isinstance(application, BundleApplication):
        children = application.bundle_version.compiled_bundle.children
        return "、".join(dict.fromkeys(child.agency.short_name for child in children))
    return application.item_version.agency.name


def _trail(application: AnyApplication) -> list[tuple[str, str]]:
    if isinstance(application, BundleApplication):
        guide = reverse("portal:bundle", args=[application.bundle_version.bundle.key])
    else:
        guide = reverse("portal:guide", args=[application.item_version.item.key])
    return [(_("我的办件"), reverse("portal:my")), (title_of(application), guide)]
