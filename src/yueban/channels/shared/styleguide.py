"""The live style page: every component once, with the states it has."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yueban.channels.shared.fields import Field, Option
from yueban.kernel import clock

CODES = (Option("a", "甲类"), Option("b", "乙类", "一般选这个"), Option("c", "丙类"))
MANY = tuple(Option(str(number), f"第{number}项") for number in range(1, 9))
LIGHTS = (
    ("green", "还有4个工作日"),
    ("yellow", "还有2个工作日"),
    ("orange", "今天到期"),
    ("red", "超过承诺期限"),
    ("deep-red", "超过法定期限"),
    ("paused", "暂停计时"),
    ("closed", "已办结"),
)


@dataclass(frozen=True)
class Sample:
    """A step or a line of a timeline to show."""

    title: str
    state: str = ""
    href: str = ""
    at: object = None
    by: str = ""
    text: str = ""
    kind: str = "done"


def _fields() -> list[Field]:
    return [
        Field(
            "text", "企业名称", required=True, value="示例运输有限公司", source="市场监管（2026年11月20日）"
        ),
        Field("long", "情况说明", type="long", help="写清楚什么时候、什么事"),
        Field(
            "integer",
            "车辆数",
            type="integer",
            unit="辆",
            required=True,
            value="两辆",
            error="这里应填数字。",
        ),
        Field("decimal", "总质量", type="decimal", unit="吨"),
        Field("money", "注册资本", type="money", unit="元", value="1000000.00"),
        Field("date", "成立日期", type="date", value="2024-03-18"),
        Field("boolean", "是否租赁车辆", type="boolean", value=True, required=True),
        Field("code", "类别", type="code", options=CODES, value="b"),
        Field("long-code", "类别（选项多）", type="code", options=MANY, required=True),
        Field("codes", "经营项目", type="codes", options=CODES, value=["a", "c"], error="至少选一项。"),
        Field("division", "所在区县", type="division", options=(Option("330602000000", "越城区"),)),
        Field("industry", "行业代码", type="industry", help="国民经济行业分类，例如 G5430"),
        Field("phone", "联系手机", type="tel", readonly=True, value="138****0001"),
    ]


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Only where the demo is on; a real site has no use for it."""
    if not settings.YUEBAN_DEMO:
        raise Http404
    now = clock.now()
    timeline = [
        Sample("提交申请", at=now - timedelta(days=2), by="示例运输有限公司"),
        Sample(
            "受理", at=now - timedelta(days=1), by="越城区政务服务中心", text="材料齐全，已出具受理通知书。"
        ),
        Sample("告知补正", at=now - timedelta(hours=5), by="越城区政务服务中心", kind="now"),
        Sample("准予许可", at=now, by="越城区交通运输局", kind="stamp"),
        Sample("不予许可", at=now, by="越城区交通运输局", kind="halt"),
    ]
    steps = [Sample("填写", "done", "#"), Sample("材料", "now"), Sample("核对并提交", "next")]
    context = {
        "fields": _fields(),
        "codes": CODES,
        "lights": LIGHTS,
        "timeline": timeline,
        "steps": steps,
        "page": Paginator(range(200), 10).get_page(7),
        "errors": [("f-integer", "车辆数：这里应填数字。"), ("f-codes", "经营项目：至少选一项。")],
        "trail": [("首页", "/"), ("样式", "")],
    }
    return render(request, "shared/styleguide.html", context)
