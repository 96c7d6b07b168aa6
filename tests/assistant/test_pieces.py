"""What places say alike is said once, what differs stays theirs; limits are said as the standard says them."""

from dataclasses import replace
from datetime import date

import pytest

from tests import people
from yueban.agencies import selectors as agencies
from yueban.assistant.choices import Element
from yueban.assistant.knowledge.answers import AnswerSource, answer_pieces
from yueban.assistant.knowledge.items import ItemSource, item_pieces
from yueban.assistant.knowledge.outlets import OutletSource, hours_words, outlet_pieces
from yueban.assistant.knowledge.piece import Piece
from yueban.assistant.knowledge.sources import joined
from yueban.assistant.knowledge.wording import english_limit, limit_words, sentence
from yueban.catalogue import selectors as catalogue
from yueban.kernel.periods import Limit, Unit

FEE = Piece(
    "item:x", Element.FEE, "某证", "某证 · 收费", ("不收费。",), "第1版", "transport", valid_from="2026-01-01"
)
HERE, THERE, ELSEWHERE = "330602000000", "330603000000", "330604000000"


def at(*places, **changes):
    return [replace(FEE, division=place, **changes) for place in places]


def test_alike_everywhere_is_said_once_from_the_latest_day():
    newer = at(THERE, valid_from="2026-03-01")
    (found,) = joined([*at(HERE), *newer], {HERE, THERE})
    assert (found.key, found.division, found.valid_from) == ("item:x#fee", "", "2026-03-01")


def test_what_differs_stays_with_its_place():
    dear = at(THERE, sentences=("收费10元。",))
    found = {one.key: one.text for one in joined([*at(HERE), *dear], {HERE, THERE})}
    assert found == {f"item:x#fee@{HERE}": "不收费。", f"item:x#fee@{THERE}": "收费10元。"}


def test_alike_in_some_places_is_not_said_of_all():
    found = {one.key for one in joined(at(HERE, THERE), {HERE, THERE, ELSEWHERE})}
    assert found == {f"item:x#fee@{HERE}", f"item:x#fee@{THERE}"}


def test_a_piece_holds_from_its_first_day_to_its_last():
    piece = replace(FEE, valid_to="2026-12-31")
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [piece.holds_on(day) for day in days] == [False, True, True, False]


def test_stored_and_read_again_it_is_the_same():
    piece = replace(FEE, names=("甲",), asked=("乙",), sentences_en=("Free.",), division=HERE, part="1")
    assert Piece.of(piece.stored()) == piece
    assert Piece.of(piece.stored()).digest == piece.digest
    assert replace(piece, sentences=("收费。",)).digest != piece.digest
    assert piece.key == f"item:x#fee.1@{HERE}"


@pytest.mark.parametrize(
    ("amount", "unit", "chinese", "english"),
    [
        (0, Unit.WORKDAY, "当场办结（即办）", "on the spot"),
        (1, Unit.WORKDAY, "1个工作日", "1 working day"),
        (20, Unit.WORKDAY, "20个工作日", "20 working days"),
        (3, Unit.DAY, "3", "3 calendar days"),
    ],
)
def test_limits(amount, unit, chinese, english):
    limit = Limit(amount, unit)
    assert limit_words(limit).startswith(chinese)
    assert english_limit(limit) == english


@pytest.mark.parametrize("words", ["不收费", "不收费。", " 不收费； ", "不收费,"])
def test_one_full_stop(words):
    assert sentence(words) == "不收费。"


@pytest.mark.django_db
def test_every_element_of_an_item_says_what_its_standard_says():
    version = people.freight()
    standard = catalogue.standard_of(version)
    source = ItemSource(standard, "a", "越城区交通运输局", HERE, "越城区", 3, "2026-01-01")
    found = {(one.element, one.part): one for one in item_pieces(source, dict(agencies.kinds()))}
    assert len({one.key for one in found.values()}) == len(found)
    assert {one.version for one in found.values()} == {"第3版"}
    text = {element: one.text for (element, part), one in found.items() if not part}
    assert str(standard.promised.limit) in text[Element.TIME]
    assert str(standard.statutory.limit) in text[Element.TIME]
    assert all(one.rstrip("。；") in text[Element.CONDITIONS] for one in standard.conditions)
    assert text[Element.SUMMARY] == sentence(standard.summary)
    assert standard.result.name in text[Element.RESULT]
    assert all(one.law.strip("《》") in text[Element.BASIS] for one in standard.basis)
    faq = [one for (element, part), one in found.items() if element == Element.FAQ and part.isdigit()]
    assert [one.asked for one in faq] == [(one.q,) for one in standard.faq]
    assert text[Element.FEE].startswith("收费：" if standard.fee.charged else "不收费")


SPANS = tuple(
    {"kind": kind, "weekday": day, "opens": opens, "closes": closes}
    for kind, days, opens, closes in (
        ("regular", range(5), "9:00", "12:00"),
        ("noon", (1, 3), "12:00", "13:30"),
        ("saturday", (5,), "9:00", "11:30"),
    )
    for day in days
)


def test_hours_of_an_outlet_in_the_order_of_the_week():
    assert hours_words(SPANS) == (
        "周一至周五9:00-12:00；中午有人值班（周二、周四12:00-13:30）；周六也开放（周六9:00-11:30）"
    )


def test_an_outlet_without_a_telephone_says_nothing_of_one():
    source = OutletSource("hall", "越城大厅", "", HERE, "a", "示例路1号", "", SPANS, (), ())
    assert [one.element for one in outlet_pieces(source)] == [Element.WHERE, Element.HOURS]
    called = {one.element: one.text for one in outlet_pieces(replace(source, phone="0575-1"))}
    assert called[Element.PHONE] == "越城大厅的电话：0575-1。"


def test_an_approved_answer_stands_under_its_first_source_as_long_as_that_holds():
    source = AnswerSource(
        "k", "问", ("另问",), "不收费", ("item:x#fee", "item:y"), "", "", "transport", "", "2026-02-01", 1
    )
    (piece,) = answer_pieces([source], {"item:x": replace(FEE, valid_to="2026-12-31")})
    assert (piece.subject, piece.key, piece.name) == ("item:x", "item:x#answer.k", "某证")
    assert (piece.text, piece.asked, piece.version) == ("不收费。", ("问", "另问"), "第2版")
    assert (piece.valid_from, piece.valid_to) == ("2026-02-01", "2026-12-31")
