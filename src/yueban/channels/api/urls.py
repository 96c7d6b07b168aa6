"""Addresses of the API, all below /api/v1/."""

from collections.abc import Mapping
from importlib.metadata import version

from django.http import HttpRequest, JsonResponse
from django.urls import path, re_path
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from yueban.channels.api import applications, cases, consultations, events, hotline, items, verify
from yueban.channels.api.bodies import StrictParser
from yueban.channels.api.errors import answer_with_errors, missing
from yueban.channels.api.schemas import Health


class ReadableJson(JSONRenderer):
    """Chinese as Chinese, for people who look at an answer."""

    json_dumps_params: Mapping[str, object] = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Operations are called what their functions are called; the links between them rely on it."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """list_items, not the path of its module."""
        return operation.view_func.__name__


api = Api(
    renderer=ReadableJson(),
    parser=StrictParser(),
    title="越办开放接口",
    version="1",
    description=(
        "事项标准与文书、证照查验人人可用；代为申请、办件、文书和事件要密钥"
        "（Authorization: Bearer yb_…，由系统管理员在工作台创建）。错误一律为 code、message、hint。"
    ),
    docs_url=None,  # the description is a file; its viewer would need scripts from elsewhere
    openapi_url="/openapi.json",
    urls_namespace="api-1",
)
answer_with_errors(api)
api.add_router("", items.router)
api.add_router("", verify.router)
api.add_router("", applications.router)
api.add_router("", cases.router)
api.add_router("", events.router)
api.add_router("", consultations.router)
api.add_router("", hotline.router)


@api.get("/health", response=Health, tags=["运行"], summary="是否在运行")
def health(request: HttpRequest) -> Health:  # noqa: ARG001 - ninja passes it
    """The process answers; readiness is /readyz."""
    return Health(ok=True, version=version("yueban"))


def unknown(_request: HttpRequest) -> JsonResponse:
    """Any other address, in the same shape as every error."""
    return JsonResponse(missing(), status=404)


urlpatterns = [path("", api.urls), re_path(r"^.*$", unknown, name="api-unknown")]
