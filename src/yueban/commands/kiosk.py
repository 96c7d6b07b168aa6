"""`yueban kiosk …`: registers a self-service terminal at an outlet, gives it another key, or ends its registration."""

import argparse

from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

PARTS = "card_reader,slip_printer,a4_printer,scanner"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which terminal."""
    parser.add_argument(
        "act", choices=["register", "renew-key", "revoke"], help="登记、换密钥、注销 / what to do"
    )
    parser.add_argument("code", help="终端编号，例如 yuecheng-hall-2 / the terminal's code")
    parser.add_argument("--outlet", default="", help="网点代码 / code of the outlet (register)")
    parser.add_argument("--name", default="", help="名称 / name (register)")
    parser.add_argument(
        "--items", default="", help="先列的事项 key，逗号分开 / keys of the items offered first"
    )
    parser.add_argument("--parts", default=PARTS, help="外设，逗号分开 / peripherals")
    parser.add_argument(
        "--agent", default="", help="外设程序的地址 / address of the program that drives them"
    )
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it; a key is told once, on this terminal."""
    with running_instance():
        told = _do(arguments)
    say(told)
    return finish({"ok": True, "act": arguments.act, "code": arguments.code}, as_json=arguments.json)


def _do(arguments: argparse.Namespace) -> str:
    from yueban.flows import kiosks
    from yueban.kernel.actor import SYSTEM

    match arguments.act:
        case "renew-key":
            return (
                f"终端 {arguments.code} 的新密钥 {kiosks.renew_key(SYSTEM, arguments.code)}，只显示这一次。"
            )
        case "revoke":
            kiosks.revoke(SYSTEM, arguments.code)
            return f"已注销终端 {arguments.code}，它的下一次操作就会被关上。"
    _, key = kiosks.register(
        SYSTEM,
        code=arguments.code,
        outlet=arguments.outlet,
        name=arguments.name or arguments.code,
        items=[key for key in arguments.items.split(",") if key],
        parts=[part for part in arguments.parts.split(",") if part],
        agent_address=arguments.agent,
    )
    return f"已登记终端 {arguments.code}，密钥 {key}，只显示这一次；在终端上打开 /kiosk/register 输入。"
