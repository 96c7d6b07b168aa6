"""Money in yuan as Decimal with two places; never a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from yueban.kernel.errors import Invalid

FEN: Final = Decimal("0.01")
LIMIT: Final = Decimal(10) ** 16
DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
GROUPS: Final = ("", "万", "亿", "万亿")


class AmountInvalid(Invalid):
    """A text that is no amount of money, or one with more than two places."""

    code = "money.invalid"


def yuan(value: Decimal | int | str) -> Decimal:
    """An exact amount with two places; raises AmountInvalid on a third place or on no number."""
    try:
        amount = Decimal(value.replace(",", "").strip() if isinstance(value, str) else value)
    except InvalidOperation as error:
        raise AmountInvalid(f"“{value}”不是金额。", hint="请填写数字，如 1200 或 1200.50。") from error
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise AmountInvalid(f"金额“{value}”超出范围。", hint="请核对金额和单位（元）。")
    if amount != amount.quantize(FEN):
        raise AmountInvalid(f"金额“{value}”超过两位小数。", hint="请精确到分。")
    return amount.quantize(FEN)


def rounded(value: Decimal) -> Decimal:
    """A computed amount rounded half up to the fen."""
    return value.quantize(FEN, rounding=ROUND_HALF_UP)


def to_text(amount: Decimal) -> str:
    """``1,234.50 元``."""
    return f"{yuan(amount):,.2f} 元"


def to_capitals(amount: Decimal) -> str:
    """The amount in capital numerals as on receipts: 壹仟贰佰叁拾肆元伍角整."""
    total = int(yuan(amount) * 100)
    sign, total = ("负", -total) if total < 0 else ("", total)
    whole, jiao, fen = total // 100, total // 10 % 10, total % 10
    text = f"{_integer(whole)}元" if whole else ""
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif whole and fen:
        text += "零"
    text += f"{DIGITS[fen]}分" if fen else "整"
    return sign + text if whole or jiao or fen else "零元整"


def _integer(number: int) -> str:
    """A positive integer below 10^16 in capitals; a run of zeros inside is read as one 零."""
    text = ""
    zero_before = False
    for group in range(3, -1, -1):
        value = number // 10 ** (4 * group) % 10_000
        if value:
            if text and (zero_before or value < 1000):
                text += "零"
            text += _group(value) + _group_name(group, number)
        zero_before = value == 0 or value % 10 == 0
    return text


def _group_name(group: int, number: int) -> str:
    """万亿 is read 万 when 亿 follows: 壹万贰仟亿."""
    if group == 3 and number // 10**8 % 10_000:
        return "万"
    return GROUPS[group]


def _group(value: int) -> str:
    text = ""
    for place in range(3, -1, -1):
        digit = value // 10**place % 10
        if digit:
            text += DIGITS[digit] + PLACES[place]
        elif text and value % 10**place and not text.endswith("零"):
            text += "零"
    return text
