"""`yueban assistant ask | score | train | sync`: one answer, how well the whole answers, learning, and the index."""

import argparse
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from yueban.assistant.selectors import Answer, Shelf

ACTS = ["ask", "score", "train", "sync"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do with which question or files."""
    parser.add_argument(
        "act", choices=ACTS, help="问一句、给题集打分、学习、重建索引 / ask, score, train, sync"
    )
    parser.add_argument(
        "what", nargs="*", help="问题，或题集文件（jsonl） / the question, or sets of questions"
    )
    parser.add_argument("--place", default="", help="办事人所在区划代码 / code of the division")
    parser.add_argument("--audience", choices=["person", "enterprise"], help="个人或企业 / for whom")
    parser.add_argument("--on", type=date.fromisoformat, help="哪一天问，默认今天 / the day it is asked")
    parser.add_argument(
        "--model",
        nargs="?",
        const="",
        metavar="URL",
        help="让这个地址的语言模型转述，不写地址就用设置里的 / have a model say it, by default that of the settings",
    )
    parser.add_argument("--failures", type=Path, help="把答错的写到文件 / write what failed to a file")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it against the instance of this shell, or the demo's."""
    with running_instance():
        return {"ask": _ask, "score": _score, "train": _train, "sync": _sync}[arguments.act](arguments)


def _shelf() -> "Shelf":
    from yueban.assistant.selectors import shelf
    from yueban.flows.keep_knowledge import keep

    found = shelf()
    if found is None:
        say("第一次使用，正在建立咨询的索引 / building the index of the consultation")
        keep()
        found = shelf()
    if found is None:
        raise CommandError("还没有公布任何事项或政策，没有可答的内容。请先载入城市资料（yueban load）。")
    return found


def _speaker(address: str | None) -> "Callable[[str, Answer], Answer]":
    from yueban.assistant.selectors import as_it_is, speaker

    if address is None:
        return as_it_is
    found = speaker(address)
    if found is None:
        raise CommandError("没有设置语言模型。请写出地址：--model http://…/v1，或者设置 YUEBAN_CHAT_URL。")
    return found


def _ask(arguments: argparse.Namespace) -> int:
    from yueban.assistant.selectors import Memory, answer_to
    from yueban.assistant.services import masked
    from yueban.kernel import clock

    if not arguments.what:
        raise CommandError("请写出问题，例如：yueban assistant ask 高龄津贴怎么领")
    _shelf()
    question = masked(" ".join(arguments.what))
    answer = answer_to(
        question,
        place=arguments.place,
        audience=arguments.audience or "",
        memory=Memory(),
        on=arguments.on or clock.today(),
    )
    answer = _speaker(arguments.model)(question, answer)
    say(answer.text)
    for number, one in enumerate(answer.citations, 1):
        say(f"  [{number}] {one.title} {one.version}：{one.quote[:80]}")
    for label, _ in answer.choices:
        say(f"  · {label}")
    result = {
        "ok": True,
        "answer": answer.text,
        "citations": [asdict(one) for one in answer.citations],
        "gate": str(answer.gate),
        "why": str(answer.why) if answer.why else None,
        "units": [{"id": unit, "score": score} for unit, score in answer.units],
        "items": list(dict.fromkeys(one.title.split(" · ")[0] for one in answer.citations)),
        "timing_ms": answer.timing_ms,
        "model": answer.model or None,
        "index": answer.index_number,
    }
    return finish(result, as_json=arguments.json)


def _read(paths: list[str]) -> list[dict[str, Any]]:
    from yueban.assistant.selectors import read_questions

    if not paths:
        raise CommandError("请写出题集文件（jsonl）的路径。")
    return [row for path in paths for row in read_questions(Path(path))]


def _score(arguments: argparse.Namespace) -> int:
    from yueban.assistant.selectors import failure_line, figures, graded_rows

    rows = _read(arguments.what)
    graded = list(graded_rows(_shelf(), rows, _speaker(arguments.model)))
    if arguments.failures:
        failed = "".join(failure_line(one) for one in graded if not one.is_right)
        arguments.failures.write_text(failed, encoding="utf-8")
    found = figures(graded)
    for name, value in found.items():
        if not isinstance(value, dict):
            say(f"{name}: {value}")
    return finish({"ok": True, **found}, as_json=arguments.json)


def _train(arguments: argparse.Namespace) -> int:
    from yueban.assistant.selectors import check_not_frozen, read_questions
    from yueban.assistant.services import prove_and_train

    rows = _read(arguments.what)
    for path in map(Path, arguments.what):
        check_not_frozen(path, read_questions(path))
    result = prove_and_train(_shelf().library, rows, progress=say)
    return finish({"ok": True, **result}, as_json=arguments.json)


def _sync(arguments: argparse.Namespace) -> int:
    from yueban.assistant.selectors import newest_number
    from yueban.flows.keep_knowledge import keep

    is_new = keep()
    say("索引已更新 / renewed" if is_new else "没有变化 / nothing has changed")
    return finish({"ok": True, "changed": is_new, "index": newest_number()}, as_json=arguments.json)
