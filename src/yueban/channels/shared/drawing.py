"""Fields of forms as HTML: a label, what helps with it, the control; the one place where they are drawn.

Written in Python, because a form may have hundreds of them: as nested templates they took most of its time.
The components c-field, c-field-about and c-choice draw with it, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yueban.channels.shared.fields import Field, Frame, Option

SHORT_LIST = 5
INPUT_TYPES = {"date": "date", "tel": "tel", "password": "password", "search": "search", "email": "email"}
INPUT_MODES = {"integer": "numeric", "decimal": "decimal", "money": "decimal", "tel": "tel"}
SHORT_TYPES = frozenset({"integer", "decimal", "money", "date"})


def draw(one: Field) -> SafeString:
    """A field of a form."""
    return _filled(one.frame or frame_of(one), one.value, one.error, one.source)


def draw_field(*, value: object = "", error: str = "", source: str = "", **parts: Any) -> SafeString:
    """One question with its label, help, source, error and control, of the parts that ``frame`` knows."""
    return _filled(frame(**parts), value, error, source)


def frame_of(one: Field) -> Frame:
    """What of a field is the same whoever fills it in."""
    return frame(
        name=one.name,
        id=one.id,
        label=one.label,
        type=one.type,
        help=one.help,
        note=one.note,
        unit=one.unit,
        required=one.required,
        readonly=one.readonly,
        options=one.options,
        max_length=one.max_length,
        autocomplete=one.autocomplete,
    )


def frame(
    *,
    name: str,
    id: str = "",  # noqa: A002 - the attributes of the component
    label: str = "",
    type: str = "text",  # noqa: A002
    help: str = "",  # noqa: A002
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
) -> Frame:
    """The same of its parts; ``look["class"]`` is of its box."""
    rows = [one if isinstance(one, Option) else Option(**one) for one in options]
    control = _e(id or name)
    words = _e(label) if required else f'{_e(label)}<span class="need">{_e(_("选填"))}</span>'
    box = f"field {_e(look.get('class') or '')}".rstrip()
    about, note = f'<div id="{control}-about">{_line("help", help)}', _line("help", note)
    if type in ("boolean", "codes") or (is_short_list(type, rows) and not as_list):
        wrong = "" if type == "codes" else ' role="radiogroup" aria-invalid="true"'
        inline = " inline" if type == "boolean" else ""
        return Frame(
            opening=f'<fieldset class="{box}" id="{control}" aria-describedby="{control}-about"',
            mark_of_group=f' tabindex="-1"{wrong}',
            about=f"><legend>{words}</legend>{about}",
            note=note,
            control=f'</div><div class="choices{inline}">',
            ending="</div></fieldset>",
            rows=_rows(name, id or name, type, options_of(type, rows)),
            mark_of_row=" checked",
        )
    limits = f"{_attribute('maxlength', max_length)}{' readonly' if readonly else ''}"
    if type == "long":
        begun, rest, ending = '<textarea class="input" rows="4"', f"{limits}>", "</textarea>"
    elif rows:
        begun, rest, ending = '<select class="input"', ">", "</select>"
    else:
        limits += _typing(input_mode(type, inputmode), autocomplete, placeholder)
        begun, rest, ending = _line_to_type(type, unit, limits)
    return Frame(
        opening=f'<div class="{box}"><label for="{control}">{words}</label>',
        about=about,
        note=note,
        control=f'</div>{begun} id="{control}" name="{_e(name)}" aria-describedby="{control}-about"',
        mark_of_control=' aria-invalid="true"',
        rest=f"{_mark('aria-required', required)}{_attrs(attrs)}{rest}",
        ending=f"{ending}</div>",
        rows=_entries(rows) if rows and type != "long" else None,
        mark_of_row=" selected",
        nothing_chosen=_no_entry(_("请选择")),
        something_chosen="" if required else _no_entry(_("不选")),
    )


def _typing(mode: str, autocomplete: str, placeholder: str) -> str:
    """What helps with typing."""
    hints = {"inputmode": mode, "autocomplete": autocomplete, "placeholder": placeholder}
    return "".join(_attribute(name, value) for name, value in hints.items())


def _line_to_type(kind: str, unit: str, limits: str) -> tuple[str, str, str]:
    """A line with its unit: its beginning, what stands before the value, its end."""
    short = " short" if kind in SHORT_TYPES else ""
    after = f'<span class="unit">{_e(unit)}</span>' if unit else ""
    return (
        f'<div class="{"with-unit" if unit else ""}"><input class="input{short}" type="{input_type(kind)}"',
        ' value="',
        f'"{limits}>{after}</div>',
    )


def _filled(frame: Frame, value: object, error: str, source: str) -> SafeString:
    """What the person typed, where it comes from and what is wrong with it, put into the frame."""
    group, control = (frame.mark_of_group, frame.mark_of_control) if error else ("", "")
    return mark_safe(  # noqa: S308 - every part is escaped
        f"{frame.opening}{group}{frame.about}{_source(source)}{frame.note}{_line('error', error)}"
        f"{frame.control}{control}{frame.rest}{_answer(frame, value)}{frame.ending}"
    )


def _answer(frame: Frame, value: object) -> str:
    """The value as its control holds it."""
    if frame.rows is None:
        return _text(value)
    picked, mark = chosen(value), frame.mark_of_row
    first = frame.something_chosen if value else frame.nothing_chosen
    return first + "".join(
        f"{before}{mark}{after}" if one in picked else f"{before}{after}" for one, before, after in frame.rows
    )


def draw_about(*, id: str, help: str = "", source: str = "", error: str = "", note: str = "") -> SafeString:  # noqa: A002
    """What stands between a label and its control: help, where a prefilled value comes from, the error."""
    lines = f"{_line('help', help)}{_source(source)}{_line('help', note)}{_line('error', error)}"
    return mark_safe(f'<div id="{_e(id)}-about">{lines}</div>')  # noqa: S308 - every part is escaped


def draw_choice(*, checked: object = "", **parts: Any) -> SafeString:
    """One radio button or check box with its whole row as the target, of the parts that ``_choice`` knows."""
    before, after = _choice(**parts)
    return mark_safe(f"{before}{' checked' if checked else ''}{after}")  # noqa: S308 - every part is escaped


def _choice(
    *,
    name: str,
    value: object,
    label: str,
    help: str = "",  # noqa: A002
    id: str = "",  # noqa: A002
    size: str = "",
    multiple: object = "",
    attrs: object = "",
) -> tuple[str, str]:
    """What stands before and after the mark of a choice."""
    kind = "checkbox" if multiple else "radio"
    hint = f'<span class="help">{_e(help)}</span>' if help else ""
    box = f'<label class="choice {_e(size)}"><input type="{kind}" name="{_e(name)}" value="{_text(value)}"'
    return f"{box}{_attribute('id', id)}", f"{_attrs(attrs)}><span>{_e(label)}</span>{hint}</label>"


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


def _rows(name: str, control: str, kind: str, options: Iterable[Option]) -> tuple[tuple[str, str, str], ...]:
    """The choices that all stand open: radio buttons, or check boxes."""
    return tuple(
        (
            one.value,
            *_choice(
                name=name,
                value=one.value,
                label=one.label,
                help=one.help,
                id=f"{control}-{position}",
                multiple=kind == "codes",
            ),
        )
        for position, one in enumerate(options, 1)
    )


def _entries(options: Iterable[Option]) -> tuple[tuple[str, str, str], ...]:
    """The lines of a folded list."""
    return tuple(
        (one.value, f'<option value="{_e(one.value)}"', f">{_e(one.label)}</option>") for one in options
    )


def _no_entry(words: str) -> str:
    """The line of a folded list for nothing chosen."""
    return f'<option value="">{_e(words)}</option>'


def _line(kind: str, text: str) -> str:
    return f'<p class="{kind}">{_e(text)}</p>' if text else ""


def _source(source: str) -> str:
    if not source:
        return ""
    told = _e(_("已为您填好，来自%(source)s，不对请直接改。") % {"source": source})
    return f'<p class="source"><span aria-hidden="true">✓</span><span>{told}</span></p>'


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
