"""The standard of an offer (惠企事项): whom it is for, what it gives, what it excludes, each with its words."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yueban.kernel.rows import EMPTY, Doubt, ElementCode, Key, Line, Row, Rule

Money = Annotated[Decimal, Field(ge=0, strict=False, max_digits=18, decimal_places=2)]
Share = Annotated[Decimal, Field(gt=0, le=10, strict=False)]
# 免申即享 · 即申即享 · 快申快享 · 评审类 · 法定程序类
Redemption = Literal["auto", "instant", "fast", "review", "statutory"]
# 减免 · 奖补 · 权益 · 资质
Category = Literal["relief", "reward", "right", "qualification"]
Beneficiary = Literal["enterprise", "park_operator", "platform", "institution", "team"]


class Words(Row):
    """The place in the clause that a value was read from: first character, and the one after the last."""

    start: int = Field(ge=0)
    end: int = Field(gt=0)

    @model_validator(mode="after")
    def _is_a_stretch(self) -> "Words":
        if self.end <= self.start:
            raise ValueError("出处的结尾要在开头之后。")
        return self


class Fixed(Row):
    """定额: an amount in yuan."""

    kind: Literal["fixed"] = "fixed"
    amount: Money


class PerUnit(Row):
    """按数量: an amount for each of what an element counts, for no more than ``most`` of them.

    ``less`` counts those of them that were paid for elsewhere (每人不重复).
    """

    kind: Literal["per_unit"] = "per_unit"
    amount: Money
    of: ElementCode
    less: ElementCode | None = None
    most: int | None = Field(default=None, ge=1)


class Ratio(Row):
    """按比例: a share of a figure in yuan (贴息 included).

    ``less`` is taken off the figure (增量); only the part above ``above`` counts, and of that no more than ``most``.
    """

    kind: Literal["ratio"] = "ratio"
    rate: Share
    of: ElementCode
    less: ElementCode | None = None
    above: Money = Decimal(0)
    most: Money | None = None


class UpTo(Row):
    """Up to an amount that a person sets within the cap."""

    kind: Literal["up_to"] = "up_to"
    amount: Money


Gift = Annotated[Fixed | PerUnit | Ratio | UpTo, Field(discriminator="kind")]


class Benefit(Row):
    """One thing given: when (beside the conditions of the offer), how much, at most how much.

    Of ``cap`` and the figure ``within`` (以实际缴纳的增值税为限) the lower one limits. ``extra`` is given beside what
    is picked of the others (就高之外再奖).
    """

    key: Key
    label: Line
    when: Rule | None = None
    gives: Gift
    cap: Money | None = None
    within: ElementCode | None = None
    extra: bool = False
    words: Words | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures that the amount is worked out from."""
        named = (getattr(self.gives, "of", None), getattr(self.gives, "less", None), self.within)
        return tuple(one for one in named if one is not None)


class Exclusive(Row):
    """What is not given twice: within ``scope`` all offers of the group give together no more than the highest.

    ``once``: whoever has had anything of the group in the scope gets nothing more (不重复享受);
    ``highest``: what was given before is taken off (就高不重复; over ``ever`` or ``project`` that is 晋级差额).
    ``project`` is one park, machine or work over all years, ``project_year`` the same within one year.
    """

    group: Key
    scope: Literal["year", "project", "project_year", "ever"] = "year"
    way: Literal["highest", "once"] = "highest"


class Caps(Row):
    """The most an enterprise is given by this offer, in yuan: in a year, for one project, at all."""

    year: Money | None = None
    project: Money | None = None
    ever: Money | None = None


class Instalment(Row):
    """分期拨付: a share of the whole, so many months after the decision."""

    share: Share
    months: int = Field(default=0, ge=0)


class OfferStandard(Row):
    """One offer whole. ``picks``: of the benefits whose condition holds the highest is given, or all of them.

    ``joint_kinds`` are the other departments that look at each claim (联审). ``manual`` says what no data can decide
    and a person looks at; ``unresolved`` are words of the clause that nobody has made anything of yet: an offer with
    any cannot be signed.
    """

    key: Key
    name: Line
    name_en: str | None = None
    summary: Line
    policy: Key
    clause: Line
    department_kind: Key
    joint_kinds: tuple[Key, ...] = Field(default=EMPTY, strict=False)
    category: Category = "reward"
    redemption: Redemption
    beneficiary: Beneficiary = "enterprise"
    conditions: Rule
    manual: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    benefits: tuple[Benefit, ...] = Field(default=EMPTY, strict=False)
    picks: Literal["highest", "sum"] = "highest"
    exclusive: Exclusive | None = None
    caps: Caps = Caps()
    instalments: tuple[Instalment, ...] = Field(default=EMPTY, strict=False)
    budget_line: Key | None = None
    materials: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    opens_on: date | None = None
    closes_on: date | None = None
    unresolved: tuple[Line, ...] = Field(default=EMPTY, strict=False)
    unverified: tuple[Doubt, ...] = Field(default=EMPTY, strict=False)

    @model_validator(mode="after")
    def _is_whole(self) -> "OfferStandard":
        keys = [benefit.key for benefit in self.benefits]
        if len(keys) != len(set(keys)):
            raise ValueError("同一事项的各档要有不同的 key。")
        if self.instalments and sum(one.share for one in self.instalments) != 1:
            raise ValueError("分期拨付各期的比例合计应为1。")
        return self
