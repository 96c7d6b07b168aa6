"""The `yueban` command: finds the module of the command asked for and runs it."""

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from typing import Protocol, cast

# name → (module in yueban.commands, what it does)
COMMANDS = {
    "demo": ("demo", "一条命令看全貌：数据库、模型城市、网站与后台 / everything, with the model city"),
    "serve": ("serve", "运行网站 / serve the site"),
    "worker": ("worker", "运行后台任务 / run background jobs"),
    "sources": ("sources", "数据共享接口的演示对端（演示） / the demo's counterpart of the data sources"),
    "migrate": ("migrate", "迁移数据库 / migrate the database"),
    "load": ("load", "载入城市资料 / load a city pack"),
    "test": ("test", "运行全部测试 / run all tests"),
    "check": ("check", "检查代码规矩：风格、类型、层次、篇幅、词表 / lint, types, layers, sizes, glossary"),
    "doctor": ("doctor", "检查运行条件 / check what this machine has"),
    "journey": ("journey", "通过网页走完一个完整流程 / walk a whole journey over HTTP"),
    "bench": ("bench", "测速度，和同类做法比 / measure speed beside a peer"),
    "account": ("account", "工作人员账号和岗位，由三员分别办理 / staff accounts and posts"),
    "kiosk": ("kiosk", "自助终端：登记、换密钥、注销 / self-service terminals"),
    "audit": ("audit", "验证审计链 / verify the audit chains"),
    "oversight": ("oversight", "运行监察规则 / run the rules of electronic supervision"),
    "catalogue": ("catalogue", "检查事项标准 / check the catalogue"),
    "policies": ("policies", "从政策原文起草惠企事项，给起草打分 / offers drafted from a policy's text"),
    "assistant": (
        "assistant",
        "咨询：问一句、给题集打分、学习、重建索引 / consultation: ask, score, train, sync",
    ),
    "translations": ("translations", "更新英文目录 / bring the English catalogue up to date"),
    "turns": ("turns", "写出办件流转表 docs/flows/case-turns.md / print the table of a case's moves"),
    "match": ("match", "匹配：全量、一个事项、一家企业、为什么 / match enterprises and offers"),
    "openapi": ("openapi", "写出接口说明 docs/openapi.json / write the API description"),
}


class Command(Protocol):
    """What a module in yueban.commands offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's options."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it; 0 only when all is well."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; errors meant for people come out as one sentence."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] not in COMMANDS:
        return _show_help(words)
    name = words[0]
    command = cast(Command, importlib.import_module(f"yueban.commands.{COMMANDS[name][0]}"))
    parser = argparse.ArgumentParser(prog=f"yueban {name}", description=COMMANDS[name][1])
    command.add_arguments(parser)
    arguments = parser.parse_args(words[1:])
    try:
        return command.run(arguments)
    except KeyboardInterrupt:
        return 130
    except _expected_errors() as error:
        print(str(error), file=sys.stderr)
        if getattr(arguments, "json", False):
            print(json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False))
        return 1


def _expected_errors() -> tuple[type[Exception], ...]:
    from django.core.exceptions import ImproperlyConfigured

    from yueban.commands.errors import CommandError
    from yueban.kernel.errors import ServiceError
    from yueban.postgres.errors import PostgresError

    return (CommandError, ServiceError, PostgresError, ImproperlyConfigured)


def _show_help(words: list[str]) -> int:
    asked = not words or words[0] in {"-h", "--help", "help"}
    if not asked:
        print(f"没有“{words[0]}”这个命令。 / There is no command “{words[0]}”.", file=sys.stderr)
    print("yueban 命令 / commands:", file=sys.stdout if asked else sys.stderr)
    for name, (_module, text) in COMMANDS.items():
        print(f"  {name:10} {text}", file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
