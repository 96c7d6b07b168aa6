"""预算: what a line has, what is reserved, frozen and spent of it. Every write is one entry, found again by its key.

The database moves the figures of the line with the entry and refuses what would fall below zero; here the line is
locked first, so that whoever comes second reads what the first left and is told the balance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from django.db import transaction
from pydantic import Field

from yueban.kernel import clock, money
from yueban.kernel.changes import Changes
from yueban.kernel.reference import Reference
from yueban.kernel.rows import Key, Line, Row
from yueban.payments.choices import MOVES, BudgetMove, Part, Shortfall
from yueban.payments.errors import BudgetLineNotFound, BudgetMoveNotPossible, BudgetShort, PaymentInvalid
from yueban.payments.models import BudgetEntry, BudgetLine, BudgetUse

Money = Annotated[Decimal, Field(ge=0, strict=False, max_digits=18, decimal_places=2)]
Year = Annotated[int, Field(ge=2000, le=2100, strict=False)]
NOBODY = ("", "")


class BudgetRow(Row):
    """One line of a city pack: whose it is, what happens when it is short, and its total of each year in yuan."""

    key: Key
    name: Line
    agency: Key
    shortfall: Shortfall = Field(default=Shortfall.FIRST_COME, strict=False)
    years: dict[Year, Money]


class BudgetsFile(Row):
    """``policies/budgets.yaml``."""

    lines: tuple[BudgetRow, ...] = Field(default=(), strict=False)


@dataclass(frozen=True)
class Movement:
    """One movement as it is asked for; the reference is whose money moves, None where the line's own does."""

    kind: BudgetMove
    line_key: str
    year: int
    amount: Decimal
    key: str
    reference: Reference | None = None


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Somebody's wish to reserve an amount; the key makes it the same wish when it is asked again."""

    reference: Reference
    amount: Decimal
    key: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a wish got: how much, of which year's line; nothing where `year` is None."""

    reference: Reference
    amount: Decimal
    year: int | None


def open_line(
    *, key: str, name: str, year: int, agency_id: int, division_code: str, shortfall: str, total: Decimal
) -> tuple[BudgetLine, bool]:
    """The line of this key and year, made with its first allotment where there is none; whether it was made."""
    with transaction.atomic():
        line, created = BudgetLine.objects.get_or_create(
            key=key,
            year=year,
            defaults={
                "name": name,
                "agency_id": agency_id,
                "division_code": division_code,
                "shortfall": Shortfall(shortfall),
                "made_at": clock.now(),
            },
        )
        if created and total:
            allot(line_key=key, year=year, amount=total, key=f"line:{key}:{year}")
    return line, created


def save_line(*, row: BudgetRow, year: int, total: Decimal, agency_id: int, division_code: str) -> Changes:
    """The line as the city pack has it: opened, or given or taken what the pack changed. Raises BudgetShort.

    What the desk gave or took since then stays: the pack is held against its own entries.
    """
    line, created = open_line(
        key=row.key,
        name=row.name,
        year=year,
        agency_id=agency_id,
        division_code=division_code,
        shortfall=row.shortfall,
        total=total,
    )
    own = list(line.entries.filter(key__startswith="line:").values_list("kind", "amount"))
    given = sum((amount if kind == BudgetMove.ALLOT else -amount for kind, amount in own), Decimal(0))
    if created or given == total:
        return Changes(created=int(created), unchanged=int(not created))
    key = f"line:{row.key}:{year}:{len(own)}"
    if total > given:
        allot(line_key=row.key, year=year, amount=total - given, key=key)
    else:
        cut(line_key=row.key, year=year, amount=given - total, key=key)
    return Changes(changed=1)


def allot(*, line_key: str, year: int, amount: Decimal, key: str) -> BudgetLine:
    """下达: the line is given more."""
    return _move(Movement(BudgetMove.ALLOT, line_key, year, amount, key))[0]


def cut(*, line_key: str, year: int, amount: Decimal, key: str) -> BudgetLine:
    """调减: the line is given less; never more than its balance."""
    return _move(Movement(BudgetMove.CUT, line_key, year, amount, key))[0]


def reserve(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """预占: set aside while a claim is looked at. Raises BudgetShort with the balance."""
    return _use(Movement(BudgetMove.RESERVE, line_key, year, amount, key, reference))


def freeze(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """冻结: decided, waiting to be paid."""
    return _use(Movement(BudgetMove.FREEZE, line_key, year, amount, key, reference))


def release(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """解除预占: the claim was refused or withdrawn, or got less."""
    return _use(Movement(BudgetMove.RELEASE, line_key, year, amount, key, reference))


def unfreeze(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """解除冻结: what was decided is not paid after all."""
    return _use(Movement(BudgetMove.UNFREEZE, line_key, year, amount, key, reference))


def spend(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """拨付: handed to the bank."""
    return _use(Movement(BudgetMove.SPEND, line_key, year, amount, key, reference))


def give_back(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """银行退回: not paid yet, still owed."""
    return _use(Movement(BudgetMove.GIVE_BACK, line_key, year, amount, key, reference))


def recover(*, line_key: str, year: int, amount: Decimal, reference: Reference, key: str) -> BudgetUse:
    """追回: what was paid came back, and can be given to others."""
    return _use(Movement(BudgetMove.RECOVER, line_key, year, amount, key, reference))


@dataclass(frozen=True, kw_only=True)
class UseMove:
    """A movement of what a thing holds, one of many."""

    use: BudgetUse
    amount: Decimal
    key: str


@transaction.atomic
def move_all(kind: BudgetMove, moves: Sequence[UseMove]) -> None:
    """Many movements of one kind within what each thing holds, in a few statements; a known key changes nothing."""
    uses = {move.use.pk: move.use for move in moves}
    lines = sorted({use.line_id for use in uses.values()})
    locked = BudgetLine.objects.select_for_update(no_key=True).filter(pk__in=lines).order_by("pk")
    by_pk = {line.pk: line for line in locked}
    held = {use.pk: getattr(use, MOVES[kind][0]) for use in BudgetUse.objects.filter(pk__in=uses)}
    known = set(
        BudgetEntry.objects.filter(key__in=[move.key for move in moves]).values_list("key", flat=True)
    )
    entries = []
    for move in moves:
        if move.key in known:
            continue
        held[move.use.pk] -= move.amount
        if held[move.use.pk] < 0:
            raise BudgetMoveNotPossible(
                f"“{by_pk[move.use.line_id].name}”里{Part(MOVES[kind][0]).label}的钱不够这一笔。",
                hint="请到预算项目页面核对这笔申报的占用。",
            )
        reference = Reference(move.use.reference_kind, move.use.reference_number)
        entries.append(_entry(kind, by_pk[move.use.line_id], move.amount, reference, move.key))
    BudgetEntry.objects.bulk_create(entries)


@transaction.atomic
def distribute(*, line_key: str, year: int, wishes: Sequence[Wish]) -> list[Given]:
    """Reserve for many at once by the line's declared way; asked again it gives the same answer."""
    line = lock_line(line_key=line_key, year=year)
    known = {
        entry.key: entry
        for entry in BudgetEntry.objects.filter(key__in=[wish.key for wish in wishes]).select_related("line")
    }
    given = {
        key: Given(
            reference=Reference(entry.reference_kind, entry.reference_number),
            amount=entry.amount,
            year=entry.line.year,
        )
        for key, entry in known.items()
    }
    waiting = [wish for wish in wishes if wish.key not in known]
    if line.shortfall == Shortfall.PRO_RATA:
        amounts = in_proportion(line.balance, [wish.amount for wish in waiting])
    else:
        amounts = in_order(line.balance, [wish.amount for wish in waiting])
    given |= _reserve_all(line, waiting, amounts)
    left = [wish for wish in waiting if wish.key not in given]
    if left and line.shortfall == Shortfall.CARRY_OVER:
        given |= _carry_over(line, left)
    return [given.get(wish.key) or _nothing(wish) for wish in wishes]


def in_order(balance: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Each in full that still fits when its turn comes; nothing for the others.

    >>> in_order(Decimal(10), [Decimal(6), Decimal(6), Decimal(4)])
    [Decimal('6'), Decimal('0'), Decimal('4')]
    """
    given = []
    for amount in amounts:
        fits = amount if amount <= balance else Decimal(0)
        balance -= fits
        given.append(fits)
    return given


def in_proportion(balance: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """All in full where it is enough; otherwise the same share for each, to the fen, and together the whole balance.

    >>> in_proportion(Decimal("10.00"), [Decimal(10), Decimal(10), Decimal(10)])
    [Decimal('3.34'), Decimal('3.33'), Decimal('3.33')]
    """
    whole = sum(amounts, Decimal(0))
    if whole <= balance:
        return list(amounts)
    fen = [Fraction(amount) * Fraction(balance) / Fraction(whole) * 100 for amount in amounts]
    given = [int(share) for share in fen]
    left = int(balance * 100) - sum(given)
    # The fen that rounding left go where most was cut off, the earlier first.
    by_loss = sorted(range(len(fen)), key=lambda place: (given[place] - fen[place], place))
    for place in by_loss[:left]:
        given[place] += 1
    return [Decimal(one) / 100 for one in given]


def lock_line(*, line_key: str, year: int) -> BudgetLine:
    """The line, locked for this transaction; BudgetLineNotFound where there is none."""
    line = BudgetLine.objects.select_for_update(no_key=True).filter(key=line_key, year=year).first()
    if line is None:
        raise BudgetLineNotFound(
            f"没有{year}年的预算项目“{line_key}”。", hint="请先由主管部门下达这一年的预算。"
        )
    return line


def _nothing(wish: Wish) -> Given:
    return Given(reference=wish.reference, amount=Decimal(0), year=None)


def _reserve_all(line: BudgetLine, wishes: Sequence[Wish], amounts: Sequence[Decimal]) -> dict[str, Given]:
    """Enter every amount above zero, in one statement."""
    pairs = [(wish, amount) for wish, amount in zip(wishes, amounts, strict=True) if amount > 0]
    BudgetEntry.objects.bulk_create(
        _entry(BudgetMove.RESERVE, line, amount, wish.reference, wish.key) for wish, amount in pairs
    )
    return {
        wish.key: Given(reference=wish.reference, amount=amount, year=line.year) for wish, amount in pairs
    }


def _carry_over(line: BudgetLine, wishes: Sequence[Wish]) -> dict[str, Given]:
    """What found no room is reserved on next year's line, as far as that is known and has room."""
    if not BudgetLine.objects.filter(key=line.key, year=line.year + 1).exists():
        return {}
    later = lock_line(line_key=line.key, year=line.year + 1)
    return _reserve_all(later, wishes, in_order(later.balance, [wish.amount for wish in wishes]))


def _use(movement: Movement) -> BudgetUse:
    _, use = _move(movement)
    assert use is not None  # the entry of a reference made it
    return use


@transaction.atomic
def _move(movement: Movement) -> tuple[BudgetLine, BudgetUse | None]:
    """Lock the line, look whether this was done, see that there is enough, and enter it."""
    amount = money.yuan(movement.amount)
    if amount <= 0:
        raise PaymentInvalid.of_fields({"amount": "金额要大于0元。"})
    line = lock_line(line_key=movement.line_key, year=movement.year)
    entry = _entry(movement.kind, line, amount, movement.reference, movement.key)
    done = BudgetEntry.objects.filter(key=movement.key).first()
    if done is not None:
        _check_same(done, entry)
    else:
        _check_enough(line, _use_of(line, movement.reference), entry)
        entry.save(force_insert=True)
        line.refresh_from_db()
    return line, _use_of(line, movement.reference)


def _use_of(line: BudgetLine, reference: Reference | None) -> BudgetUse | None:
    if reference is None:
        return None
    return line.uses.filter(reference_kind=reference.kind, reference_number=reference.number).first()


def _entry(
    kind: BudgetMove, line: BudgetLine, amount: Decimal, reference: Reference | None, key: str
) -> BudgetEntry:
    from_part, to_part = MOVES[kind]
    who = (reference.kind, reference.number) if reference else NOBODY
    return BudgetEntry(
        line=line,
        kind=kind,
        from_part=from_part,
        to_part=to_part,
        amount=amount,
        reference_kind=who[0],
        reference_number=who[1],
        key=key,
        at=clock.now(),
    )


def _check_same(done: BudgetEntry, asked: BudgetEntry) -> None:
    """A key names one movement for good."""
    facts = [
        (one.line_id, one.kind, one.amount, one.reference_kind, one.reference_number) for one in (done, asked)
    ]
    if facts[0] != facts[1]:
        raise BudgetMoveNotPossible(
            "这笔预算变动用过的编号又用在了别的变动上。", hint="请刷新页面看最新情况，再办一次。"
        )


def _check_enough(line: BudgetLine, use: BudgetUse | None, entry: BudgetEntry) -> None:
    if entry.from_part == Part.OUTSIDE:
        return
    if entry.from_part == Part.BALANCE:
        if line.balance < entry.amount:
            has, asked = money.to_text(line.balance), money.to_text(entry.amount)
            raise BudgetShort(
                f"“{line.name}”{line.year}年的余额是 {has}，不够 {asked}。",
                hint=f"这个项目预算不足时的办法是“{line.get_shortfall_display()}”。",
                data={"balance": str(line.balance)},
            )
        return
    held = getattr(use, entry.from_part) if use is not None else Decimal(0)
    if held < entry.amount:
        part = Part(entry.from_part).label
        raise BudgetMoveNotPossible(
            f"这件事在“{line.name}”里{part}的是 {money.to_text(held)}，不能动用 {money.to_text(entry.amount)}。",
            hint="请刷新页面看最新情况。",
        )
