"""What a claim holds of its budget line: reserved when handed in, frozen when agreed, let go when it ends.

Where no line of its year is there the claim goes on without: it is paid when somebody has chosen one (fund_claims).

Every movement has the claim's number in its key, and its revision: asked again it is the same movement.
"""

from decimal import Decimal

from yueban.accounts import walls
from yueban.claims.models import Claim
from yueban.payments import budgets
from yueban.payments import selectors as payments_read

ZERO = Decimal(0)


def reserve(claim: Claim) -> None:
    """预占 the amount that is asked for; BudgetShort where the line has not as much."""
    if has_line(claim):
        budgets.reserve(
            line_key=claim.budget_line,
            year=claim.year,
            amount=claim.amount,
            reference=claim.reference,
            key=_key(claim, "reserve"),
        )


def adjust(claim: Claim) -> None:
    """What is asked for has changed before it was agreed: the difference is reserved too, or goes back."""
    if not has_line(claim):
        return
    reserved, _frozen = _held(claim)
    if claim.amount > reserved:
        _move(claim, "reserve", claim.amount - reserved)
    elif claim.amount < reserved:
        _move(claim, "release", reserved - claim.amount)


def has_line(claim: Claim) -> bool:
    """Whether there is a line of the claim's year to pay it from."""
    return bool(claim.budget_line) and payments_read.find_line(claim.budget_line, claim.year) is not None


def freeze(claim: Claim) -> None:
    """冻结 what is agreed, whatever was held before: the difference is reserved anew or goes back."""
    if not has_line(claim):
        return
    reserved, frozen = _held(claim)
    wanted = claim.amount - frozen
    if wanted > reserved:
        _move(claim, "reserve", wanted - reserved)
        reserved = wanted
    if wanted > 0:
        _move(claim, "freeze", wanted)
        reserved -= wanted
    elif wanted < 0:
        _move(claim, "unfreeze", -wanted)
    if reserved > 0:
        _move(claim, "release", reserved)


def let_go(claim: Claim) -> None:
    """The claim ends without money: what it holds goes back to the balance."""
    if not has_line(claim):
        return
    reserved, frozen = _held(claim)
    if frozen > 0:
        _move(claim, "unfreeze", frozen)
    if reserved > 0:
        _move(claim, "release", reserved)


@walls.platform()
def line_name(claim: Claim) -> str:
    """The budget line by its name, for who reads the claim."""
    uses = payments_read.uses_of(claim.reference)
    return next((one.line.name for one in uses), claim.budget_line)


def _held(claim: Claim) -> tuple[Decimal, Decimal]:
    uses = [one for one in payments_read.uses_of(claim.reference) if one.line.year == claim.year]
    return sum((one.reserved for one in uses), ZERO), sum((one.frozen for one in uses), ZERO)


MOVES = {
    "reserve": budgets.reserve,
    "freeze": budgets.freeze,
    "release": budgets.release,
    "unfreeze": budgets.unfreeze,
}


def _move(claim: Claim, kind: str, amount: Decimal) -> None:
    MOVES[kind](
        line_key=claim.budget_line,
        year=claim.year,
        amount=amount,
        reference=claim.reference,
        key=_key(claim, kind),
    )


def _key(claim: Claim, kind: str) -> str:
    return f"{kind}:{claim.reference}:{claim.revision}"
