"""Staff sign in: password, then the code of an app; the first time the app is bound and a password set."""

import segno
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yueban.accounts.models import User
from yueban.flows import staff_sign_in
from yueban.kernel.errors import Invalid

BACK = "sign_in_next"


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password."""
    if request.method == "GET":
        back = request.GET.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(
            back, {request.get_host()}, require_https=request.is_secure()
        )
        request.session[BACK] = back if is_ours else "/desk/"
        return render(request, "desk/sign_in.html", {})
    username = request.POST.get("username", "").strip()[:100]
    back = request.session.get(BACK, "/desk/")
    try:
        staff_sign_in.give_password(request, username, request.POST.get("password", "")[:200])
    except Invalid as error:
        return _again(request, "desk/sign_in.html", error, {"username": username})
    request.session[BACK] = back
    return redirect("desk:sign-in-code")


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code of the app, or a recovery code; who has none yet binds the app here."""
    user = staff_sign_in.pending_user(request)
    if user is None:
        return redirect("desk:sign-in")
    enrolment = staff_sign_in.enrolment(user)
    if enrolment is not None:
        return _enrol(request, user, enrolment)
    if request.method == "GET":
        return render(request, "desk/sign_in_code.html", {})
    back = request.session.get(BACK, "/desk/")
    try:
        staff_sign_in.give_code(request, user, request.POST.get("code", "")[:40])
    except Invalid as error:
        return _again(request, "desk/sign_in_code.html", error, {})
    return HttpResponseRedirect(back)


def _enrol(request: HttpRequest, user: User, enrolment: staff_sign_in.Enrolment) -> HttpResponse:
    context = {"enrolment": enrolment, "qr": segno.make(enrolment.address, error="m").svg_data_uri(scale=5)}
    if request.method == "GET":
        return render(request, "desk/enrol.html", context)
    try:
        codes = staff_sign_in.enrol(
            request,
            user,
            code=request.POST.get("code", "")[:40],
            password=request.POST.get("password", "")[:200],
            again=request.POST.get("again", "")[:200],
        )
    except Invalid as error:
        return _again(request, "desk/enrol.html", error, context)
    return render(request, "desk/recovery_codes.html", {"codes": codes})


def _again(request: HttpRequest, template: str, error: Invalid, context: dict[str, object]) -> HttpResponse:
    errors = [(f"sign-in-{field}", text) for field, text in error.fields.items()]
    shown = errors or [("", f"{error.message}{error.hint}")]
    return render(request, template, {**context, "errors": shown, "error": error.fields}, status=422)
