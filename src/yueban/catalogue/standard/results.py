"""审批结果."""

from typing import Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from yueban.catalogue.standard.basis import Validity
from yueban.kernel.rows import Key, Line, Row, without_empty


class Result(Row):
    """What is given: type 10 证照, 20 批文, 30 其他.

    What it looks like is shown by its certificate type, or by ``sample``; else ``no_sample_reason`` says why not.
    """

    type: str = Field(pattern="^(10|20|30)$")
    name: Line
    name_en: str | None = None
    certificate_type: Key | None = None
    validity: Validity | None = None
    sample: str | None = None
    no_sample_reason: str | None = None

    @model_serializer(mode="wrap")
    def _stored(self, plain: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without a reason nothing is said of one, so that versions written before there were reasons stay the same."""
        return without_empty(plain(self), "no_sample_reason")
