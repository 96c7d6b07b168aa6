"""GET /items and /items/{key}: the published catalogue; with a key also what was and will be in force."""

from math import ceil
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from yueban.accounts.choices import Scope
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.choices import Audience
from yueban.catalogue.errors import ItemNotFound
from yueban.catalogue.models import ItemVersion
from yueban.channels.api.keys import REFUSALS, Key
from yueban.channels.api.schemas import ItemDetail, ItemPage, ItemRow, Problem, Version, VersionRow, Versions
from yueban.divisions import selectors as divisions

router = Router(tags=["事项"])
MOST_FOUND = 100
Division = Annotated[str | None, Query(pattern="^[0-9]{12}$", description="12位区划代码")]


class Filters(Schema):
    """What narrows the list, and which page of it."""

    text: str = Field("", max_length=60, description="名称、别名、拼音或首字母")
    audience: Audience | None = Field(None, description="person 个人，enterprise 企业")
    division: str | None = Field(None, pattern="^[0-9]{12}$", description="12位区划代码")
    page: int = Field(1, ge=1, le=10_000)
    size: int = Field(20, ge=1, le=100)


@router.get(
    "/items",
    response={200: ItemPage, 422: Problem},
    summary="查事项",
    description="在用的事项；按文字查找时按相关程度排列，否则按名称。",
)
def list_items(request: HttpRequest, filters: Query[Filters]) -> ItemPage:  # noqa: ARG001 - ninja passes it
    """One page of the published items."""
    versions = _find(filters)
    start = (filters.page - 1) * filters.size
    return ItemPage(
        count=len(versions),
        page=filters.page,
        pages=max(1, ceil(len(versions) / filters.size)),
        items=[_row(version) for version in versions[start : start + filters.size]],
    )


@router.get(
    "/items/{key}",
    response={200: ItemDetail, 404: Problem, 422: Problem},
    summary="一个事项的标准",
    description="办事指南、情形引导、表单和材料，与各渠道所用的是同一份。",
)
def get_item(request: HttpRequest, key: str, division: Division = None) -> ItemDetail:  # noqa: ARG001
    """The standard in force for the division."""
    version = catalogue.get_published(key, division)
    return ItemDetail(**_row(version).dict(), **_standard_of(version))


@router.get(
    "/items/{key}/versions",
    response={200: Versions, **REFUSALS},
    auth=Key(Scope.CATALOGUE_READ),
    summary="一个事项的各个版本",
    description="服务于该区划的单位发布过的全部版本，新的在前；在办的件一直按提交时的版本办。",
)
def list_versions(request: HttpRequest, key: str, division: Division = None) -> Versions:  # noqa: ARG001
    """Past ones, the one in force, and those that begin later."""
    current = catalogue.get_published(key, division)
    rows = catalogue.published_versions_of(key, current.agency.code)
    return Versions(
        key=key,
        agency_code=current.agency.code,
        versions=[VersionRow(**_facts(row, current)) for row in rows],
    )


@router.get(
    "/items/{key}/versions/{number}",
    response={200: Version, **REFUSALS},
    auth=Key(Scope.CATALOGUE_READ),
    summary="一个版本的全文",
    description="指南、情形引导、表单（JSON Schema）和材料，编译后的原样。",
)
def get_version(
    request: HttpRequest,  # noqa: ARG001 - ninja passes it
    key: str,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    division: Division = None,
) -> Version:
    """The compiled standard of one version."""
    current = catalogue.get_published(key, division)
    found = catalogue.published_versions_of(key, current.agency.code).filter(number=number).first()
    if found is None:
        raise ItemNotFound("没有这个版本。", hint="请从版本列表中选择。")
    return Version(key=key, agency_code=current.agency.code, **_facts(found, current), **_standard_of(found))


def _standard_of(version: ItemVersion) -> dict[str, Any]:
    """The published parts; a division is chosen from the same list as on the pages."""
    compiled = version.compiled.to_json()
    choices: list[dict[str, str]] = []
    for section in compiled["form"]["sections"]:
        for field in section["fields"]:
            if field["type"] == "division":
                choices = choices or [
                    {"value": row.code, "label": row.name, "label_en": row.name_en}
                    for row in divisions.counties()
                ]
                field["choices"] = choices
    return {name: compiled[name] for name in ("guide", "situations", "form", "materials")}


def _facts(row: ItemVersion, current: ItemVersion) -> dict[str, Any]:
    return {
        "number": row.number,
        "state": row.state,
        "effective_on": row.effective_on,
        "effective_until": row.effective_until,
        "is_in_force": row.pk == current.pk,
        "hash": row.content_hash,
    }


def _find(filters: Filters) -> list[ItemVersion]:
    text, audience = filters.text.strip(), filters.audience
    published = catalogue.published_items(division=filters.division, audience=audience)
    if not text:
        return published
    found = catalogue.search_items(text, audience=audience, limit=MOST_FOUND)
    place = {item.key: position for position, item in enumerate(found)}
    wanted = (version for version in published if version.item.key in place)
    return sorted(wanted, key=lambda version: place[version.item.key])


def _row(version: ItemVersion) -> ItemRow:
    return ItemRow(
        key=version.item.key,
        name=version.name,
        name_en=version.name_en,
        summary=version.summary,
        task_code=version.task_code,
        agency_code=version.agency.code,
        agency_name=version.agency.name,
        division=version.agency.division.code,
        version=version.number,
        effective_on=version.effective_on,
        hash=version.content_hash,
    )
