"""Filters that choose the English of a thing on an English page."""

from django import template

from yueban.channels.shared import english, sayings

register = template.Library()


@register.filter
def in_language(one: object, name: str) -> str:
    """`{{ guide|in_language:"summary" }}`: its `summary_en` on an English page, where it has one."""
    chinese = getattr(one, name, "") or ""
    return english.named(str(chinese), getattr(one, f"{name}_en", ""))


@register.filter
def item_name(name: str) -> str:
    """The name of an item, by its Chinese name."""
    return english.item_name(name)


@register.filter
def said(text: str) -> str:
    """What a service says, in English where its sentence is known."""
    return sayings.said(str(text))
