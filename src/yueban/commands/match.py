"""`yueban match`: everybody against all offers, one offer, one enterprise, or why an enterprise matches an offer."""

import argparse
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any, Final

from yueban.commands.output import finish, say
from yueban.commands.running import running_instance

SHOWN: Final = 20
VALUES: Final = {"true": "符合", "unknown": "待核实", "false": "不符合"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to match."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    run_all = acts.add_parser("run", help="全量匹配 / everybody against all offers")
    clause = acts.add_parser("clause", help="一个事项符合的企业 / who meets one offer")
    clause.add_argument("offer", help="惠企事项的 key / the offer's key")
    enterprise = acts.add_parser("enterprise", help="一家企业符合的事项 / what one enterprise meets")
    enterprise.add_argument("enterprise", help="企业编号或统一社会信用代码 / the enterprise's number or USCC")
    explain = acts.add_parser("explain", help="为什么符合或不符合 / why, or why not")
    explain.add_argument("enterprise", help="企业编号或统一社会信用代码 / the enterprise's number or USCC")
    explain.add_argument("offer", help="惠企事项的 key / the offer's key")
    explain.add_argument(
        "--at", type=date.fromisoformat, help="按那天的匹配解释 / as it was matched on that day"
    )
    for one in (run_all, clause, enterprise, explain):
        one.add_argument(
            "--json", action="store_true", help="最后一行输出 JSON / a JSON object on the last line"
        )


def run(arguments: argparse.Namespace) -> int:
    """Do it and say how long it took."""
    with running_instance():
        begun = time.perf_counter()
        found = ACTS[arguments.act](arguments)
        if arguments.act != "explain":
            found["ms"] = round((time.perf_counter() - begun) * 1000, 1)
    return finish(found, as_json=arguments.json, ok=found.pop("ok", True))


def _run(_arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.matching import services

    done = services.run_all()
    results = list(done.results.select_related("offer_version__offer"))
    say(f"{done.enterprises} 家企业，{done.offers} 个事项，用处理器 {done.cpu_ms} 毫秒。")
    for key, reason in done.unreadable.items():
        say(f"  {key} 的条件读不懂，没有匹配：{reason}")
    return {
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


def _clause(arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.kernel import clock
    from yueban.matching import services
    from yueban.matching.selectors import matched_parties
    from yueban.parties import selectors as parties
    from yueban.policies import selectors as policies

    version = policies.offer_by_key(arguments.offer, clock.today())
    done = services.run_offers([version.pk])
    row = done.results.filter(offer_version=version).first()
    shown = [one.number for one in parties.parties_in_order(matched_parties(version)[:SHOWN])]
    counts = {
        "true": row.true_count if row else 0,
        "unknown": row.unknown_count if row else 0,
        "near": row.near_count if row else 0,
    }
    say(f"{version.name}：" + "，".join(f"{name} {counts[key]}" for key, name in COUNTED.items()))
    return {
        "ok": not done.unreadable,
        "offer": version.offer.key,
        "version": version.number,
        **counts,
        "enterprises": shown,
        "unreadable": done.unreadable,
        "cpu_ms": done.cpu_ms,
    }


COUNTED: Final = {"true": "符合", "unknown": "待核实", "near": "差一项"}


def _enterprise(arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.elements import selectors as elements
    from yueban.kernel import clock
    from yueban.matching.selectors import matches_of
    from yueban.parties import selectors as parties
    from yueban.policies import selectors as policies

    party = parties.enterprise_called(arguments.enterprise)
    versions = {version.pk: version for version in policies.offers_in_force(clock.today())}
    vocabulary = elements.vocabulary()
    matches = []
    for match in matches_of(party.pk, clock.today(), list(versions.values())):
        version = versions[match.offer_version_id]
        matches.append(
            {
                "offer": version.offer.key,
                "name": version.name,
                "value": match.value,
                "near": match.near,
                "missing": list(match.missing),
            }
        )
        if match.value == "true" or match.near:
            lacking = "、".join(vocabulary.get_fact(code).name for code in match.missing)
            say(f"  {VALUES[match.value]} {version.name}" + (f"（{lacking}）" if lacking else ""))
    return {"ok": True, "enterprise": party.number, "name": party.name, "matches": matches}


def _explain(arguments: argparse.Namespace) -> dict[str, Any]:
    from yueban.kernel import clock
    from yueban.matching.explain import explain, explain_run
    from yueban.matching.selectors import run_at
    from yueban.parties import selectors as parties
    from yueban.policies import selectors as policies

    party = parties.enterprise_called(arguments.enterprise)
    on = arguments.at or clock.today()
    version = policies.offer_by_key(arguments.offer, on)
    if arguments.at is None:
        why = explain(party.pk, version, on)
    else:
        end_of_day = datetime.combine(arguments.at, time_of_day.max, clock.BEIJING)
        why = explain_run(party.pk, version, run_at(end_of_day))
    say(why.text)
    return {"value": why.value, "tree": why.tree.to_json(), "missing": list(why.missing), "text": why.text}


ACTS: Final[Mapping[str, Callable[[argparse.Namespace], dict[str, Any]]]] = {
    "run": _run,
    "clause": _clause,
    "enterprise": _enterprise,
    "explain": _explain,
}
