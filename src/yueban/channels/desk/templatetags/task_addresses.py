"""Where a task is worked: the page of the thing it is about."""

from django import template
from django.urls import reverse

from yueban.approvals.models import Task

register = template.Library()
PAGES = {
    "payment": "desk:payment",
    "rating": "desk:rating",
    "oversight": "desk:entry",
    "offer-version": "desk:offer",
    "dataobjection": "desk:data-objection",
    "claim": "desk:claim",
    "auto-list": "desk:auto-list",
}


@register.simple_tag
def task_address(task: Task) -> str:
    """The page of the case, of the payment order, of the rating or of the entry of supervision."""
    return reverse(PAGES.get(task.reference_kind, "desk:case"), args=[task.reference_number])
