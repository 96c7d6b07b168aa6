"""My matters: what waits for me, my list, one matter, supplement, messages, progress without signing in."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from yueban.cases import selectors as cases
from yueban.kernel.actor import Actor


@dataclass(frozen=True)
class Todo:
    """One thing the person must do now."""

    title: str
    text: str
    act: str
    href: str


def todo_of(actor: Actor) -> list[Todo]:
    """What waits for the person: cases to supplement, the latest draft."""
    if not actor.is_signed_in:
        return []
    found = [
        Todo(
            _("请补材料：%(name)s") % {"name": case.item_name},
            cases.next_step(case).sentence,
            _("去补材料"),
            reverse("portal:supplement", args=[case.number]),
        )
        for case in cases.waiting_for(actor).select_related("agency", "intake_agency")
    ]
    draft = cases.drafts_of(actor).first()
    if draft is not None:
        found.append(
            Todo(
                _("还没填完：%(name)s") % {"name": draft.item_version.name},
                _("内容都已保存，可以接着填。"),
                _("接着填"),
                reverse("portal:form", args=[draft.number]),
            )
        )
    return found
