"""Pages by cursor: an opaque mark of the last row seen, so that new rows shift nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from ninja import Query

from yueban.kernel.errors import Invalid

Cursor = Annotated[str, Query(max_length=40, description="上一页给的 next；不填从头开始")]
Limit = Annotated[int, Query(ge=1, le=100, description="一页几条")]
HIGHEST = 2**63 - 1


def cursor_of(row_id: int) -> str:
    """The mark of a row."""
    return urlsafe_b64encode(f"c{row_id}".encode()).decode().rstrip("=")


def row_of(cursor: str) -> int:
    """The row of a mark, 0 without one; raises Invalid."""
    if not cursor:
        return 0
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except ValueError:
        text = ""
    number = text[1:]
    if not text.startswith("c") or not (number.isascii() and number.isdigit()) or int(number) > HIGHEST:
        raise Invalid.of_fields({"cursor": "请原样使用上一页给的 next。"}, "翻页标记不对。")
    return int(number)
