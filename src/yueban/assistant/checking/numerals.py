"""Numbers as Chinese and digits write them: 30, 三十, 1.5万, 十五, 一百零五."""

from decimal import Decimal

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
HAN = "零一二三四五六七八九十百千万亿"
SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
SCALES |= {"十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
SCALE = "十亿|百亿|千亿|万亿|十万|百万|千万|亿|万|千|百"
HALF = Decimal("0.5")


def value_of(written: str) -> Decimal:
    """The value of digits or of a Chinese numeral; digits read one by one where it has no scale (二零二六)."""
    if written == "半":
        return HALF
    if written[0].isdigit():
        return Decimal(written)
    if all(character in DIGITS for character in written):
        return Decimal("".join(str(DIGITS[character]) for character in written))
    return Decimal(_scaled(written))


def _scaled(written: str) -> int:
    total, part, digit = 0, 0, 0
    for character in written:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in SMALL:
            part += (digit or 1) * SMALL[character]
            digit = 0
        else:
            total = (total + part + digit or 1) * LARGE[character]
            part, digit = 0, 0
    return total + part + digit
