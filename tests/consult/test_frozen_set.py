"""The frozen questions are whole: the hash matches, the counts stand, and every gold fact stands in its source.

No database and no retrieval: the sources are read as text, so that a change of the catalogue which takes a
fact away is seen here first (tests/consult/frozen/README.md).
"""

import hashlib
import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "frozen"
CITY = Path(__file__).parents[2] / "cities" / "shaoxing"
FIELDS = [
    "id",
    "core",
    "style",
    "audience",
    "place",
    "date",
    "turns",
    "question",
    "expect",
    "why",
    "about",
    "element",
    "facts",
    "forbidden",
    "note",
]
STYLES = ("standard", "elderly", "dialect", "typo", "english")
ELEMENTS = [
    "conditions",
    "materials",
    "time",
    "fee",
    "where",
    "hours",
    "phone",
    "online",
    "visits",
    "result",
    "validity",
    "basis",
    "steps",
    "amount",
    "cap",
    "deadline",
    "department",
    "summary",
]
WHY = {
    "answer": {None},
    "refuse": {
        "unknown",
        "out_of_scope",
        "politics",
        "verdict",
        "personal_status",
        "other_person",
        "dispute",
        "emergency",
        "expired",
        "injection",
    },
    "clarify": {"two_readings", "place"},
    "handover": {"asks_person", "angry", "complaint", "minor", "distress"},
}
FREE = "charged:false"
# How a number or a word of the source is written in an answer: what the source must hold, as a pattern.
WORDS = {
    "不收费": FREE,
    "免费": FREE,
    "当场": "amount:0",
    "即办": "amount:0",
    "网上": "available:true",
    "中午": "kind:noon",
    "12:00-13:30": "opens:12:00,closes:13:30",
    "9:00-11:30": "opens:9:00,closes:11:30",
    "8:30": "opens:8:30",
    "11:30": "closes:11:30",
    "13:30": "opens:13:30",
    "16:30": "closes:16:30",
    "19:30": "closes:19:30",
    "周二": "days:周二、周四",
    "周四": "days:周二、周四",
    "周六": "days:周六",
}
DIGITS = {"一": "1", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "十": "10"}


def questions():
    return [json.loads(line) for line in (HERE / "questions.jsonl").read_text("utf-8").splitlines()]


def normal(text):
    """Spaces around Chinese, full-width forms and punctuation do not count; a dash between numbers is one dash."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"(?<=\d)\s*(?:[-–—~]|至|到)\s*(?=\d)", "-", text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"[\"'“”‘’「」《》〈〉【】()\[\]{}。、;!?·…*|]|(?<!\d)[,:]|[,:](?!\d)", "", text)
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", re.sub(r"\s+", " ", text))


def holds(answer, fact):
    """Whether a fact stands in an answer: 5个工作日 is not in 15个工作日, nor 五年 in 十五年, nor ten in often."""
    fact = normal(fact)
    before = after = ""
    if re.match(r"[a-z0-9]", fact):
        before = r"(?<![a-z0-9.])"
    elif re.match(r"[一二两三四五六七八九十百]", fact):
        before = r"(?<![一二两三四五六七八九十百])"
    if fact[-1].isdigit():
        after = r"(?![\d%]|\.\d)"
    return re.search(before + re.escape(fact) + after, normal(answer)) is not None


def source(text):
    """What a source says, with no spaces and quotes, without comments and doubts (`unverified`)."""
    text = re.sub(r"(?m)^#.*$|^unverified:\n(?:[ -].*\n)*", "", text)
    return re.sub(r"[\s\"'{}“”]", "", unicodedata.normalize("NFKC", text)).casefold()


def read(*paths):
    return "".join(source(path.read_text("utf-8")) for path in paths)


@cache
def rows():
    lines = (CITY / "outlets.csv").read_text("utf-8").splitlines()
    return {line.split(",", 1)[0]: line for line in lines[1:]}


@cache
def offers():
    return {path.stem: path for path in (CITY / "policies").glob("*/offers/*.yaml")}


@cache
def said(key):
    """What the source called `key` says, as text; None where there is no such source."""
    kind, _, name = key.partition(":")
    if kind == "outlet":
        return None if name not in rows() else source(rows()[name]) + read(CITY / "outlets.yaml")
    if kind == "policy":
        folder = CITY / "policies" / name
        return None if not folder.is_dir() else read(folder / "policy.yaml", folder / "text.txt")
    path = {
        "item": CITY / "catalogue" / f"{name}.yaml",
        "bundle": CITY / "bundles" / f"{name}.yaml",
        "offer": offers().get(name, CITY / "none"),
    }[kind]
    return read(path) if path.is_file() else None


def patterns(fact):
    """The ways in which a fact may stand in a source."""
    fact = source(fact)
    yield (r"(?<![\d.])" if fact[0].isdigit() else "") + re.escape(fact)
    if fact in WORDS:
        yield WORDS[fact]
    if found := re.fullmatch(r"(\d+)(?:个)?(工作日|年|分钟|个月)", fact):
        yield rf"amount:{found[1]},?unit:{found[2]}"
    if found := re.fullmatch(r"([一两三四五六十])年", fact):
        yield rf"amount:{DIGITS[found[1]]},?unit:年"
    if found := re.fullmatch(r"(?:(\d{4})年)?(\d+)月(\d+)日", fact):
        yield f"{found[1] or '20..'}-{int(found[2]):02}-{int(found[3]):02}"


def stands(fact, texts):
    return any(re.search(pattern, text) for pattern in patterns(fact) for text in texts)


def is_english(fact):
    return not re.search(r"[\u4e00-\u9fff\d]", fact)


def test_the_hash_is_the_committed_one():
    """A question corrected without a note in the README and a new hash is found out."""
    digest = hashlib.sha256((HERE / "questions.jsonl").read_bytes()).hexdigest()
    assert (HERE / "SHA256").read_text("utf-8") == f"{digest}  questions.jsonl\n"
    assert digest in (HERE / "README.md").read_text("utf-8")


def test_fields_and_values_are_the_agreed_ones():
    places = {line.split(",", 1)[0] for line in (CITY / "divisions.csv").read_text("utf-8").splitlines()}
    for row in questions():
        assert list(row) == FIELDS, row["id"]
        assert row["style"] in (*STYLES, "colloquial"), row["id"]
        assert row["audience"] in ("person", "enterprise", None), row["id"]
        assert row["place"] is None or row["place"] in places, row["id"]
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", row["date"]), row["id"]
        assert row["why"] in WHY[row["expect"]], row["id"]
        assert row["question"].strip() == row["question"] != "", row["id"]
        if row["expect"] == "answer":
            assert row["element"] in ELEMENTS, row["id"]
            assert row["about"], row["id"]
            assert row["facts"], row["id"]
        assert all(alternatives and all(alternatives) for alternatives in row["facts"]), row["id"]


def test_ids_and_questions_are_unique():
    rows = questions()
    assert [row["id"] for row in rows] == [f"q{number:04}" for number in range(1, len(rows) + 1)]
    asked = Counter((row["question"], tuple(row["turns"]), row["date"]) for row in rows)
    assert [key for key, times in asked.items() if times > 1] == []


def test_there_are_enough_of_every_kind():
    rows = questions()
    assert len(rows) >= 560
    cores = Counter(row["core"] for row in rows if row["core"])
    assert len(cores) >= 80
    styles = Counter(row["style"] for row in rows if row["core"])
    assert set(cores.values()) == {5}, "every need is asked in five styles"
    assert set(styles.values()) == {len(cores)}
    expected = Counter(row["expect"] for row in rows)
    assert expected["refuse"] >= 80
    assert expected["clarify"] >= 25
    assert expected["handover"] >= 15
    assert sum(row["why"] == "injection" for row in rows) >= 15
    assert sum(bool(row["turns"]) for row in rows) >= 10


def test_one_need_has_one_gold():
    """Styles of one need differ in their words alone."""
    same = ("audience", "place", "date", "turns", "expect", "about", "element", "forbidden")
    golds = {}
    for row in questions():
        if row["core"]:
            gold = [row[name] for name in same]
            assert golds.setdefault(row["core"], gold) == gold, row["id"]


def test_every_source_is_in_the_city():
    missing = {key for row in questions() for key in row["about"] if said(key) is None}
    assert missing == set()


def test_every_item_is_asked_about():
    asked = {key for row in questions() if row["expect"] == "answer" for key in row["about"]}
    items = {f"item:{path.stem}" for path in (CITY / "catalogue").glob("*.yaml")}
    assert items - asked == set()


def test_every_gold_fact_stands_in_a_source_of_its_question():
    """Also the dates of the expired: an answer is told wrong by what is written, not by what a grader knows."""
    lost = [
        (row["id"], alternatives)
        for row in questions()
        if row["expect"] == "answer" or row["why"] == "expired"
        for alternatives in row["facts"]
        if not any(stands(fact, [said(key) for key in row["about"]]) for fact in alternatives)
    ]
    assert lost == []


def test_questions_in_chinese_have_chinese_facts():
    for row in questions():
        if row["style"] != "english":
            assert not any(is_english(fact) for facts in row["facts"] for fact in facts), row["id"]


def test_no_forbidden_string_is_also_gold():
    for row in questions():
        facts = {normal(fact) for facts in row["facts"] for fact in facts}
        assert not facts & {normal(text) for text in row["forbidden"]}, row["id"]


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("20 个工作日", "20个工作日"),
        ("２０个工作日", "20个工作日"),
        ("10,000元", "10000元"),
        ("9:00 — 11:30", "9:00-11:30"),
        ("9:00至11:30", "9:00-11:30"),
        ("专精特新“小巨人”", "专精特新小巨人"),
        ("0575-88002104。", "0575-88002104"),
    ],
)
def test_normalising_drops_what_does_not_count(written, same):
    assert normal(written) == normal(same)


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("承诺 5 个工作日办结", "5个工作日"),
        ("奖励１０，０００元", "10000元"),
        ("It takes 20 working  days.", "20 working day"),
        ("电话：0575-88002104", "88002104"),
        ("有效期五年。", "五年"),
    ],
)
def test_a_fact_stands_in_an_answer(answer, fact):
    assert holds(answer, fact)


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("承诺15个工作日办结", "5个工作日"),
        ("按0.5%给予奖励", "5%"),
        ("工本费80元", "0元"),
        ("用十五年时间", "五年"),
        ("you often need it", "ten"),
        ("at least 500 members", "50"),
    ],
)
def test_a_part_of_another_number_or_word_is_no_fact(answer, fact):
    assert not holds(answer, fact)
