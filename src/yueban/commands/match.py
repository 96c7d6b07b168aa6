"""`yueban match`: everybody against all offers, one offer, one enterprise, or why an enterprise matches an offer."""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from datetime import time as time_of_day
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

if TYPE_CHECKING:
    from yueban.parties.models import Party
    from yueban.policies.models import OfferVersion

SHOWN: Final = 20
ALIKE: Final = 3
VALUES: Final = {"true": "符合", "unknown": "待核实", "near": "差一项", "false": "不符合"}
ENTERPRISE: Final = "企业编号或统一社会信用代码 / the enterprise's number or its code of 18 characters (USCC)"
OFFER: Final = "惠企事项的 key，如 county-sme-park / the offer's key"
UNITS: Final = (
    "JSON：ms 是按钟的毫秒，cpu_ms 是处理器毫秒 / in the JSON ms is by the clock, cpu_ms of the processor"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to match."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    run_all = _act(acts, "run", "全部企业对全部生效事项 / all enterprises against all offers in force", UNITS)
    clause = _act(acts, "clause", "一个事项符合的企业 / who meets one offer", UNITS)
    clause.add_argument("offer", help=OFFER)
    clause.add_argument(
        "--show",
        type=int,
        default=SHOWN,
        metavar="N",
        help=f"JSON 里列出多少家企业，默认 {SHOWN} / how many enterprises the JSON lists",
    )
    enterprise = _act(acts, "enterprise", "一家企业符合的事项 / what one enterprise meets", UNITS)
    enterprise.add_argument("enterprise", help=ENTERPRISE)
    explain = _act(acts, "explain", "为什么符合或不符合 / why, or why not")
    explain.add_argument("enterprise", help=ENTERPRISE)
    explain.add_argument("offer", help=OFFER)
    explain.add_argument(
        "--at",
        type=_day,
        metavar="YYYY-MM-DD",
        help="按那天（北京时间）的最后一次匹配解释 / as the last run of that day in Beijing had it",
    )
    for one in (run_all, clause, enterprise, explain):
        one.add_argument(
            "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
        )


def _act(acts: Any, name: str, text: str, epilog: str = "") -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text, epilog=epilog)
    return parser


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{written}”不是日期，请写成 2026-11-23 这样。 / not a day; write it like 2026-11-23"
        ) from None


def run(arguments: argparse.Namespace) -> int:
    """Do it and say how long it took."""
    with running_instance():
        begun = time.perf_counter()
        found = ACTS[arguments.act](arguments)
        if arguments.act != "explain":
            found["ms"] = round((time.perf_counter() - begun) * 1000, 1)
    return finish(found, as_json=arguments.json, ok=found.get("ok", True))


def _run(_arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.matching import services

    done = services.run_all()
    results = list(done.results.all())
    found = {
        "ok": not done.unreadable,
        "run": done.pk,
        "edition": done.edition,
        "on": done.on_day.isoformat(),
        "enterprises": done.enterprises,
        "offers": done.offers,
        "true": sum(row.true_count for row in results),
        "unknown": sum(row.unknown_count for row in results),
        "near": sum(row.near_count for row in results),
        "unreadable": done.unreadable,
        "cpu_ms": done.cpu_ms,
    }
    say(f"{done.enterprises} 家企业，{done.offers} 个事项，用处理器 {done.cpu_ms} 毫秒。")
    _say_counts("企业和事项的组合", found)
    _say_unreadable(done.unreadable)
    return found


def _clause(arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.kernel import clock
    from yueban.matching import services
    from yueban.matching.selectors import matched_parties
    from yueban.parties import selectors as parties
    from yueban.policies import selectors as policies

    if arguments.show < 0:
        raise CommandError("--show 不能小于 0。 / --show cannot be less than 0.")
    version = _offer(arguments.offer, clock.today())
    is_in_force = any(one.pk == version.pk for one in policies.offers_in_force(clock.today()))
    done = services.run_offers([version.pk])
    row = done.results.filter(offer_version=version).first()
    met = matched_parties(version)[: arguments.show] if row else []
    found = {
        "ok": not done.unreadable,
        "offer": version.offer.key,
        "name": version.name,
        "version": version.number,
        "in_force": is_in_force,
        "on": done.on_day.isoformat(),
        "of": done.enterprises,
        "true": row.true_count if row else 0,
        "unknown": row.unknown_count if row else 0,
        "near": row.near_count if row else 0,
        "enterprises": [one.number for one in parties.parties_in_order(met)],
        "unreadable": done.unreadable,
        "cpu_ms": done.cpu_ms,
    }
    _say_counts(version.name, found)
    if not is_in_force:
        say("这个事项今天没有生效，只供参考。 / This offer is not in force today.")
    _say_unreadable(done.unreadable)
    return found


def _enterprise(arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.elements import selectors as elements
    from yueban.kernel import clock
    from yueban.matching.selectors import matches_of
    from yueban.policies import selectors as policies

    party = _party(arguments.enterprise)
    versions = {version.pk: version for version in policies.offers_in_force(clock.today())}
    vocabulary = elements.vocabulary()
    matches: list[dict[str, Any]] = []
    counts = Counter[str]()
    for match in matches_of(party.pk, clock.today(), list(versions.values())):
        version = versions[match.offer_version_id]
        told = {"offer": version.offer.key, "name": version.name, "value": match.value, "near": match.near}
        matches.append(told | {"missing": list(match.missing)})
        stands = "near" if match.near and match.value == "false" else match.value
        counts.update({match.value, stands})
        if match.near or match.value == "true":
            lacking = "、".join(vocabulary.get_fact(code).name for code in match.missing)
            say(f"  {VALUES[stands]} {version.name}" + (f"（{lacking}）" if lacking else ""))
    found = {
        "ok": True,
        "enterprise": party.number,
        "name": party.name,
        "on": clock.today().isoformat(),
        **{value: counts[value] for value in VALUES},
        "matches": matches,
    }
    _say_counts(party.name, found)
    return found


def _explain(arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.kernel import clock
    from yueban.matching.explain import explain, explain_run
    from yueban.matching.selectors import run_at

    party = _party(arguments.enterprise)
    on = arguments.at or clock.today()
    if on > clock.today():
        raise CommandError(
            f"{on} 还没有到，只能解释到今天为止的匹配。 / {on} is yet to come; matches are kept of past days."
        )
    version = _offer(arguments.offer, on)
    if arguments.at is None:
        why = explain(party.pk, version, on)
    else:
        end_of_day = datetime.combine(on, time_of_day.max, clock.BEIJING)
        if version.signed_at is None or version.signed_at > end_of_day:
            raise CommandError(
                f"“{arguments.offer}”在 {on} 还没有签发，请选择较晚的日期。"
                f" / The offer had not been signed on {on}; give a later day."
            )
        why = explain_run(party.pk, version, run_at(end_of_day))
    say(why.text)
    return {"value": why.value, "tree": why.tree.to_json(), "missing": list(why.missing), "text": why.text}


def _party(code: str) -> "Party":
    from yueban.parties import selectors as parties
    from yueban.parties.errors import EnterpriseNotFound

    try:
        return parties.enterprise_called(code)
    except EnterpriseNotFound as error:
        raise CommandError(
            f"没有企业“{code}”。{error.hint} / There is no enterprise {code!r}: give its number or USCC."
        ) from error


def _offer(key: str, on: date) -> "OfferVersion":
    """The version that holds on a day, or else the newest signed; what is written alike is told where there is none."""
    from yueban.policies import selectors as policies
    from yueban.policies.errors import OfferNotFound

    try:
        return policies.offer_by_key(key, on)
    except OfferNotFound as error:
        alike = get_close_matches(key, [one.offer.key for one in policies.offers_in_force(on)], ALIKE)
        told = f"相近的有：{'、'.join(alike)}。" if alike else "请核对事项的 key。"
        raise CommandError(
            f"没有已签发的惠企事项“{key}”。{told} / There is no signed offer {key!r}."
        ) from error


def _say_counts(of: str, counts: Mapping[str, Any]) -> None:
    say(f"{of}：" + "，".join(f"{name} {counts[key]}" for key, name in VALUES.items() if key in counts))


def _say_unreadable(reasons: Mapping[str, str]) -> None:
    for key, reason in reasons.items():
        say(f"  {key} 的条件读不懂，没有匹配：{reason}")


ACTS: Final[Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]]] = {
    "run": _run,
    "clause": _clause,
    "enterprise": _enterprise,
    "explain": _explain,
}
