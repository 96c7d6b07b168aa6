"""`{% hole %}` and `{% personal %}`: the places of a kept page that each request fills anew."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from yueban.channels.shared.kept import KEPT

register = template.Library()


@register.simple_tag
def hole(name: str) -> SafeString:
    """A hole that the view fills."""
    return mark_safe(f"\0{name}\0")  # noqa: S308 - a name written in a template


@register.simple_tag(takes_context=True)
def personal(context: Context, name: str) -> Any:
    """A template with what belongs to one person: on a page that is kept a hole, elsewhere included."""
    if KEPT in context and context["actor"].is_signed_in:
        return hole(name)
    included = context.template.engine.get_template(name)  # type: ignore[union-attr]
    return included.render(context)
