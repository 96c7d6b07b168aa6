"""公示 as staff see it on a case's page: the notices, the objections, and who may answer which."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yueban.approvals import selectors as approvals
from yueban.approvals.models import Objection, PublicNotice
from yueban.cases.models import Case
from yueban.channels.desk.form_view import Line
from yueban.kernel import masking
from yueban.kernel.reference import Reference


@dataclass(frozen=True)
class ObjectionView:
    """One objection with its contact, masked unless it was asked for whole."""

    objection: Objection
    contact: Line


@dataclass(frozen=True)
class NoticeView:
    """One notice and what was said against it."""

    notice: PublicNotice
    objections: Sequence[ObjectionView]


def notice_views(case: Case) -> list[NoticeView]:
    """The notices of a case, oldest first."""
    found = approvals.notices_of(Reference("case", case.number))
    return [
        NoticeView(notice, [_view(objection) for objection in notice.objections.all()]) for notice in found
    ]


def _view(objection: Objection) -> ObjectionView:
    whole = approvals.contact_of(objection)
    shown = masking.mask("email" if "@" in whole else "phone", whole)
    return ObjectionView(objection, Line(_("异议人联系方式"), shown, bool(whole), whole))
