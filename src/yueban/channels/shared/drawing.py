"""Fields of forms as HTML: a label, what helps with it, the control; the one place where they are drawn.

Written in Python, because a form may have hundreds of them: as nested templates they took most of its time.
The components c-field, c-field-about and c-choice draw with it, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yueban.channels.shared.fields import Field, Option

SHORT_LIST = 5
INPUT_TYPES = {"date": "date", "tel": "tel", "password": "password", "search": "search", "email": "email"}
INPUT_MODES = {"integer": "numeric", "decimal": "decimal", "money": "decimal", "tel": "tel"}
SHORT_TYPES = frozenset({"integer", "decimal", "money", "date"})


def draw(one: Field) -> SafeString:
    """A field of a form."""
    return draw_field(
        name=one.name,
        id=one.id,
        label=one.label,
        type=one.type,
        value=one.value,
        error=one.error,
        help=one.help,
        source=one.source,
        note=one.note,
        unit=one.unit,
        required=one.required,
        readonly=one.readonly,
        options=one.options,
        max_length=one.max_length,
        autocomplete=one.autocomplete,
    )


def draw_field(
    *,
    name: str,
    id: str = "",  # noqa: A002 - the attributes of the component
    label: str = "",
    type: str = "text",  # noqa: A002
    value: object = "",
    error: str = "",
    help: str = "",  # noqa: A002
    source: str = "",
    note: str = "",
    unit: str = "",
    required: bool = False,
    readonly: bool = False,
    options: Sequence[Option | Mapping[str, str]] = (),
    as_list: bool = False,
    max_length: int | None = None,
    autocomplete: str = "",
    placeholder: str = "",
    inputmode: str = "",
    attrs: object = "",
    **look: str,
) -> SafeString:
    """One question with its label, help, source, error and control; ``look["class"]`` is of its box."""
    rows = [one if isinstance(one, Option) else Option(**one) for one in options]
    control = _e(id or name)
    words = _e(label) if required else f'{_e(label)}<span class="need">{_e(_("选填"))}</span>'
    about = draw_about(id=id or name, help=help, source=source, error=error, note=note)
    box = f"field {_e(look.get('class') or '')}".rstrip()
    if type in ("boolean", "codes") or (is_short_list(type, rows) and not as_list):
        bad = ' tabindex="-1"' if error else ""
        if error and type != "codes":
            bad += ' role="radiogroup" aria-invalid="true"'
        choices = _rows(name, id or name, type, value, options_of(type, rows))
        inline = " inline" if type == "boolean" else ""
        return mark_safe(  # noqa: S308 - every part is escaped
            f'<fieldset class="{box}" id="{control}" aria-describedby="{control}-about"{bad}>'
            f'<legend>{words}</legend>{about}<div class="choices{inline}">{choices}</div></fieldset>'
        )
    common = (
        f'id="{control}" name="{_e(name)}" aria-describedby="{control}-about"'
        f"{_mark('aria-invalid', error)}{_mark('aria-required', required)}{_attrs(attrs)}"
    )
    limits = f"{_attribute('maxlength', max_length)}{' readonly' if readonly else ''}"
    if type == "long":
        body = f'<textarea class="input" rows="4" {common}{limits}>{_text(value)}</textarea>'
    elif rows:
        body = f'<select class="input" {common}>{_entries(value, rows, required=required)}</select>'
    else:
        limits += (
            f"{_attribute('inputmode', input_mode(type, inputmode))}{_attribute('autocomplete', autocomplete)}"
            f"{_attribute('placeholder', placeholder)}"
        )
        short = " short" if type in SHORT_TYPES else ""
        body = (
            f'<input class="input{short}" type="{input_type(type)}" {common} value="{_text(value)}"{limits}>'
        )
        after = f'<span class="unit">{_e(unit)}</span>' if unit else ""
        body = f'<div class="{"with-unit" if unit else ""}">{body}{after}</div>'
    return mark_safe(f'<div class="{box}"><label for="{control}">{words}</label>{about}{body}</div>')  # noqa: S308


def draw_about(*, id: str, help: str = "", source: str = "", error: str = "", note: str = "") -> SafeString:  # noqa: A002
    """What stands between a label and its control: help, where a prefilled value comes from, the error."""
    lines = f'<p class="help">{_e(help)}</p>' if help else ""
    if source:
        told = _e(_("已为您填好，来自%(source)s，不对请直接改。") % {"source": source})
        lines += f'<p class="source"><span aria-hidden="true">✓</span><span>{told}</span></p>'
    lines += f'<p class="help">{_e(note)}</p>' if note else ""
    lines += f'<p class="error">{_e(error)}</p>' if error else ""
    return mark_safe(f'<div id="{_e(id)}-about">{lines}</div>')  # noqa: S308 - every part is escaped


def draw_choice(
    *,
    name: str,
    value: object,
    label: str,
    help: str = "",  # noqa: A002
    id: str = "",  # noqa: A002
    size: str = "",
    multiple: object = "",
    checked: object = "",
    attrs: object = "",
) -> SafeString:
    """One radio button or check box with its whole row as the target."""
    kind = "checkbox" if multiple else "radio"
    hint = f'<span class="help">{_e(help)}</span>' if help else ""
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<label class="choice {_e(size)}"><input type="{kind}" name="{_e(name)}" value="{_text(value)}"'
        f"{_attribute('id', id)}{' checked' if checked else ''}{_attrs(attrs)}>"
        f"<span>{_e(label)}</span>{hint}</label>"
    )


def input_type(kind: str) -> str:
    """The `type` attribute; numbers stay text, so that a slip of the wheel never changes them."""
    return INPUT_TYPES.get(kind, "text")


def input_mode(kind: str, chosen: str = "") -> str:
    """The keyboard a phone shows."""
    return chosen or INPUT_MODES.get(kind, "")


def is_short_list(kind: str, options: Sequence[Option]) -> bool:
    """Whether a code is better chosen from visible rows than from a folded list."""
    return kind == "code" and 0 < len(options) <= SHORT_LIST


def options_of(kind: str, options: Sequence[Option]) -> Sequence[Option]:
    """The rows of a choice; 是 and 否 for a yes-or-no question."""
    if kind == "boolean" and not options:
        return (Option("true", _("是")), Option("false", _("否")))
    return options


def chosen(value: object) -> frozenset[str]:
    """The values that are chosen, as the page writes them."""
    if isinstance(value, bool):
        return frozenset({"true" if value else "false"})
    if isinstance(value, list | tuple | set | frozenset):
        return frozenset(str(one) for one in value)
    return frozenset() if value is None else frozenset({str(value)})


def _rows(name: str, control: str, kind: str, value: object, options: Iterable[Option]) -> str:
    picked, multiple = chosen(value), kind == "codes"
    return "".join(
        draw_choice(
            name=name,
            value=one.value,
            label=one.label,
            help=one.help,
            id=f"{control}-{position}",
            multiple=multiple,
            checked=one.value in picked,
        )
        for position, one in enumerate(options, 1)
    )


def _entries(value: object, options: Iterable[Option], *, required: bool) -> str:
    """The lines of a folded list, the first of them for nothing chosen."""
    picked = chosen(value)
    none = _("请选择") if not value else "" if required else _("不选")
    first = f'<option value="">{_e(none)}</option>' if none else ""
    return first + "".join(
        f'<option value="{_e(one.value)}"{" selected" if one.value in picked else ""}>{_e(one.label)}</option>'
        for one in options
    )


def _e(text: object) -> str:
    """Escaped, but for what is marked as safe already; most texts are plain ones."""
    return escape(text) if type(text) is str else conditional_escape(str(text))


def _text(value: object) -> str:
    """A value as it stands in a control."""
    return "" if value is None else _e(value if isinstance(value, str) else str(localize(value)))


def _attribute(name: str, value: object) -> str:
    return f' {name}="{_e(value)}"' if value else ""


def _mark(name: str, is_so: object) -> str:
    return f' {name}="true"' if is_so else ""


def _attrs(attrs: object) -> str:
    """Further attributes of a component, as it hands them on."""
    return f" {_e(str(attrs))}" if attrs else ""
