"""审批结果."""

from pydantic import Field

from yueban.catalogue.standard.basis import Validity
from yueban.catalogue.standard.row import Key, Line, Row


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
