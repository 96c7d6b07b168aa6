"""One value of one form field: cleaned to what is stored, or refused with a sentence beside the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from yueban.catalogue.compiled import CompiledField
from yueban.elements.selectors import Bounds
from yueban.kernel import clock, money, names
from yueban.kernel.codes import resident_id, uscc
from yueban.kernel.errors import Invalid

Value = str | int | bool | list[str]
TEXT_LIMIT = 500
PARAGRAPHS_LIMIT = 5000
EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)

MOBILE = re.compile(r"1[3-9][0-9]{9}")
PHONE = re.compile(
    r"(1[3-9][0-9]{9}|(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(-[0-9]{1,6})?|1[0-9]{4}|400-?[0-9]{3}-?[0-9]{4})"
)
# GA 36-2018: five characters after the issuing letter, six for new-energy vehicles; I and O are not used.
PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
    r"[A-HJ-NP-Z]([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})"
)
EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
POSTCODE = re.compile(r"[0-9]{6}")
DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")


def is_empty(raw: object) -> bool:
    """Whether nothing was filled in."""
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


def clean(field: CompiledField, raw: object, siblings: Mapping[str, object]) -> Value:
    """The value as it is stored; raises Invalid. ``siblings`` are the raw values of the same section."""
    match field.type:
        case "text":
            return _text(field, raw, siblings)
        case "code":
            return _code(field, raw)
        case "codes":
            return _codes(field, raw)
        case other:
            value = _CLEANERS[other](raw)
            if field.bounds is not None:
                _check_bounds(field, field.bounds, str(value))
            return value


def _check_bounds(field: CompiledField, bounds: Bounds, value: str) -> None:
    low, high = _day_faults(bounds, value) if field.type == "date" else _number_faults(field, bounds, value)
    if low:
        raise Invalid(bounds.too_low or f"{field.label}{low}。")
    if high:
        raise Invalid(f"{field.label}{high}。", hint="请核对后重填。")


def _number_faults(field: CompiledField, bounds: Bounds, value: str) -> tuple[str, str]:
    """What is too low and what is too high about a number, in words; empty when nothing is."""
    number = Decimal(value)
    low = high = ""
    if bounds.above is not None and number <= bounds.above:
        low = f"应大于{bounds.above}{field.unit}"
    elif bounds.minimum is not None and number < bounds.minimum:
        low = f"不能小于{bounds.minimum}{field.unit}"
    if bounds.maximum is not None and number > bounds.maximum:
        high = f"不能超过{bounds.maximum}{field.unit}"
    return low, high


def _day_faults(bounds: Bounds, value: str) -> tuple[str, str]:
    day, today = date.fromisoformat(value), clock.today()
    low = "不能早于今天" if bounds.not_before and day < today else ""
    return low, "不能晚于今天" if bounds.not_after and day > today else ""


def _text(field: CompiledField, raw: object, siblings: Mapping[str, object]) -> str:
    if not isinstance(raw, str):
        raise Invalid("这里应填文字。", hint="请重新填写。")
    if field.format == "person_name":
        return names.clean_person_name(raw)
    if field.format == "paragraphs":
        return names.clean_paragraphs(raw, field.max_length or PARAGRAPHS_LIMIT)
    text = names.clean_line(raw, field.max_length or TEXT_LIMIT)
    if field.format == "resident_id":
        return _id_number(text, siblings.get(field.element.rpartition(".")[0] + ".id_type"))
    check = _FORMATS.get(field.format)
    return check(text) if check else text


def _plain(text: str) -> str:
    """Codes as people type them: full-width to half-width, no spaces, capitals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def _id_number(text: str, kind: object) -> str:
    """The number of a person's document; of an enterprise where the document beside it says so."""
    number = _plain(text)
    (uscc if kind == "uscc" else resident_id).check(number)
    return number


def _uscc(text: str) -> str:
    code = _plain(text)
    uscc.check(code)
    return code


def _matching(pattern: re.Pattern[str], message: str, hint: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        plain = _plain(text)
        if not pattern.fullmatch(plain):
            raise Invalid(message, hint=hint)
        return plain

    return check


def _plate(text: str) -> str:
    plate = re.sub(r"[·•.\-]", "", _plain(text))
    if not PLATE.fullmatch(plate):
        raise Invalid("号牌号码不对。", hint="请按行驶证填写，如浙D12345。")
    return plate


def _email(text: str) -> str:
    if not EMAIL.fullmatch(text):
        raise Invalid("电子邮箱不对。", hint="请填写像 name@example.com 这样的地址。")
    return text


_FORMATS: dict[str, Callable[[str], str]] = {
    "uscc": _uscc,
    "mobile": _matching(MOBILE, "手机号码不对。", "请填写11位手机号码。"),
    "phone": _matching(PHONE, "电话号码不对。", "请填写手机号码，或带区号的固定电话，如0575-88000000。"),
    "postcode": _matching(POSTCODE, "邮政编码不对。", "请填写6位数字。"),
    "plate": _plate,
    "email": _email,
}


def _number_text(raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Invalid("这里应填数字。", hint="请只填数字。")
    text = _plain(str(raw)).replace(",", "")
    if text.startswith("-"):
        raise Invalid("不能是负数。", hint="请填写0或更大的数字。")
    if not NUMBER.fullmatch(text):
        raise Invalid("这里应填数字。", hint="请只填数字，不要写单位。")
    return text


def _integer(raw: object) -> int:
    number = Decimal(_number_text(raw))
    if number != number.to_integral_value():
        raise Invalid("这里应填整数。", hint="请去掉小数部分。")
    return int(number)


def _decimal(raw: object) -> str:
    return f"{Decimal(_number_text(raw)).normalize():f}"


def _money(raw: object) -> str:
    return f"{money.yuan(_number_text(raw)):f}"


def _date(raw: object) -> str:
    text = raw.isoformat() if isinstance(raw, date) else str(raw)
    match = DATE.fullmatch(_plain(text))
    day = _day(*(int(part) for part in match.groups())) if match else None
    if day is None:
        raise Invalid("日期不对。", hint="请填写像2026-01-31这样的日期。")
    if not EARLIEST <= day <= LATEST:
        raise Invalid(f"日期{day}不合常理。", hint="请核对年份。")
    return day.isoformat()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _boolean(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw not in {"true", "false"}:
        raise Invalid("请选择是或否。", hint="")
    return raw == "true"


def _code(field: CompiledField, raw: object) -> str:
    if not isinstance(raw, str) or raw not in {choice.value for choice in field.choices}:
        raise Invalid("请从列出的选项中选择。", hint="")
    return raw


def _codes(field: CompiledField, raw: object) -> list[str]:
    given = [raw] if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        raise Invalid("请从列出的选项中选择。", hint="")
    # In the order of the list, each once, whatever order the boxes were ticked in.
    chosen = {_code(field, value) for value in given}
    return [choice.value for choice in field.choices if choice.value in chosen]


def _division(raw: object) -> str:
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{12}", raw):
        raise Invalid("请选择区划。", hint="")
    return raw


def _industry(raw: object) -> str:
    text = _plain(str(raw))
    if not re.fullmatch(r"[A-T]?[0-9]{2,4}|[A-T]", text):
        raise Invalid("行业代码不对。", hint="请填写国民经济行业分类代码，如 G5430。")
    return text


_CLEANERS: dict[str, Callable[[object], Value]] = {
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "date": _date,
    "boolean": _boolean,
    "division": _division,
    "industry": _industry,
}
