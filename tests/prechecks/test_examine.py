"""What a machine doubts in a document, told from the rows that were read on it."""

from datetime import date

import pytest

from tests.prechecks import specimens
from yueban.prechecks.choices import Doubt
from yueban.prechecks.examine import Examined, Finding, examine
from yueban.prechecks.kinds import documents

TODAY = date(2026, 11, 23)
NAMES = (specimens.PERSON, specimens.COMPANY)


def looked(lines: list[str], material: str, names: tuple[str, ...] = NAMES) -> Examined:
    known = documents()
    rows = [[part for part in line.split("  ") if part] for line in ["演示样本", *lines]]
    return examine(rows, kinds=known.documents, wanted=known.serving(material), names=names, today=TODAY)


@pytest.mark.parametrize(
    ("lines", "material", "seen"),
    [
        (specimens.id_card_front(), "resident-id-card", "resident-id-card"),
        (specimens.id_card_back(), "resident-id-card", "resident-id-card"),
        (specimens.business_licence(), "business-licence", "business-licence"),
        (specimens.vehicle_licence(), "vehicle-licence", "vehicle-licence"),
        (specimens.qualification(), "driver-qualification", "transport-qualification"),
        (specimens.title_deed(), "premises-document", "real-estate-title"),
        (specimens.household_book(), "household-book", "household-book"),
        (specimens.social_security_card(), "social-security-card", "social-security-card"),
    ],
)
def test_the_right_document_raises_no_doubt(lines, material, seen):
    assert looked(lines, material) == Examined(seen, ())


def test_another_document_is_named():
    found = looked(specimens.business_licence(), "vehicle-licence")
    assert found == Examined("business-licence", (Finding(Doubt.OTHER_DOCUMENT),))


def test_a_document_that_only_mentions_the_wanted_one_is_still_another():
    found = looked(
        [*specimens.household_book(), "凭居民身份证到派出所办理登记，遗失的请报失补领新簿"],
        "resident-id-card",
    )
    assert [one.doubt for one in found.findings] == [Doubt.OTHER_DOCUMENT]


def test_what_is_nobodys_known_document_is_said_not_to_be_recognised():
    found = looked(["示例小区物业费收据", "收到示例路1号三月份物业费壹佰元整"], "vehicle-licence")
    assert found == Examined("", (Finding(Doubt.NOT_RECOGNISED),))


def test_a_material_without_known_documents_is_left_to_people():
    assert (
        looked(["安全生产管理制度", "第一条 出车前检查车辆，保持整洁"], "transport-safety-rules").findings
        == ()
    )


def test_a_page_without_text_is_said_to_be_unreadable():
    assert examine([["样"]], kinds=(), wanted=(), names=(), today=TODAY).findings == (Finding(Doubt.NO_TEXT),)


def test_a_title_with_one_misread_character_is_still_the_title():
    lines = specimens.vehicle_licence()
    assert looked(["中华人民共和国机动车行驶正", *lines[1:]], "vehicle-licence").findings == ()


@pytest.mark.parametrize(
    ("until", "day"),
    [
        ("2026.05.06", "2026-05-06"),
        ("2026.11.22", "2026-11-22"),
        ("2026.11.23", ""),
        ("长期", ""),
        ("2026.13.45", ""),  # misread
        ("", ""),  # only the first day was read
    ],
)
def test_a_document_is_over_after_its_last_day(until, day):
    found = looked(specimens.id_card_back(until), "resident-id-card").findings
    assert found == ((Finding(Doubt.EXPIRED, on=day),) if day else ())


@pytest.mark.parametrize(("month", "day"), [("2026年10月", "2026-10-31"), ("2026年11月", "")])
def test_a_month_lasts_to_its_end(month, day):
    found = looked(specimens.vehicle_licence(until=month), "vehicle-licence").findings
    assert [one.on for one in found] == ([day] if day else [])


def test_another_name_is_told_masked():
    found = looked(specimens.id_card_front(name="王建国"), "resident-id-card").findings
    assert found == (Finding(Doubt.OTHER_NAME, said="王*国"),)
    found = looked(specimens.business_licence(name="虚构贸易有限公司"), "business-licence").findings
    assert found == (Finding(Doubt.OTHER_NAME, said="虚构****公司"),)


def test_a_name_in_the_next_part_or_the_next_row_is_found():
    card = specimens.id_card_front(name="王建国")
    for first in (["姓名", "王建国"], ["姓 名:王建国"]):
        rows = [first, *[[line] for line in card[1:]]]
        found = examine(
            rows,
            kinds=documents().documents,
            wanted=documents().serving("resident-id-card"),
            names=NAMES,
            today=TODAY,
        )
        assert [one.said for one in found.findings] == ["王*国"]


@pytest.mark.parametrize(
    ("said", "name", "is_doubted"),
    [
        ("赵晓敏", "赵晓敏", False),
        ("赵晓敬", "赵晓敏", True),
        ("赵晓龚", "赵晓䶮", False),  # the engine knows no such character
        ("示例运输有限公同", "示例运输有限公司", False),
        ("示例运输（绍兴）有限公司", "示例运输(绍兴)有限公司", False),
        ("示例货运有限公司", "示例运输有限公司", False),
        ("示例贸易发展有限公司", "示例运输有限公司", True),
    ],
)
def test_names_are_held_to_be_the_same_where_a_machine_may_have_misread_them(said, name, is_doubted):
    if len(name) < 4:
        found = looked(specimens.id_card_front(name=said), "resident-id-card", (name,)).findings
    else:
        found = looked(specimens.business_licence(name=said), "business-licence", (name,)).findings
    assert bool(found) is is_doubted


def test_names_are_not_compared_where_the_document_may_be_somebody_elses():
    assert looked(specimens.qualification(name="钱司机"), "driver-qualification").findings == ()


@pytest.mark.parametrize(
    ("lines", "material", "tail"),
    [
        (specimens.id_card_front(number=specimens.wrong(specimens.ID_NUMBER)), "resident-id-card", "0011"),
        (specimens.business_licence(code=specimens.wrong(specimens.CODE)), "business-licence", "01X1"),
    ],
)
def test_a_number_whose_check_character_is_wrong_is_told_by_its_tail(lines, material, tail):
    assert looked(lines, material).findings == (Finding(Doubt.BAD_NUMBER, said="*" * 14 + tail),)


def test_letters_that_no_code_has_are_read_as_digits():
    code = specimens.CODE.replace("0", "O")
    assert looked(specimens.business_licence(code=code), "business-licence").findings == ()
