"""`yueban policies draft | score`: offers read from a text, and how well the reader reads."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say

if TYPE_CHECKING:
    from yueban.policies.model_client import Model

SHOWN = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which file."""
    parser.add_argument("act", choices=["draft", "score"], help="从原文起草、给起草打分")
    parser.add_argument("file", type=Path, nargs="?", help="政策原文：docx、pdf、html、txt（draft）")
    parser.add_argument("--clauses", action="store_true", help="文件里一行是一个条款 / one clause a line")
    parser.add_argument(
        "--reader", choices=["rules", "model"], default="rules", help="用规则还是语言模型读 / which reader"
    )
    parser.add_argument(
        "--city", type=Path, default=ROOT / "cities" / "shaoxing", help="城市资料文件夹 / the city pack"
    )
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    if arguments.act == "score":
        from yueban.commands.policies_score import score

        return score(arguments)
    return _draft(arguments)


def _draft(arguments: argparse.Namespace) -> int:
    from yueban.policies.drafts import draft_lines, draft_text, rules_reader, to_json
    from yueban.policies.importing import import_file
    from yueban.policies.model_reader import model_reader
    from yueban.policies.reading.lexicon import read_lexicon

    if arguments.file is None or not arguments.file.is_file():
        raise CommandError(f"找不到文件“{arguments.file or ''}”。请写出政策原文的路径。")
    imported = import_file(arguments.file.name, arguments.file.read_bytes())
    lexicon = read_lexicon(arguments.city / "policies" / "lexicon.yaml")
    reader = rules_reader(lexicon) if arguments.reader == "rules" else model_reader(_model(), lexicon)
    drafts = (draft_lines if arguments.clauses else draft_text)(imported.text, reader)
    for warning in imported.warnings:
        say(warning)
    for draft in drafts:
        where = draft.clause or (f"第{draft.line}行" if draft.line else "")
        given = "、".join(str(step.benefit.kind) for step in draft.offer.steps) or "没有读出支持内容"
        say(f"{where} {given} 把握{draft.confidence}：{draft.text.strip()[:SHOWN]}")
        for told in draft.offer.unresolved:
            say(f"  没读懂：{told.value[:SHOWN]}")
    document = {
        "file": arguments.file.name,
        "title": imported.title,
        "machine_read": imported.is_machine_read,
        "tables": imported.tables,
        "warnings": imported.warnings,
    }
    result = {"document": document, "offers": [to_json(draft) for draft in drafts]}
    return finish(result, as_json=arguments.json, ok=True)


def _model() -> "Model":
    """The model that the settings name."""
    from yueban.policies.model_client import Model
    from yueban.settings import env

    url = env.text("YUEBAN_MODEL_URL", "")
    if not url:
        raise CommandError(
            "没有设置语言模型。请设置 YUEBAN_MODEL_URL 和 YUEBAN_MODEL_NAME，或用 --reader rules。"
        )
    return Model(
        url,
        env.text("YUEBAN_MODEL_NAME", "default"),
        key=env.text("YUEBAN_MODEL_KEY", ""),
        seconds=env.number("YUEBAN_MODEL_SECONDS", 60),
        retries=env.number("YUEBAN_MODEL_RETRIES", 1, least=0),
    )
