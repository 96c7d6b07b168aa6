"""How and where an item is handled: visits, online depth, running system, windows, fees, contacts."""

from datetime import date
from typing import Literal

from pydantic import Field

from yueban.kernel.rows import EMPTY, Key, Line, Row, Rule, Text

Level = Literal["city", "county", "town", "village"]
Act = Literal["intake", "pre_check", "decide"]


class Visits(Row):
    """到办事现场次数; a reason is owed when it is not 0."""

    count: int = Field(ge=0, le=10)
    reason: str | None = None


class Online(Row):
    """是否网办 and 网上办理深度 (I to IV)."""

    available: bool
    depth: str = Field(default="I", pattern="^(I|II|III|IV)$")
    address: str | None = None


class RunningSystem(Row):
    """运行系统: where the case really runs when that is not here."""

    level: Line
    name: Line
    note: str | None = None


class Window(Row):
    """办理地点; ``agency`` limits it to one adopting agency, ``demo`` marks invented details."""

    name: Line
    address: str | None = None
    phone: str | None = None
    hours: str | None = None
    traffic: str | None = None
    division: str | None = Field(default=None, pattern="^[0-9]{12}$")
    agency: Key | None = None
    demo: bool = False


class Delegation(Row):
    """On what paper a level acts for the agency that holds the power: 委托, 授权 or 下放, and the document."""

    kind: Literal["委托", "授权", "下放"]
    document: Line
    number: str | None = None
    since: date | None = Field(default=None, strict=False)


class Offering(Row):
    """就近办理: what the outlets of a level do (受理、初审、办结); ``within`` limits it to some divisions."""

    level: Level
    does: Act
    when: Rule | None = None
    within: tuple[str, ...] = Field(default=EMPTY, strict=False)
    note: Line | None = None
    delegation: Delegation | None = None


class FeeItem(Row):
    """收费项目."""

    name: Line
    standard: Line
    basis: str | None = None
    reducible: bool = False
    reduction: str | None = None


class Fee(Row):
    """是否收费, with what is charged and why."""

    charged: bool
    basis: str | None = None
    items: tuple[FeeItem, ...] = Field(default=EMPTY, strict=False)
    pay_online: bool = False


class Intermediary(Row):
    """法定中介服务."""

    name: Line
    content: str | None = None
    basis: str | None = None


class Contact(Row):
    """咨询方式 or 监督投诉方式."""

    phone: str | None = None
    address: str | None = None
    online: str | None = None
    email: str | None = None


class ReviewBody(Row):
    """行政复议部门."""

    body: Line
    address: str | None = None
    phone: str | None = None


class Litigation(Row):
    """行政诉讼."""

    court: Line
    address: str | None = None
    phone: str | None = None


class Remedies(Row):
    """What an applicant may do against a decision; ``appeal`` = 申诉渠道 where no review is open."""

    review: ReviewBody | None = None
    litigation: Litigation | None = None
    appeal: str | None = None


class Question(Row):
    """常见问题."""

    q: Line
    a: Text
