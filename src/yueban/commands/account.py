"""`yueban account …`: staff accounts and posts, by the administrators whose work that is; everything is audited."""

import argparse
from typing import TYPE_CHECKING

from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

if TYPE_CHECKING:
    from yueban.kernel.actor import Actor

ACTS = ["create", "reset", "unlock", "deactivate", "give-post", "end-post", "approve-post", "refuse-post"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, to whom, by whom."""
    parser.add_argument("act", choices=ACTS, help="建账号、重置、解锁、停用、申请授岗收岗、复核 / what to do")
    parser.add_argument("username", help="用户名；复核时是申请编号 / whose account, or the request's number")
    parser.add_argument("--by", default="", help="由哪位管理员办理 / the administrator who does it")
    parser.add_argument("--name", default="", help="姓名 / name of the person (create)")
    parser.add_argument("--reason", default="", help="理由 / why (posts)")
    parser.add_argument("--role", default="", help="岗位 / role of the post")
    parser.add_argument("--agency", default="", help="机构代码 / code of the agency")
    parser.add_argument("--division", default=None, help="区划代码 / a smaller division than the agency's")
    parser.add_argument(
        "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it as the administrator named; the first password is told once, on this terminal."""
    with running_instance():
        told = _do(arguments)
    say(told)
    return finish({"ok": True, "act": arguments.act, "username": arguments.username}, as_json=arguments.json)


def _do(arguments: argparse.Namespace) -> str:
    from yueban.flows import administer as flow
    from yueban.kernel.actor import SYSTEM

    actor = _administrator(arguments)
    username = arguments.username
    match arguments.act:
        case "create":
            _, password = flow.create_account(actor, username=username, name=arguments.name or username)
            return f"已建账号 {username}，初始密码 {password}，只能用一次，过几天作废；第一次登录时改密码并绑定验证器。"
        case "reset":
            password = flow.reset_account(actor, username)
            return f"已重置 {username}，初始密码 {password}，只能用一次，过几天作废。"
        case "unlock":
            flow.unlock(actor, username)
            return f"已解除 {username} 的锁定。"
        case "deactivate":
            flow.deactivate_account(actor, username)
            return f"已停用 {username}。"
        case "approve-post" | "refuse-post" as act:
            found = flow.review_request(
                actor, username, is_approved=act == "approve-post", words=arguments.reason
            )
            return f"{found.number}：{found.get_state_display()}。"
        case "give-post" if actor is SYSTEM:
            flow.give_first_post(
                username=username,
                role=arguments.role,
                agency=arguments.agency,
                division=arguments.division,
            )
            return f"已授岗 {username}：{arguments.role} @ {arguments.agency}。"
    ask = flow.ask_for_post if arguments.act == "give-post" else flow.ask_to_end_post
    found = ask(
        actor,
        username=username,
        role=arguments.role,
        agency=arguments.agency,
        division=arguments.division or "",
        reason=arguments.reason,
    )
    return f"已提出申请 {found.number}，等安全管理员复核。"


def _administrator(arguments: argparse.Namespace) -> "Actor":
    """Who does it; before there is any administrator, whoever runs the machine sets the first ones up."""
    from yueban.accounts import selectors as accounts
    from yueban.agencies import selectors as agencies
    from yueban.flows.administer import ADMINISTRATORS
    from yueban.flows.identify import actor_of_user
    from yueban.kernel import roles
    from yueban.kernel.actor import SYSTEM

    reviewing = arguments.act in ("approve-post", "refuse-post", "reset", "unlock")
    needed = roles.SECURITY_ADMIN if reviewing else roles.SYSTEM_ADMIN
    if not arguments.by:
        if arguments.act == "reset" and _is_administrator(arguments.username):
            return SYSTEM  # none of the three resets another of them
        is_first = arguments.act == "create" or arguments.role in ADMINISTRATORS
        # The first of each of the three; whoever follows is given his post by two people.
        wanted = arguments.role if arguments.act == "give-post" else needed
        if not is_first or agencies.is_role_held(wanted):
            raise CommandError(f"请用 --by 写明由哪位{roles.NAMES[needed]}办理。")
        return SYSTEM
    user = accounts.find_by_username(arguments.by)
    if user is None:
        raise CommandError(f"没有“{arguments.by}”这个账号。")
    return actor_of_user(user.pk, channel="command")


def _is_administrator(username: str) -> bool:
    from yueban.accounts import selectors as accounts
    from yueban.agencies import selectors as agencies
    from yueban.flows.administer import ADMINISTRATORS

    user = accounts.find_by_username(username)
    return user is not None and any(post.role in ADMINISTRATORS for post in agencies.posts_held_by(user))
