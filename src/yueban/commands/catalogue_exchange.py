"""`yueban catalogue export` and `import`: items of one agency as a file, and a file into drafts."""

import argparse
import json
from pathlib import Path
from typing import Any

from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

SHOWN = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose items, under which code lists."""
    parser.add_argument("--agency", default="", help="部门代码；导出 JSON 时留空为全部部门")
    parser.add_argument("--item", action="append", default=[], help="事项标识，可写多次；留空为全部")
    parser.add_argument("--profile", default="", help="交换口径：GB（国标）或 GD（省标）")
    parser.add_argument("--editor", default="", help="导入时以哪位事项编辑的名义（用户名）")


def run(arguments: argparse.Namespace) -> int:
    """Export to, or import from, the file."""
    path: Path | None = arguments.path
    if path is None or path.suffix not in (".json", ".xlsx"):
        raise CommandError("请写明 .json 或 .xlsx 文件。 / Name a .json or .xlsx file.")
    with running_instance():
        from yueban.kernel.errors import ServiceError

        try:
            act = _export if arguments.act == "export" else _import
            return finish(act(arguments, path), as_json=arguments.json)
        except ServiceError as error:
            raise CommandError(f"{error.message}{error.hint}") from error


def _export(arguments: argparse.Namespace, path: Path) -> dict[str, Any]:
    from yueban.catalogue import selectors as catalogue
    from yueban.flows import exchange_items

    if path.suffix == ".xlsx" and not arguments.agency:
        raise CommandError("导出 Excel 要写明部门：--agency 部门代码。 / Excel needs --agency.")
    rows = catalogue.versions_in_force().order_by("agency__code", "item__key")
    if arguments.agency:
        rows = rows.filter(agency__code=arguments.agency)
    if arguments.item:
        rows = rows.filter(item__key__in=arguments.item)
    versions = list(rows.defer("compiled_json"))
    if path.suffix == ".xlsx":
        path.write_bytes(exchange_items.export_excel(versions))
    else:
        content = exchange_items.export_json(versions, profile=arguments.profile or "GB")
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"已导出 {len(versions)} 个事项到 {path}")
    return {"ok": True, "items": len(versions), "file": str(path)}


def _import(arguments: argparse.Namespace, path: Path) -> dict[str, Any]:
    from yueban.accounts import selectors as accounts
    from yueban.flows import exchange_items
    from yueban.flows.identify import actor_of_user

    if not path.is_file():
        raise CommandError(f"找不到文件 {path}。 / There is no file {path}.")
    user = accounts.find_by_username(arguments.editor) if arguments.editor else None
    if user is None:
        raise CommandError("请用 --editor 写明事项编辑的用户名。 / Name the editor with --editor.")
    actor = actor_of_user(user.pk, channel="command")
    content = path.read_bytes()
    if path.suffix == ".json":
        done = exchange_items.import_json(actor, content, profile=arguments.profile)
    else:
        done = exchange_items.import_excel(actor, content, name=path.name, agency=arguments.agency)
    for fault in done.faults[:SHOWN]:
        say(f"{fault.table} 第{fault.row}行 {fault.column}: {fault.message}{fault.hint}")
    returned = _return(done, path)
    say(f"存为草稿 {len(done.saved)} 个，没有变化 {done.unchanged} 个，问题 {len(done.faults)} 处")
    return {
        "ok": done.is_ok,
        "saved": len(done.saved),
        "unchanged": done.unchanged,
        "faults": len(done.faults),
        "returned": returned,
    }


def _return(done: Any, path: Path) -> str:
    """What goes back to the sender, beside his file."""
    if done.is_ok:
        return ""
    if done.returned:
        back = path.with_name(f"{path.stem}-错误.xlsx")
        back.write_bytes(done.returned)
    else:
        back = path.with_name(f"{path.stem}-abnormal.json")
        back.write_text(json.dumps(done.abnormal, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"错误写在 {back}")
    return str(back)
