"""`yueban translations`: brings the English catalogue up to the texts of the pages, and compiles it.

A text that is new stands in the catalogue untranslated until somebody writes its English; a text that is gone
leaves it. Nothing is guessed: there are no fuzzy entries.
"""

import argparse
import io
import os
from datetime import UTC, datetime
from pathlib import Path

from yueban.commands.django_setup import set_up_django
from yueban.commands.output import finish, say
from yueban.commands.wording import SOURCE, Text, wording

CATALOGUE = SOURCE / "channels" / "shared" / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = "English of portal and shared pages; brought up to the texts by `yueban translations`, translated by hand."
# The same texts give the same bytes.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """JSON for programs."""
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write django.po and django.mo; ok when nothing is left untranslated."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"  # texts are read from the code alone
    set_up_django()
    texts = wording()
    known = translations(CATALOGUE)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(catalogue_bytes(texts, known))
    CATALOGUE.with_suffix(".mo").write_bytes(compiled_bytes(CATALOGUE))
    missing = [text for text in texts if not all(known.get(text, ("",)))]
    for text in missing:
        say(f"没有英文 / no English: {text}")
    say(f"{len(texts)} 条，{len(missing)} 条没有英文 / texts, {len(missing)} without English")
    result = {"ok": not missing, "texts": len(texts), "missing": missing}
    return finish(result, as_json=arguments.json)


def translations(path: Path) -> dict[str, tuple[str, ...]]:
    """Text → English as the catalogue holds it: one form, or that for one and that for many."""
    from babel.messages.pofile import read_po

    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            _forms(one.id)[0]: _forms(one.string)
            for one in read_po(file, locale="en")
            if one.id and not one.fuzzy
        }


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def catalogue_bytes(texts: dict[str, Text], known: dict[str, tuple[str, ...]]) -> bytes:
    """The catalogue of these texts, sorted, without dates, so that the same texts give the same bytes."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    catalogue = Catalog(
        locale="en",
        project="yueban",
        version="-",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        header_comment=f"# {HEADER}",
        fuzzy=False,
    )
    for text, one in texts.items():
        forms = known.get(text, ("",))
        catalogue.add(
            (text, text) if one.is_counted else text,
            (forms[0], forms[-1]) if one.is_counted else forms[0],
            locations=[(place, 0) for place in sorted(one.files)],
            flags={"python-format"} if "%(" in text else set(),
        )
    written = io.BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False, sort_output=True)
    return written.getvalue()


def compiled_bytes(path: Path) -> bytes:
    """The .mo of a .po."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()
