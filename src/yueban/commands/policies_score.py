"""`yueban policies score`: the deterministic reader beside the hand-made structure of every offer of a city."""

import argparse
import csv
import os
from pathlib import Path

from yueban.commands.django_setup import set_up_django
from yueban.commands.errors import CommandError
from yueban.commands.output import finish, say


def score(arguments: argparse.Namespace) -> int:
    """Read every clause that an offer of the pack is of, and print the figures field by field."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "yueban.settings.test"
    set_up_django()
    from yueban.flows.city_policies import read_policies
    from yueban.policies.drafts import draft_text, rules_reader
    from yueban.policies.reading.lexicon import read_lexicon
    from yueban.policies.scoring import Score

    reader = rules_reader(read_lexicon(arguments.city / "policies" / "lexicon.yaml"))
    files, problems = read_policies(arguments.city)
    for problem in problems:
        say(str(problem))
    kinds, total = _kinds(arguments.city / "agencies.csv"), Score()
    for file in files:
        for _document, row in file.offers:
            placed = next((one for one in row.spans if one.field == "clause"), None)
            if placed is None:
                continue
            drafts = draft_text(file.text[placed.start : placed.end], reader)
            own = [one for one in drafts if one.offer.steps] or drafts
            total.add(row.standard, own, {one.field for one in row.spans}, kinds)
    if not total.offers:
        raise CommandError("这份城市资料里没有可以打分的惠企事项。请先写 policies/*/offers/*.yaml。")
    for name, tally in total.tallies.items():
        told = tally.to_json()
        say(f"{name:12} 对 {told['right']} / 应有 {told['of']}，说了 {told['said']}")
    say(f"{total.offers} 个惠企事项，{total.whole} 个全部字段一致")
    result = {
        "offers": total.offers,
        "policies": len(files),
        "whole": total.whole,
        "fields": {name: tally.to_json() for name, tally in total.tallies.items()},
        "misses": total.misses,
    }
    return finish(result, as_json=arguments.json, ok=True)


def _kinds(path: Path) -> dict[str, str]:
    """Names of departments and their kinds."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row[name]: row["kind"] for row in rows for name in ("short_name", "name") if row[name]}
