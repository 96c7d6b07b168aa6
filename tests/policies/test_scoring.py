"""The score of a reader: what people made of a clause, what it made of it, and where both agree."""

import argparse
import json

import pytest
import yaml

from tests.commands.test_schemas import problems, schema_of
from tests.policies.pack import OFFER, write_pack
from yueban.commands import policies
from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError


def scored(root, capsys, **parts):
    write_pack(root, **parts)
    lexicon = (ROOT / "cities/shaoxing/policies/lexicon.yaml").read_text(encoding="utf-8")
    (root / "policies" / "lexicon.yaml").write_text(lexicon, encoding="utf-8")
    (root / "agencies.csv").write_text(
        "code,kind,name,short_name\na,economy-it,绍兴市经济和信息化局,绍兴市经信局\n"
    )
    assert policies.run(argparse.Namespace(act="score", city=root, json=True)) == 0
    printed = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert problems(schema_of("policies-score"), printed) == []
    return printed


def test_a_clause_that_is_read_as_people_read_it_has_every_field_right(tmp_path, capsys):
    printed = scored(tmp_path, capsys)
    assert (printed["offers"], printed["whole"]) == (1, 1)
    fields = printed["fields"]
    assert fields["conditions"] == {"right": 1, "of": 1, "said": 1, "recall": 1.0, "precision": 1.0}
    assert (fields["caps"]["right"], fields["department"]["right"]) == (1, 1)


def test_what_people_found_and_the_reader_did_not_is_counted_against_it(tmp_path, capsys):
    other = yaml.safe_load(yaml.safe_dump(OFFER))
    other["conditions"]["value"] = "200000"
    other["benefits"][0]["cap"] = 2000000
    printed = scored(tmp_path, capsys, offers=[other])
    assert printed["whole"] == 0
    assert printed["fields"]["conditions"]["right"] == 0
    assert printed["misses"][0]["fields"]["caps"] == {"wanted": ["2000000"], "found": ["1000000"]}


def test_a_city_without_offers_has_no_score(tmp_path):
    (tmp_path / "policies").mkdir()
    lexicon = (ROOT / "cities/shaoxing/policies/lexicon.yaml").read_text(encoding="utf-8")
    (tmp_path / "policies" / "lexicon.yaml").write_text(lexicon, encoding="utf-8")
    (tmp_path / "agencies.csv").write_text("code,kind,name,short_name\n")
    with pytest.raises(CommandError, match="没有可以打分"):
        policies.run(argparse.Namespace(act="score", city=tmp_path, json=True))
