"""办理环节 after acceptance: steps of equal stage run in parallel."""

from typing import Literal

from pydantic import Field

from yueban.kernel.rows import EMPTY, Key, Line, Row


class Step(Row):
    """One task; ``agency_kind`` None = the deciding agency.

    ``countersign`` (会签) asks every agency of the stage to sign; ``inspect`` (现场核查) is done by two officers;
    ``records`` (信息核查) asks a department whether it holds records; either answer
    lets the case go on, and so does none.
    """

    key: Key
    stage: int = Field(ge=1, le=20)
    kind: Literal["check", "review", "decide", "visit", "publicity", "countersign", "inspect", "records"]
    name: Line
    name_en: str | None = None
    agency_kind: Key | None = None
    role: Literal["reviewer", "checker", "decider", "clerk"]
    days: int = Field(ge=0, le=365)
    checks: tuple[Line, ...] = Field(default=EMPTY, strict=False)
