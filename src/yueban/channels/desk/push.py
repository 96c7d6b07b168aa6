"""推送 at the desk: the offers with what became of them, one offer told to a segment, and how far a send is."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.agencies import selectors as agencies
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.excel import Value, excel_response
from yueban.channels.shared.fields import Option
from yueban.channels.shared.paging import page_of, query_without_page
from yueban.divisions import selectors as divisions
from yueban.elements import selectors as elements
from yueban.flows import exports
from yueban.flows import push_desk as flow
from yueban.flows.push_desk import Counts, Line
from yueban.kernel.errors import NotAllowed, NotFound, ServiceError
from yueban.matching import push_counts
from yueban.matching.choices import PushFit, Turn
from yueban.matching.segments import LONGEST_NAME, SIZE, Choice
from yueban.parties import tags
from yueban.policies.choices import PolicyLevel

LONGEST = 60
SENDS_SHOWN = 10
COLUMNS = (
    *("惠企事项", "政策", "主管部门", "符合（家）", "差一项（家）", "推送", "送达", "查看", "申报", "通过"),
    *("到账", "不接收", "没有账号", "等待轮到"),
)
STATES: Mapping[str, tuple[str, Callable[[Counts], bool]]] = {
    "told": ("已推送过", lambda one: one.standing.told > 0),
    "waiting": ("有等待推送的", lambda one: one.standing.listed > one.standing.told),
    "none": ("还没有推送", lambda one: one.standing.told == 0),
}
LISTS = ("all_of", "any_of", "none_of", "sizes")


@dataclass(frozen=True)
class Asked:
    """What the address narrows the list to."""

    text: str
    department: str
    level: str
    place: str
    tag: str
    state: str

    @classmethod
    def of(cls, data: QueryDict) -> "Asked":
        """Whatever is there, cut to size."""
        return cls(**{name: data.get(name, "").strip()[:LONGEST] for name in cls.__dataclass_fields__})

    @property
    def query(self) -> str:
        """The same, for another address."""
        return urlencode({name: getattr(self, name) for name in self.__dataclass_fields__})

    def fits(self, line: Line) -> bool:
        """Everything but the state, which needs the counts."""
        version, policy = line.version, line.version.offer.policy
        return (
            all(word in f"{version.name}{policy.title}" for word in self.text.split())
            and self.department in ("", version.department_kind)
            and self.level in ("", policy.level)
            and self.place in ("", policy.division_code)
            and (not self.tag or flow.asks_tag(version, self.tag))
        )


def _narrowed(request: DeskRequest) -> tuple[Asked, list[Line], list[Line]]:
    """What is asked, every line of this person, and those that fit."""
    asked, every = Asked.of(request.GET), flow.lines(request.actor)
    found = [line for line in every if asked.fits(line)]
    if asked.state in STATES:
        counts = flow.counts_of([line.version for line in found])
        fits = STATES[asked.state][1]
        found = [line for line in found if fits(counts[line.version.offer.key])]
    return asked, every, found


@staff_only
@require_safe
def offer_list(request: DeskRequest) -> HttpResponse:
    """The offers in force of this person's agency, each with its counts and its funnel."""
    asked, every, found = _narrowed(request)
    page = page_of(request, found)
    counts = flow.counts_of([line.version for line in page])
    places = divisions.divisions_named({one.version.offer.policy.division_code for one in every})
    context = {
        "asked": asked,
        "is_set": any(getattr(asked, name) for name in Asked.__dataclass_fields__),
        "page": page,
        "rows": [{"line": line, "counts": counts[line.version.offer.key]} for line in page],
        "query": query_without_page(request),
        "departments": agencies.city_agencies_of({one.version.department_kind for one in every}).items(),
        "levels": PolicyLevel.choices,
        "places": [(code, place.name) for code, place in sorted(places.items())],
        "tags": list(tags.all_tags().order_by("name")),
        "states": [(key, word) for key, (word, _fits) in STATES.items()],
    }
    return desk_page(request, "desk/push.html", context)


@staff_only
@require_safe
def export(request: DeskRequest) -> HttpResponseBase:
    """The list as it is narrowed, as an Excel file."""
    asked, _every, found = _narrowed(request)
    counts = flow.counts_of([line.version for line in found])
    exports.record(request.actor, what="政策推送", rows=len(found), filters=asked.query)
    rows = (_cells(line, counts[line.version.offer.key]) for line in found)
    return excel_response(_("政策推送"), COLUMNS, rows)


def _cells(line: Line, counts: Counts) -> Sequence[Value]:
    funnel, standing = counts.funnel, counts.standing
    return (
        *(line.version.name, line.version.offer.policy.title, line.agency.short_name if line.agency else ""),
        *(counts.matched, counts.near, funnel.listed, funnel.told, funnel.viewed),
        *(funnel.claimed, funnel.agreed, funnel.paid),
        *(standing.refused, standing.no_account, standing.held_back + standing.next_round),
    )


@staff_only
@require_safe
def offer(request: DeskRequest, key: str) -> HttpResponse:
    """One offer: its funnel, the choice of enterprises, and whom that would reach."""
    return _offer(request, key, _choice(request, request.GET))


def _choice(request: DeskRequest, data: QueryDict) -> Choice:
    """What is chosen: a kept segment, or what the form says."""
    segment = data.get("segment", "")
    if segment.isdecimal() and len(segment) < 19:
        kept = flow.segment_of(request.actor, int(segment)).chosen
        return Choice.of({**kept, "fit": data.get("fit") or kept.get("fit", "")})
    typed = {name: [one[:LONGEST] for one in data.getlist(name)] for name in LISTS}
    return Choice.of({**typed, "place": data.get("place", "")[:12], "fit": data.get("fit", "")})


def _offer(
    request: DeskRequest, key: str, choice: Choice, *, error: ServiceError | None = None
) -> HttpResponse:
    line = flow.line_of(request.actor, key)
    found = None
    if line.may_push and "preview" in request.GET and error is None:
        try:
            found = flow.preview(request.actor, key, choice)
        except (NotFound, NotAllowed):
            raise
        except ServiceError as refused:
            error = refused
    context: dict[str, Any] = {
        "line": line,
        "counts": flow.counts_of([line.version])[key],
        "is_for_enterprises": flow.is_for_enterprises(line.version),
        "choice": choice,
        "told": flow.told_of_choice(choice),
        **_options(choice),
        "found": found,
        "turns": _turns(found) if found else [],
        "hidden": _hidden(choice),
        "segments": flow.segments_for(request.actor),
        "sends": list(push_counts.sends_of(key)[:SENDS_SHOWN]),
        "longest_name": LONGEST_NAME,
        "name": request.POST.get("name", ""),
        "key": uuid.uuid4().hex,
        "error": error,
        "field_errors": getattr(error, "fields", {}),
        "trail": [(_("推送"), reverse("desk:push")), (line.version.name, "")],
    }
    return desk_page(request, "desk/push_offer.html", context, status=error.status if error else 200)


def _options(choice: Choice) -> dict[str, Any]:
    every = [Option(tag.key, tag.name) for tag in tags.all_tags().order_by("name")]
    parts = (("all_of", _("必须全部具备")), ("any_of", _("具备其中一个就行")), ("none_of", _("一个都不能有")))
    return {
        "tag_parts": [
            {"name": name, "label": label, "chosen": list(getattr(choice, name)), "options": every}
            for name, label in parts
        ],
        "sizes": [Option(one.code, one.name) for one in elements.dictionary().codes_of(SIZE)],
        "places": [Option(one.code, one.name) for one in divisions.counties()],
        "fits": PushFit.choices,
    }


def _hidden(choice: Choice) -> list[tuple[str, str]]:
    """The choice again, for the button that sends it."""
    lists = [(name, value) for name in LISTS for value in getattr(choice, name)]
    return [*lists, ("place", choice.place), ("fit", choice.fit)]


def _turns(found: flow.Preview) -> list[tuple[str, str, int]]:
    """Why somebody is not told now, with what comes of it."""
    later = {Turn.CAPPED: _("轮到时推送"), Turn.QUIET: _("时段过后推送"), Turn.NOW: _("马上推送")}
    return [
        (str(turn.label), later.get(turn, _("不推送")), number)
        for turn in reversed(Turn)
        if (number := found.turns.by_turn.get(turn, 0))
    ]


@staff_only
@require_POST
def act(request: DeskRequest, key: str, act: str) -> HttpResponse:
    """推送 to the choice, or keep the choice under a name."""
    if act not in ("send", "save"):
        raise Http404
    choice = _choice(request, request.POST)
    try:
        if act == "send":
            made = flow.send(request.actor, key, choice, click=request.POST.get("key", ""))
            return HttpResponseRedirect(reverse("desk:push-sent", args=[made.number]))
        kept = flow.save_segment(request.actor, key, request.POST.get("name", ""), choice)
    except (NotFound, NotAllowed):
        raise
    except ServiceError as error:
        return _offer(request, key, choice, error=error)
    messages.success(request, _("人群包已保存，别的政策也能用。"))
    return HttpResponseRedirect(f"{reverse('desk:push-offer', args=[key])}?segment={kept.pk}&preview=1")


@staff_only
@require_safe
def send_page(request: DeskRequest, number: str) -> HttpResponse:
    """How far a send is: listed, told, and why others wait; the part that changes asks for itself."""
    send, line, standing = flow.send_of(request.actor, number)
    choice = Choice.of(send.chosen)
    context = {
        "send": send,
        "line": line,
        "standing": standing,
        "is_under_way": send.done_at is None or standing.next_round > 0,
        "fit": PushFit(choice.fit).label,
        "told": flow.told_of_choice(choice),
        "waiting": [(Turn(turn).label, many) for turn, many in standing.waiting.items() if turn != Turn.NOW],
        "trail": [
            (_("推送"), reverse("desk:push")),
            (line.version.name, reverse("desk:push-offer", args=[send.offer_key])),
            (number, ""),
        ],
    }
    return desk_page(request, "desk/push_sent.html", context)


@staff_only
@require_POST
def delete_segment(request: DeskRequest, number: int) -> HttpResponse:
    """Keep a segment no longer."""
    flow.delete_segment(request.actor, number)
    messages.success(request, _("人群包已删除，已经推送的不变。"))
    return HttpResponseRedirect(reverse("desk:push"))
