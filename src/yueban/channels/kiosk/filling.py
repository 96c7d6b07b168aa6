"""Filling in at the kiosk: a few fields a screen, papers under the camera, a look at everything, submission.

Every screen is saved when it is left; what is typed lies in the person's own draft and nowhere else.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yueban.cases import selectors as cases
from yueban.cases.choices import ApplicationState
from yueban.cases.models import BundleApplication
from yueban.cases.selectors import AnyApplication
from yueban.catalogue import selectors as catalogue
from yueban.channels.kiosk.access import KioskRequest, devices_of, kiosk_page, personal
from yueban.channels.kiosk.devices import DeviceTrouble
from yueban.channels.shared import forms, screens
from yueban.channels.shared.english import named
from yueban.channels.shared.links import Link
from yueban.channels.shared.posted import whole_number
from yueban.channels.shared.screens import Screen
from yueban.flows import apply, bundle, handing_in, prove
from yueban.kernel.errors import Invalid, ServiceError


@dataclass(frozen=True)
class Form:
    """A draft as it is drawn: its data, its screens."""

    application: AnyApplication
    data: dict[str, Any]
    known: Mapping[str, Any]
    screens: list[Screen]


def flow_of(number: str) -> Any:
    """What saves and submits it: an item's draft or a 一件事's, by its number; both have the same steps."""
    return bundle if cases.is_of_bundle(number) else apply


def draft_of(request: KioskRequest, number: str) -> AnyApplication | HttpResponse:
    """The draft of this number; one that is submitted leads to its case."""
    application = cases.get_any_application(request.actor, number)
    if application.state != ApplicationState.SUBMITTED:
        return application
    if isinstance(application, BundleApplication):
        return redirect("kiosk:bundle-case", application.case.number)
    return redirect("kiosk:case", application.cases.get().number)


def title_of(application: AnyApplication) -> str:
    """What is applied for, in the language of the page."""
    version = (
        application.bundle_version if isinstance(application, BundleApplication) else application.item_version
    )
    return named(version.name, version.name_en)


def _who_decides(application: AnyApplication) -> str:
    """One agency, or those of the items that a 一件事 joins."""
    if isinstance(application, BundleApplication):
        children = application.bundle_version.compiled_bundle.children
        return "、".join(dict.fromkeys(child.agency.short_name for child in children))
    return application.item_version.agency.name


def _about(application: AnyApplication) -> dict[str, Any]:
    """What every screen of a draft says of it."""
    return {"application": application, "title": title_of(application)}


def _drawn(
    request: KioskRequest,
    application: AnyApplication,
    data: dict[str, Any] | None = None,
    *,
    known: Mapping[str, Any] | None = None,
    errors: dict[str, str] | Any = None,
    extra: str = "",
) -> Form:
    compiled = cases.compiled_of(application)
    if known is None:
        known = handing_in.known_of(request.actor, application)
    found = application.form if data is None else data
    filled = forms.prefilled(compiled, found, known) if application.revision == 0 else found
    facts = dict(catalogue.walk(compiled, application.answers).facts)
    sections = forms.sections_of(forms.Drawing(compiled, facts, filled, errors or {}, known, extra))
    return Form(
        application, filled, known, screens.screens_of(sections, screens.read_back_of(compiled, known))
    )


@personal
@require_http_methods(["GET", "POST"])
def form(request: KioskRequest, number: str) -> HttpResponse:
    """One screen of the form; saved, and led on to the next."""
    application = draft_of(request, number)
    if isinstance(application, HttpResponse):
        return application
    if request.method == "POST":
        return _save(request, application)
    extra = request.GET.get("extra", "")
    drawn = _drawn(request, application, extra=extra)
    if not drawn.screens:
        prove.ask_sources(request.actor, number)
        return redirect("kiosk:materials", number)
    shown = drawn.screens[screens.place_of(drawn.screens, request.GET.get("at", ""))]
    return _screen_page(request, drawn, shown, extra=extra, is_edited="edit" in request.GET)


def _save(request: KioskRequest, application: AnyApplication) -> HttpResponse:
    """Lay what the screen sent over the draft; errors of this screen keep the person on it."""
    extra, go = request.POST.get("extra", ""), request.POST.get("go", "next")
    drawn = _drawn(request, application, extra=extra)
    key = request.POST.get("screen", "")
    shown = next((one for one in drawn.screens if one.key == key), None)
    if shown is None:
        return redirect("kiosk:form", application.number)
    compiled = cases.compiled_of(application)
    sent = request.POST.get("is_read_back") != "1"
    data = screens.laid_over(compiled, drawn.data, request.POST, shown.names if sent else ())
    if go == "remove":
        data = screens.without_row(data, shown.section)
    saved = flow_of(application.number).save_draft(
        request.actor, application.number, data, whole_number(request, "revision")
    )
    application.form, application.revision = data, saved.revision
    if go in ("add", "remove", "stay", "edit"):
        return redirect(_after(application, shown, go, data))
    own = shown.names or {shown.section}
    wrong = {path: said for path, said in saved.errors.items() if path in own}
    fresh = _drawn(request, application, data, known=drawn.known, errors=wrong, extra=extra)
    if wrong and go != "skip":
        again = fresh.screens[screens.place_of(fresh.screens, key)]
        return _screen_page(request, fresh, again, extra=extra, is_edited=True, status=422)
    following = screens.after(drawn.screens, shown, fresh.screens)
    if following is not None:
        return redirect(_address(application, at=following.key))
    prove.ask_sources(request.actor, application.number)
    return redirect("kiosk:materials", application.number)


def _after(application: AnyApplication, shown: Screen, go: str, data: dict[str, Any]) -> str:
    """Where adding, taking away, correcting and merely saving lead."""
    if go == "add":
        rows = data.get(shown.section) or []
        return _address(application, at=f"{shown.section}-{len(rows)}", extra=shown.section)
    if go == "edit":
        return _address(application, at=shown.key, edit="1")
    return _address(application, at=shown.key)


def _address(application: AnyApplication, **words: str) -> str:
    return f"{reverse('kiosk:form', args=[application.number])}?{urlencode(words)}"


def _screen_page(
    request: KioskRequest,
    drawn: Form,
    shown: Screen,
    *,
    extra: str = "",
    is_edited: bool = False,
    status: int = 200,
) -> HttpResponse:
    place = drawn.screens.index(shown)
    application = drawn.application
    back = _address(application, at=drawn.screens[place - 1].key) if place else reverse("kiosk:my")
    context = {
        **_about(application),
        "screen": shown,
        "number": place + 1,
        "total": len(drawn.screens),
        "extra": extra,
        "is_edited": is_edited,
        "errors": [(field.id, f"{field.label}：{field.error}") for field in shown.fields if field.error],
        "is_wrong": shown.is_wrong,
        "back_href": back,
    }
    return kiosk_page(request, "kiosk/form.html", context, status=status)


@personal
@require_http_methods(["GET"])
def materials(request: KioskRequest, number: str) -> HttpResponse:
    """What is spared and what is to be handed in; then each paper under the camera."""
    application = draft_of(request, number)
    if isinstance(application, HttpResponse):
        return application
    return _materials_page(request, application, request.GET.get("at", ""))


@personal
@require_POST
def scan(request: KioskRequest, number: str, key: str) -> HttpResponse:
    """One page under the camera for one material."""
    application = draft_of(request, number)
    if isinstance(application, HttpResponse):
        return application
    here = f"{reverse('kiosk:materials', args=[number])}?{urlencode({'at': key})}"
    try:
        page = devices_of(request).scanner().scan()
        flow_of(number).attach_file(request.actor, number, key, io.BytesIO(page.content), page.name)
    except DeviceTrouble as trouble:
        told = (trouble.sentence, trouble.to_do)
        return _materials_page(request, application, key, told=told, status=409)
    except ServiceError as error:
        if error.status in (403, 404):
            raise
        return _materials_page(
            request, application, key, told=(error.message, error.hint), status=error.status
        )
    return redirect(here)


@personal
@require_POST
def promise(request: KioskRequest, number: str, key: str) -> HttpResponse:
    """Sign a promise in place of a material, or take it back."""

    def act() -> None:
        if request.POST.get("act") == "take-back":
            prove.take_promise_back(request.actor, number, key)
            return
        if not request.POST.get("agreed"):
            raise Invalid(_("还没有勾选承诺。"), hint=_("请先看清承诺的内容，勾选后再签名。"))
        prove.promise(request.actor, number, key, request.POST.get("signed_name", "")[:100])

    return _proved(request, number, key, act)


@personal
@require_POST
def use_again(request: KioskRequest, number: str, key: str) -> HttpResponse:
    """Let a paper handed in before serve again."""
    return _proved(request, number, key, lambda: prove.use_again(request.actor, number, key))


def _proved(request: KioskRequest, number: str, key: str, act: Callable[[], object]) -> HttpResponse:
    application = draft_of(request, number)
    if isinstance(application, HttpResponse):
        return application
    try:
        act()
    except ServiceError as error:
        if error.status == 404:
            raise
        named = error.fields.get("signed_name", "") if isinstance(error, Invalid) else ""
        told = (named, "") if named else (error.message, error.hint)
        return _materials_page(request, application, key, told=told, status=error.status)
    return redirect(f"{reverse('kiosk:materials', args=[number])}?{urlencode({'at': key})}")


@personal
@require_POST
def remove_file(request: KioskRequest, number: str, file_number: str) -> HttpResponse:
    """Take a page out again."""
    flow_of(number).remove_file(request.actor, number, file_number)
    words = urlencode({"at": request.POST.get("at", "")[:80]})
    return redirect(f"{reverse('kiosk:materials', args=[number])}?{words}")


def _materials_page(
    request: KioskRequest,
    application: AnyApplication,
    at: str,
    *,
    told: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    ready = flow_of(application.number).check(request.actor, application.number)
    asked = [material for material in ready.materials if material.way == "upload" or material.is_to_sign]
    keys = [material.key for material in asked]
    place = keys.index(at) if at in keys else -1
    here = reverse("kiosk:materials", args=[application.number])
    addresses = [here, *(f"{here}?{urlencode({'at': key})}" for key in keys)]
    after = [*addresses[1:], reverse("kiosk:review", args=[application.number])]
    form_address = _address(application, at=_last_key(request, application))
    context = {
        **_about(application),
        "spared": [material for material in ready.materials if material not in asked],
        "asked": asked,
        "material": asked[place] if place >= 0 else None,
        "number": place + 1,
        "next_href": after[place + 1],
        "back_href": addresses[place] if place >= 0 else form_address,
        "told": told,
    }
    return kiosk_page(request, "kiosk/materials.html", context, status=status)


def _last_key(request: KioskRequest, application: AnyApplication) -> str:
    drawn = _drawn(request, application)
    return drawn.screens[-1].key if drawn.screens else ""


@personal
@require_http_methods(["GET", "POST"])
def review(request: KioskRequest, number: str) -> HttpResponse:
    """Everything at a glance; POST submits, and again gives the same case."""
    application = draft_of(request, number)
    if isinstance(application, HttpResponse):
        return application
    ready = flow_of(number).check(request.actor, number)
    if request.method == "POST":
        if not request.POST.get("agreed"):
            return _review_page(request, application, ready, _("请先勾选声明，再提交。"))
        if ready.is_ready:
            return redirect(_sent(request, number))
    return _review_page(request, application, ready, "")


def _sent(request: KioskRequest, number: str) -> str:
    """Submit it; the page of what came of it."""
    page = "kiosk:bundle-case" if cases.is_of_bundle(number) else "kiosk:case"
    made = flow_of(number).submit(request.actor, number)
    return reverse(page, args=[made.number]) + "?submitted=1"


def _review_page(
    request: KioskRequest, application: AnyApplication, ready: Any, problem: str
) -> HttpResponse:
    compiled = cases.compiled_of(application)
    facts = dict(catalogue.walk(compiled, application.answers).facts)
    drawing = forms.Drawing(compiled, facts, application.form, {}, {})
    tidied = replace(drawing, data=forms.tidied(compiled, drawing.data, facts))
    sections = forms.sections_of(tidied)
    names = forms.places_of(sections)
    missing = [
        Link(f"{names[path].name}：{said}" if path in names else said, _address(application, at=path))
        for path, said in ready.errors.items()
    ]
    page = reverse("kiosk:materials", args=[application.number])
    missing += [
        Link(
            (_("还没有签承诺或者拍：%(name)s") if one.is_to_sign else _("还没有拍：%(name)s"))
            % {"name": one.name},
            f"{page}?{urlencode({'at': one.key})}",
        )
        for one in ready.materials
        if one.is_missing
    ]
    context = {
        **_about(application),
        "who_decides": _who_decides(application),
        "sections": sections,
        "materials": ready.materials,
        "missing": missing,
        "errors": [("agreed", problem)] if problem else [],
        "back_href": page,
    }
    return kiosk_page(request, "kiosk/review.html", context, status=422 if problem else 200)
