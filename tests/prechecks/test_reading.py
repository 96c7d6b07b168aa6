"""The real engine reads specimens made here. In the default suite a few; with --all the whole table."""

from pathlib import Path

import pytest

from tests.prechecks import specimens
from tests.prechecks.test_examine import NAMES, TODAY
from yueban.prechecks import reader
from yueban.prechecks.choices import Doubt
from yueban.prechecks.examine import examine
from yueban.prechecks.kinds import documents

pytestmark = pytest.mark.skipif(
    not reader.is_installed(),
    reason="the group `ocr` is not installed: it has no wheels for Python 3.13 and later",
)
TURNS = (0, 7, -7, 90, 97, 180)
GOOD = {
    "resident-id-card": specimens.id_card_front(),
    "business-licence": specimens.business_licence(),
    "vehicle-licence": specimens.vehicle_licence(),
    "transport-qualification": specimens.qualification(),
}
# What is wanted, what is drawn, how it lies, how much grain there is, and what is to be doubted.
FEW = [
    ("business-licence", specimens.business_licence(), 7, 0, None),
    ("vehicle-licence", specimens.vehicle_licence(), 90, 25, None),
    ("vehicle-licence", specimens.business_licence(), 7, 0, Doubt.OTHER_DOCUMENT),
    ("resident-id-card", specimens.id_card_back("2026.05.06"), -7, 0, Doubt.EXPIRED),
    ("resident-id-card", specimens.id_card_front(name="王建国"), 0, 0, Doubt.OTHER_NAME),
    (
        "resident-id-card",
        specimens.id_card_front(number=specimens.wrong(specimens.ID_NUMBER)),
        0,
        0,
        Doubt.BAD_NUMBER,
    ),
]
MANY = [
    *((kind, lines, turn, 0, None) for kind, lines in GOOD.items() for turn in TURNS),
    ("real-estate-title", specimens.title_deed(), 0, 30, None),
    ("household-book", specimens.household_book(), 3, 0, None),
    ("social-security-card", specimens.social_security_card(), -4, 25, None),
    ("resident-id-card", specimens.id_card_back(), 0, 0, None),
    ("vehicle-licence", specimens.vehicle_licence(until="2025年05月"), 0, 25, Doubt.EXPIRED),
    ("resident-id-card", specimens.household_book(), 0, 0, Doubt.OTHER_DOCUMENT),
    ("business-licence", specimens.id_card_front(), 90, 0, Doubt.OTHER_DOCUMENT),
    ("business-licence", specimens.business_licence(name="虚构贸易有限公司"), 7, 0, Doubt.OTHER_NAME),
    (
        "business-licence",
        specimens.business_licence(code=specimens.wrong(specimens.CODE)),
        7,
        20,
        Doubt.BAD_NUMBER,
    ),
    ("business-licence", [], 0, 0, Doubt.NO_TEXT),
]


@pytest.fixture(scope="module")
def engine():
    return reader.make_engine()


def doubted(path: Path, wanted: str, engine: object) -> list[Doubt]:
    known = documents()
    found = examine(
        reader.read(path, "image/jpeg", engine),
        kinds=known.documents,
        wanted=[one for one in known.documents if one.key == wanted],
        names=(*NAMES, "孙驾驶"),
        today=TODAY,
    )
    return [one.doubt for one in found.findings]


def drawn(folder: Path, lines: list[str], turn: float, noise: int) -> Path:
    path = folder / "upload.jpg"
    path.write_bytes(specimens.saved(specimens.picture(lines, turn=turn, noise=noise)))
    return path


@pytest.mark.parametrize("specimen", FEW)
def test_a_specimen_is_seen_for_what_it_is(engine, tmp_path, specimen):
    wanted, lines, turn, noise, doubt = specimen
    found = doubted(drawn(tmp_path, lines, turn, noise), wanted, engine)
    assert found == ([doubt] if doubt else [])


@pytest.mark.slow
def test_nearly_all_specimens_are_seen_for_what_they_are(engine, tmp_path):
    wrong = [
        (wanted, turn, doubt)
        for wanted, lines, turn, noise, doubt in [*FEW, *MANY]
        if doubted(drawn(tmp_path, lines, turn, noise), wanted, engine) != ([doubt] if doubt else [])
    ]
    assert len(wrong) <= 2, wrong


@pytest.mark.parametrize("turn", [0, 7, -12])
def test_the_skew_of_a_page_is_found(turn):
    pixels = reader._pixels(specimens.picture(specimens.business_licence(), turn=turn))
    assert reader.skew_of(pixels) == pytest.approx(-turn, abs=0.5)


def test_a_page_with_text_of_its_own_is_not_recognised_but_read(tmp_path):
    path = tmp_path / "upload.pdf"
    path.write_bytes(specimens.printed(specimens.business_licence()))
    rows = reader.read(path, "application/pdf", engine=object())
    assert any("营业执照" in "".join(row) for row in rows)


def test_a_picture_with_too_many_pixels_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "MOST_PIXELS", 1000)
    with pytest.raises(ValueError, match="too many pixels"):
        reader.read(drawn(tmp_path, [], 0, 0), "image/jpeg", engine=object())
