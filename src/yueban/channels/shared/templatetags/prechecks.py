"""A tag that shows what a machine said of an upload."""

from typing import Any

from django import template

from yueban.channels.shared.precheck_words import told_of
from yueban.files.models import StoredFile

register = template.Library()


@register.inclusion_tag("shared/_precheck.html")
def precheck(file: StoredFile, page: str = "", *, is_desk: bool = False) -> dict[str, Any]:
    """`{% precheck row.file page %}`: its line and its doubts; `page` is asked again while the machine looks."""
    return {"told": told_of(file), "place": f"precheck-{file.number}", "page": page, "is_desk": is_desk}
