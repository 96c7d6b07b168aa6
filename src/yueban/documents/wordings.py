"""文书模板: an agency's own opening and closing around the text of the law, which nobody edits; two people each."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db import transaction

from yueban.agencies.models import Agency
from yueban.documents.choices import DocumentKind, WordingState
from yueban.documents.errors import WordingChanged, WordingInvalid
from yueban.documents.models import Wording
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.names import TextInvalid, clean_paragraphs

LONGEST = {"opening": 500, "closing": 1000}
# The only things that stand for something else; whatever else is in braces is refused.
PLACEHOLDERS = ("申请人", "部门", "部门电话", "办件编号", "日期")
WORDED = tuple(kind for kind in DocumentKind if kind != DocumentKind.CERTIFICATE)
_BRACES = re.compile(r"\{([^{}]*)\}")
_KEPT_SECONDS = 60


def save_wording(*, agency: Agency, kind: str, opening: str, closing: str, actor: Actor) -> Wording:
    """Write or change the draft; raises WordingInvalid by field."""
    if kind not in WORDED:
        raise WordingInvalid("这种文书没有可改的部分。", hint="请从列表里选择文书。")
    texts = _checked({"opening": opening, "closing": closing})
    fields = {**texts, "drafted_by_id": actor.user_id, "drafted_at": clock.now()}
    draft, is_new = Wording.objects.select_for_update().get_or_create(
        agency=agency, kind=kind, state=WordingState.DRAFT, defaults=fields
    )
    if not is_new:
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.revision += 1
        draft.save()
    return draft


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    checked: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for name, text in texts.items():
        try:
            checked[name] = clean_paragraphs(text, LONGEST[name])
        except TextInvalid as error:
            wrong[name] = f"{error.message}{error.hint}"
            continue
        unknown = [found for found in _BRACES.findall(checked[name]) if found not in PLACEHOLDERS]
        if unknown or _BRACES.sub("", checked[name]).strip("{}") != _BRACES.sub("", checked[name]):
            allowed = "、".join(f"{{{one}}}" for one in PLACEHOLDERS)
            wrong[name] = f"花括号里只能写：{allowed}。"
    if wrong:
        raise WordingInvalid.of_fields(wrong)
    return checked


@transaction.atomic
def publish_wording(*, agency: Agency, kind: str, revision: int, actor: Actor) -> Wording:
    """Put the draft in use; the one before retires. The caller has checked the post, here it is a second person."""
    draft = (
        Wording.objects.select_for_update().filter(agency=agency, kind=kind, state=WordingState.DRAFT).first()
    )
    if draft is None or draft.revision != revision:
        raise WordingChanged("草稿已经变了，或者已经启用。", hint="请刷新页面，看过最新内容再启用。")
    if draft.drafted_by_id == actor.user_id:
        raise WordingChanged("自己起草的，要由另一个人启用。", hint="请同事核对后启用。")
    Wording.objects.filter(agency=agency, kind=kind, state=WordingState.PUBLISHED).update(
        state=WordingState.RETIRED
    )
    draft.state, draft.published_at, draft.published_by_id = (
        WordingState.PUBLISHED,
        clock.now(),
        actor.user_id,
    )
    draft.save(update_fields=["state", "published_at", "published_by"])
    transaction.on_commit(lambda: cache.delete(_cached(agency.pk, kind)))
    cache.delete(_cached(agency.pk, kind))
    return draft


@transaction.atomic
def retire_wording(*, agency: Agency, kind: str) -> int:
    """Back to the text of the platform alone."""
    ended = Wording.objects.filter(agency=agency, kind=kind, state=WordingState.PUBLISHED).update(
        state=WordingState.RETIRED
    )
    cache.delete(_cached(agency.pk, kind))
    return ended


def wordings_of(agency: Agency) -> dict[tuple[str, str], Wording]:
    """Drafts and those in use, by kind and state."""
    rows = Wording.objects.filter(agency=agency).exclude(state=WordingState.RETIRED)
    return {(row.kind, row.state): row for row in rows.select_related("drafted_by", "published_by")}


def in_use(agency: Agency, kind: str) -> tuple[str, str]:
    """Opening and closing in use, empty where there are none; at most a minute old."""
    found: tuple[str, str] | None = cache.get(_cached(agency.pk, kind))
    if found is None:
        row = Wording.objects.filter(agency=agency, kind=kind, state=WordingState.PUBLISHED).first()
        found = (row.opening, row.closing) if row else ("", "")
        cache.set(_cached(agency.pk, kind), found, timeout=_KEPT_SECONDS)
    return found


def _cached(agency_id: int, kind: str) -> str:
    return f"wording:{agency_id}:{kind}"


def worded(
    content: Mapping[str, Any], wording: tuple[str, str], *, agency: Agency, number: str
) -> dict[str, Any]:
    """The content with the agency's words around it; what the law says stays as it is."""
    opening, closing = wording
    if not opening and not closing:
        return dict(content)
    today = clock.today()
    values = {
        "申请人": str(content.get("addressee", "")),
        "部门": agency.name,
        "部门电话": agency.phone,
        "办件编号": number,
        "日期": clock.written(today),
    }
    lines = {name: _filled(text, values) for name, text in (("opening", opening), ("closing", closing))}
    return {
        **content,
        "paragraphs": [*lines["opening"], *_list(content.get("paragraphs"))],
        "closing": [*_list(content.get("closing")), *lines["closing"]],
    }


def _filled(text: str, values: Mapping[str, str]) -> list[str]:
    return [_BRACES.sub(lambda found: values[found[1]], line) for line in text.splitlines() if line.strip()]


def _list(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(line) for line in value] if isinstance(value, list | tuple) else []
