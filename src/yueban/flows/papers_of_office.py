"""文书模板 and 打印队列: an agency's own words around its documents, and what waits for the printer."""

from collections.abc import Iterable

from django.db import transaction

from yueban.agencies import selectors as agencies
from yueban.agencies.models import Agency
from yueban.audit import services as audit
from yueban.cases import selectors as cases
from yueban.documents import selectors as documents_read
from yueban.documents import services as documents
from yueban.documents.choices import DocumentKind
from yueban.documents.errors import DocumentNotFound
from yueban.documents.models import PrintRequest, Wording
from yueban.flows import exports
from yueban.kernel import roles
from yueban.kernel.actor import Actor
from yueban.kernel.errors import NotAllowed
from yueban.kernel.reference import Reference

WRITERS = frozenset({roles.REVIEWER, roles.DECIDER, roles.EDITOR, roles.SUPERVISOR})
LAW_STAYS = "（这里是按办件生成的法定内容，不能在模板里修改。）"


def agencies_worded(actor: Actor) -> frozenset[str]:
    """The agencies whose wordings he may write, or put in use when a colleague wrote them."""
    own = (post for post in actor.posts if post.stands_in_for is None)
    return frozenset(post.agency for post in own if post.role in WRITERS)


def _agency(actor: Actor, code: str) -> Agency:
    if code not in agencies_worded(actor):
        raise NotAllowed("文书模板由本单位的审查、决定人员维护。", hint="请用对应岗位的账号登录。")
    return agencies.get_agency(code)


@transaction.atomic
def write(actor: Actor, *, agency: str, kind: str, opening: str, closing: str) -> Wording:
    """起草: raises WordingInvalid by field."""
    return documents.save_wording(
        agency=_agency(actor, agency), kind=kind, opening=opening, closing=closing, actor=actor
    )


@transaction.atomic
def publish(actor: Actor, *, agency: str, kind: str, revision: int) -> Wording:
    """启用: by a second person, who has read this very draft."""
    found = documents.publish_wording(
        agency=_agency(actor, agency), kind=kind, revision=revision, actor=actor
    )
    data = {"kind": kind, "opening": found.opening, "closing": found.closing}
    audit.record(Reference("agency", agency), "wording_published", actor=actor, data=data)
    return found


@transaction.atomic
def retire(actor: Actor, *, agency: str, kind: str) -> None:
    """停用."""
    if documents.retire_wording(agency=_agency(actor, agency), kind=kind):
        audit.record(Reference("agency", agency), "wording_retired", actor=actor, data={"kind": kind})


def preview(actor: Actor, *, agency: str, kind: str, opening: str, closing: str) -> bytes:
    """A sheet with the wording as it is being written."""
    place = _agency(actor, agency)
    content = {
        "addressee": "陈示例",
        "paragraphs": [LAW_STAYS],
        "reasons": [LAW_STAYS],
        "remedies": [LAW_STAYS],
        "footer": ["办件编号：（示例）"],
    }
    return documents.preview(
        kind=kind,
        agency_code=place.code,
        title=str(DocumentKind(kind).label),
        content=content,
        number="（示例）",
        wording=(opening, closing),
    )


@transaction.atomic
def put_aside(actor: Actor, number: str, code: str) -> PrintRequest:
    """待打印: a document of a case that the person may see."""
    case = cases.get_case(actor, number)
    found = documents_read.documents_of(Reference("case", case.number)).filter(verify_code=code).first()
    if found is None:
        raise DocumentNotFound("这件办件里没有这份文书。", hint="请从办件页面重新打开。")
    return documents.put_aside(document=found, actor=actor)


def drop_prints(actor: Actor, numbers: Iterable[int]) -> int:
    """Take what waits off one's own queue."""
    return documents.drop_prints(numbers=numbers, actor=actor)


def print_together(actor: Actor, numbers: Iterable[int]) -> bytes:
    """合并打印: of what he may still see; recorded as an export, for it leaves the platform."""
    allowed = _still_seen(actor, numbers)
    pdf = documents.print_together(numbers=allowed, actor=actor)
    exports.record(actor, what="文书合并打印", rows=len(allowed), filters="")
    return pdf


def _still_seen(actor: Actor, numbers: Iterable[int]) -> list[int]:
    rows = documents_read.waiting_prints(actor.user_id).filter(pk__in=list(numbers))
    seen = set(
        cases.cases_visible_to(actor)
        .filter(number__in=[row.document.subject_number for row in rows])
        .values_list("number", flat=True)
    )
    return [row.pk for row in rows if row.document.subject_number in seen]
