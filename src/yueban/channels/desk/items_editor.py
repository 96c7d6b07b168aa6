"""Editing a draft section by section: saved as one types, with what has to be mended beside each field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yueban.catalogue import drafts, editing
from yueban.catalogue.choices import VersionState
from yueban.catalogue.drafts import Remark
from yueban.catalogue.errors import DraftStale
from yueban.catalogue.models import ItemVersion
from yueban.channels.desk import items_form
from yueban.channels.desk.access import DeskRequest, staff_only
from yueban.channels.desk.items import check_editor
from yueban.channels.desk.items_sections import BY_KEY, Section, tabs
from yueban.channels.desk.pages import desk_page
from yueban.channels.shared.posted import whole_number
from yueban.elements import selectors as elements
from yueban.flows import publish_item as flow

Definition = dict[str, Any]


def locked_of(version: ItemVersion) -> tuple[str, ...]:
    """The fields that the directory has locked."""
    if version.directory is None or version.revises_directory:
        return ()
    return tuple(version.directory.locked)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: DeskRequest, version: int, section: str) -> HttpResponse:
    """One section; every button saves everything typed first, so that nothing is lost without scripts."""
    check_editor(request.actor)
    part = BY_KEY.get(section)
    if part is None:
        raise Http404
    draft = editing.get_for_editor(version, request.actor)
    if draft.state != VersionState.DRAFT:
        return HttpResponseRedirect(reverse("desk:item-version", args=[draft.pk]))
    if request.method != "POST":
        return _page(request, draft, part, draft.definition)
    changes, anchor = _changed(request, draft, part)
    try:
        flow.write_draft(request.actor, draft.pk, changes, revision=whole_number(request, "revision"))
    except DraftStale as error:
        fresh = editing.get_for_editor(version, request.actor)
        typed = {**fresh.definition, **changes}
        return _page(request, fresh, part, typed, problem=f"{error.message}{error.hint}", status=409)
    goal = request.POST.get("go", "")
    address = reverse("desk:item-edit", args=[draft.pk, goal if goal in BY_KEY else section])
    if goal == "done":
        address = reverse("desk:item-version", args=[draft.pk])
    return HttpResponseRedirect(f"{address}#{anchor}" if anchor else address)


def _changed(request: DeskRequest, draft: ItemVersion, part: Section) -> tuple[Definition, str]:
    """The section as typed, after what the pressed button asks for; and where the page goes on."""
    reading = items_form.Reading(request.POST, elements.dictionary(), locked_of(draft))
    changes = items_form.read(part.shapes, draft.definition, reading)
    act, _colon, name = request.POST.get("do", "").partition(":")
    do = ACTS.get(act)
    path = items_form.path_from(name)
    if do is None or not path or path[0] not in part.fields:
        return changes, ""
    return changes, do(changes, path)


def _list_at(data: Any, path: items_form.Path) -> list[Any] | None:
    """The list a path leads to, made where the field is still empty."""
    for place, step in enumerate(path):
        if isinstance(data, dict) and isinstance(step, str):
            is_last = place == len(path) - 1
            if data.get(step) is None:
                data[step] = [] if is_last else {}
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif isinstance(data, dict) and isinstance(step, int):
            data = _child_of_rule(data, step)
        else:
            return None
    return data if isinstance(data, list) else _children_of_rule(data)


def _children_of_rule(rule: Any) -> list[Any] | None:
    group = next((name for name in ("all", "any", "none") if isinstance(rule, dict) and name in rule), None)
    return rule[group] if group is not None else None


def _child_of_rule(rule: Definition, place: int) -> Any:
    children = _children_of_rule(rule)
    if children is None:  # a single statement stands for a group of one
        return rule if place == 0 else None
    return children[place] if place < len(children) else None


def _add(changes: Definition, path: items_form.Path) -> str:
    rows = _list_at(changes, path)
    if rows is None or len(rows) >= items_form.MOST_ROWS:
        return ""
    rows.append({})
    return items_form.html_name((*path, len(rows) - 1))


def _remove(changes: Definition, path: items_form.Path) -> str:
    rows, place = _list_at(changes, path[:-1]), path[-1]
    if rows is not None and isinstance(place, int) and place < len(rows):
        del rows[place]
    return items_form.html_name(path[:-1])


def _shift(changes: Definition, path: items_form.Path, by: int) -> str:
    rows, place = _list_at(changes, path[:-1]), path[-1]
    if rows is None or not isinstance(place, int) or not 0 <= place + by < len(rows):
        return items_form.html_name(path)
    rows[place], rows[place + by] = rows[place + by], rows[place]
    return items_form.html_name((*path[:-1], place + by))


def _rule_at(changes: Definition, path: items_form.Path) -> tuple[Any, str | int, Any]:
    """The holder of a rule node, its step there, and the node."""
    holder: Any = changes
    for step in path[:-1]:
        if isinstance(holder, dict) and isinstance(step, str):
            holder = holder.get(step)
        elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            holder = holder[step]
        elif isinstance(holder, dict) and isinstance(step, int):
            holder = _child_of_rule(holder, step)
        else:
            return None, path[-1], None
    step = path[-1]
    if isinstance(step, int):
        if isinstance(holder, dict):
            holder = _children_of_rule(holder)
        node = holder[step] if isinstance(holder, list) and step < len(holder) else None
    else:
        node = holder.get(step) if isinstance(holder, dict) else None
    return holder, step, node


BLANK = {"fact": "", "op": "eq", "value": None}


def _add_to_rule(changes: Definition, path: items_form.Path, blank: Definition) -> str:
    """One more statement (or group) at the end of a group; a rule that is empty or one statement becomes a group."""
    holder, step, node = _rule_at(changes, path)
    if holder is None:
        return ""
    group = _children_of_rule(node)
    if group is None:
        holder[step] = {"all": [*([node] if node else []), blank]}
    else:
        group.append(blank)
    return items_form.html_name(path)


def _remove_from_rule(changes: Definition, path: items_form.Path) -> str:
    """A statement goes; the last one takes the rule with it."""
    holder, step, node = _rule_at(changes, path[:-1])
    group = _children_of_rule(node)
    place = path[-1]
    if group is not None and isinstance(place, int) and place < len(group):
        del group[place]
    if holder is not None and not group:
        if isinstance(holder, list) and isinstance(step, int):
            del holder[step]
        else:
            holder[step] = None
    return items_form.html_name(path[:-1])


ACTS: Mapping[str, Callable[[Definition, items_form.Path], str]] = {
    "add": _add,
    "remove": _remove,
    "up": lambda changes, path: _shift(changes, path, -1),
    "down": lambda changes, path: _shift(changes, path, 1),
    "state": lambda changes, path: _add_to_rule(changes, path, dict(BLANK)),
    "nest": lambda changes, path: _add_to_rule(changes, path, {"any": [dict(BLANK)]}),
    "drop": _remove_from_rule,
}


def _page(
    request: DeskRequest,
    draft: ItemVersion,
    part: Section,
    definition: Mapping[str, Any],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    remarks = drafts.remarks_of(draft, definition)
    context = {**_context(draft, part, definition, remarks), "problem": problem}
    context["trail"] = [
        (_("事项管理"), reverse("desk:items")),
        (draft.name, reverse("desk:item-version", args=[draft.pk])),
    ]
    return desk_page(request, "desk/item_edit.html", context, status=status)


def _context(
    draft: ItemVersion, part: Section, definition: Mapping[str, Any], remarks: list[Remark]
) -> dict[str, Any]:
    drawing = items_form.drawing_of(definition, elements.dictionary(), remarks, locked_of(draft))
    fields = items_form.draw(part.shapes, drawing)
    keys = list(BY_KEY)
    after = keys[keys.index(part.key) + 1 :]
    return {
        "draft": draft,
        "section": part,
        "fields": fields,
        "facts": drawing.facts,
        "loose": items_form.unplaced(part.shapes, drawing),
        "tabs": tabs(remarks, part.key),
        "lists": drawing.choices.datalists(),
        "next": BY_KEY[after[0]] if after else None,
        "stops": sum(1 for one in remarks if one.stops),
        "advices": sum(1 for one in remarks if not one.stops),
    }


@staff_only
@require_POST
def live(request: DeskRequest, version: int, section: str) -> HttpResponse:
    """Keep what is typed; the answer carries the new revision and what is to be mended now, field by field."""
    check_editor(request.actor)
    part = BY_KEY.get(section)
    if part is None:
        raise Http404
    draft = editing.get_for_editor(version, request.actor)
    changes, _anchor = _changed(request, draft, part)
    try:
        saved = flow.write_draft(request.actor, draft.pk, changes, revision=whole_number(request, "revision"))
    except DraftStale as error:
        return render(
            request, "desk/_item_stale.html", {"problem": f"{error.message}{error.hint}"}, status=409
        )
    draft.definition, draft.revision, draft.saved_at = saved.definition, saved.revision, saved.saved_at
    context = _context(draft, part, draft.definition, drafts.remarks_of(draft))
    return render(request, "desk/_item_live.html", context)
