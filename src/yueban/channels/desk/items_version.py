"""One version of an item: where it stands, what it changes, its history, and every act on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yueban.catalogue import editing
from yueban.catalogue.choices import VersionState
from yueban.catalogue.diff import Change, diff_definitions
from yueban.catalogue.drafts import Remark, remarks_of
from yueban.catalogue.errors import ItemUnsound
from yueban.catalogue.models import ItemVersion
from yueban.catalogue.shape import path_label, path_of
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.items import check_editor
from yueban.channels.desk.items_sections import section_of
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.posted import read_day, whole_number
from yueban.elements import selectors as elements
from yueban.flows import publish_item as flow
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.errors import Invalid, NotFound, ServiceError


@dataclass(frozen=True)
class Place:
    """A remark with the page on which it is mended."""

    remark: Remark
    href: str


@staff_only
@require_safe
def version(request: DeskRequest, version: int) -> HttpResponse:
    """The page of one version."""
    check_editor(request.actor)
    return _page(request, editing.get_for_editor(version, request.actor))


def _page(
    request: DeskRequest,
    found: ItemVersion,
    *,
    error: ServiceError | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    actor = request.actor
    before = _compared_with(found)
    is_open = found.state in (VersionState.DRAFT, VersionState.CHECKING)
    remarks = remarks_of(found) if is_open else []
    fields = error.fields if isinstance(error, Invalid) else {}
    draft = None if is_open else editing.find_draft(found.item.key, found.agency.code)
    context = {
        "version": found,
        "before": before,
        "changes": _changes(before, found) if is_open else [],
        "places": [_place(found, one) for one in remarks],
        "stops": sum(1 for one in remarks if one.stops),
        "history": list(editing.history_of(found)[:30]),
        "open_draft": draft,
        "is_writer": _is_writer(actor, found),
        "is_submitter": found.submitted_by_id == actor.user_id,
        "is_behind": _is_behind(found) if found.state == VersionState.DRAFT else False,
        "is_city": found.agency.division.level == "city",
        "first_day": max(found.effective_on, clock.today()),
        "today": clock.today(),
        "typed": typed or {},
        "error": error,
        "error_of_words": fields.get("words", ""),
        "steps": _steps(found),
        "errors": [("f-words" if name == "words" else "", text) for name, text in fields.items()]
        or _told(error),
        "trail": [(_("事项管理"), reverse("desk:items")), (found.name, "")],
    }
    return desk_page(request, "desk/item_version.html", context, status=error.status if error else 200)


def _told(error: ServiceError | None) -> list[tuple[str, str]]:
    """A refusal in the lines of a summary; what stops a version is told by the names of its fields."""
    if error is None:
        return []
    if isinstance(error, ItemUnsound):
        return [
            ("", f"{path_label(path_of(one['field']))}：{one['message']}{one['hint']}")
            for one in error.data["problems"]
        ]
    return [("", f"{error.message}{error.hint}")]


@dataclass(frozen=True)
class Step:
    """One of the three turns of a version: written, checked, signed."""

    title: str
    state: str
    href: str = ""


def _steps(found: ItemVersion) -> list[Step]:
    """Where an unpublished version stands; nothing for one that is published."""
    end = _("列入目录") if found.revises_directory else _("签发施行")
    if found.state == VersionState.DRAFT:
        return [Step(_("编制"), "now"), Step(_("另一位编辑复核"), "next"), Step(end, "next")]
    if found.state == VersionState.CHECKING:
        return [Step(_("编制"), "done"), Step(_("另一位编辑复核"), "now"), Step(end, "next")]
    return []


def _compared_with(found: ItemVersion) -> ItemVersion | None:
    """The version in force, else the one this began from; a revision of the directory is compared with that."""
    if found.revises_directory:
        return None
    return editing.in_force_beside(found) or found.base


def _changes(before: ItemVersion | None, after: ItemVersion) -> list[Change]:
    definition = before.definition if before is not None else {}
    if before is None and after.directory is not None:
        definition = after.directory.standard
    return diff_definitions(definition, after.definition, elements.dictionary())


def _place(found: ItemVersion, remark: Remark) -> Place:
    href = ""
    if found.state == VersionState.DRAFT:
        name = remark.field.replace("]", "").replace("[", "-").replace(".", "-")
        href = f"{reverse('desk:item-edit', args=[found.pk, section_of(remark)])}#{name}"
    return Place(remark, href)


def _is_writer(actor: Actor, found: ItemVersion) -> bool:
    return actor.user_id in {*found.writers, found.author_id, found.submitted_by_id}


def _is_behind(found: ItemVersion) -> bool:
    """Whether another version, or another edition of the directory, came out since the draft began."""
    return editing.is_behind(found)


@dataclass(frozen=True)
class Click:
    """One press of a button, with what was typed beside it."""

    actor: Actor
    version: int
    revision: int | None
    words: str
    day: date | None


@staff_only
@require_POST
def act(request: DeskRequest, version: int, act: str) -> HttpResponse:
    """Carry out one act; a refusal shows the page as it is now, with what was typed."""
    check_editor(request.actor)
    do = ACTS.get(act)
    if do is None:
        raise Http404
    found = editing.get_for_editor(version, request.actor)
    words, day = request.POST.get("words", ""), read_day(request.POST.get("effective_on", ""))
    click = Click(request.actor, version, whole_number(request, "revision"), words, day)
    try:
        said = do(click)
    except NotFound:
        raise
    except ItemUnsound as error:
        return _page(request, editing.get_for_editor(version, request.actor), error=error)
    except ServiceError as error:
        fresh = editing.get_for_editor(version, request.actor)
        return _page(request, fresh, error=error, typed=request.POST.dict())
    messages.success(request, said)
    if act in GONE_AFTER:
        return HttpResponseRedirect(reverse(GONE_AFTER[act]))
    return HttpResponseRedirect(reverse("desk:item-version", args=[found.pk]))


def _submit(click: Click) -> str:
    if click.day is not None:
        saved = flow.write_draft(
            click.actor, click.version, {}, revision=click.revision, effective_on=click.day
        )
        flow.submit_item(click.actor, click.version, revision=saved.revision)
    else:
        flow.submit_item(click.actor, click.version, revision=click.revision)
    return _("已送复核，请本部门另一位事项编辑复核、发布。")


def _withdraw(click: Click) -> str:
    flow.withdraw_item(click.actor, click.version)
    return _("已撤回，可以继续修改。")


def _return(click: Click) -> str:
    flow.return_item(click.actor, click.version, click.words)
    return _("已退回，编制人会看到您的意见。")


def _publish(click: Click) -> str:
    found = flow.publish_item(
        draft_id=click.version, actor=click.actor, revision=click.revision, effective_on=click.day
    )
    day = found.effective_on
    return _("已发布，%(month)d月%(day)d日起施行；正在办的件仍按原来的版本。") % {
        "month": day.month,
        "day": day.day,
    }


def _publish_entry(click: Click) -> str:
    entry = flow.publish_revision(click.actor, click.version, revision=click.revision)
    return _("已列入目录（第%(n)d版），已认领的部门会看到目录有更新。") % {"n": entry.number}


def _rebase(click: Click) -> str:
    flow.rebase_item(click.actor, click.version, revision=click.revision)
    return _("已接到最新版上，锁定的要素已按目录更新；请核对差异。")


def _discard(click: Click) -> str:
    flow.discard_item(click.actor, click.version)
    return _("草稿已放弃。")


def _suspend(click: Click) -> str:
    flow.suspend_item(version_id=click.version, reason=click.words, actor=click.actor)
    return _("已暂停，不再收新的申请；正在办的件继续办。")


def _resume(click: Click) -> str:
    flow.resume_item(version_id=click.version, reason=click.words, actor=click.actor)
    return _("已恢复，可以申请了。")


def _cancel(click: Click) -> str:
    flow.cancel_item(version_id=click.version, reason=click.words, actor=click.actor)
    return _("已取消，不再收新的申请；正在办的件继续办完。")


def _list(click: Click) -> str:
    entry = flow.publish_to_directory(click.actor, click.version)
    return _("已列入目录（第%(n)d版），下级部门可以认领。") % {"n": entry.number}


ACTS: Mapping[str, Callable[[Click], str]] = {
    "submit": _submit,
    "withdraw": _withdraw,
    "return": _return,
    "publish": _publish,
    "publish-entry": _publish_entry,
    "rebase": _rebase,
    "discard": _discard,
    "suspend": _suspend,
    "resume": _resume,
    "cancel": _cancel,
    "list": _list,
}


# Acts after which the version is no more, and where one goes on.
GONE_AFTER = {"discard": "desk:items", "publish-entry": "desk:items-directory"}


@staff_only
@require_safe
def diff(request: DeskRequest, version: int) -> HttpResponse:
    """差异: this version beside another one, of the same agency or of another county."""
    check_editor(request.actor)
    mine = editing.get_for_editor(version, request.actor)
    chosen = request.GET.get("with", "")
    other = (
        editing.get_comparable(int(chosen), request.actor)
        if chosen.isdecimal() and len(chosen) < 18
        else None
    )
    context: dict[str, Any] = {
        "version": mine,
        "other": other,
        "choices": editing.comparable_with(mine),
        "changes": _between(other, mine) if other is not None else [],
        "titles": [_name_of(one) for one in (other, mine) if one is not None],
        "trail": [
            (_("事项管理"), reverse("desk:items")),
            (mine.name, reverse("desk:item-version", args=[mine.pk])),
            (_("差异"), ""),
        ],
    }
    return desk_page(request, "desk/item_diff.html", context)


def _name_of(version: ItemVersion) -> str:
    """越城区交通运输局第2版."""
    return _("%(office)s第%(n)d版") % {"office": version.agency.short_name, "n": version.number}


def _between(before: ItemVersion, after: ItemVersion) -> list[Change]:
    return diff_definitions(before.definition, after.definition, elements.dictionary())
