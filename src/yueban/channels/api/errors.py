"""One shape for every error of the API: code, message, hint and, where useful, data."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from yueban.kernel.errors import Invalid, ServiceError


def answer_with_errors(api: NinjaAPI) -> None:
    """Register the handlers."""

    @api.exception_handler(ServiceError)
    def on_service_error(request: HttpRequest, error: ServiceError) -> HttpResponse:
        return _answer(api, request, error)

    @api.exception_handler(ValidationError)
    def on_validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {_place(fault["loc"]): str(fault["msg"]) for fault in error.errors}
        return _answer(api, request, Invalid.of_fields(fields, "参数不符合要求。"))

    @api.exception_handler(Http404)
    def on_missing(request: HttpRequest, _error: Http404) -> HttpResponse:
        return api.create_response(request, missing(), status=404)

    @api.exception_handler(HttpError)
    def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        body = {"code": "api.refused", "message": str(error), "hint": "请对照接口说明。"}
        return api.create_response(request, body, status=error.status_code)

    @api.exception_handler(RequestDataTooBig)
    def on_too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
        body = {
            "code": "api.too_large",
            "message": "请求内容太大。",
            "hint": "文件请用 multipart/form-data 单独上传。",
        }
        return api.create_response(request, body, status=413)


def missing() -> dict[str, Any]:
    """No such address."""
    return {
        "code": "api.not_found",
        "message": "没有这个接口地址。",
        "hint": "接口说明见 /api/v1/openapi.json。",
    }


def _place(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def _answer(api: NinjaAPI, request: HttpRequest, error: ServiceError) -> HttpResponse:
    body = {"code": error.code, "message": error.message, "hint": error.hint}
    response = api.create_response(
        request, body | ({"data": error.data} if error.data else {}), status=error.status
    )
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if "retry_after" in error.data:
        response["Retry-After"] = str(error.data["retry_after"])
    return response
