"""What differs is found and named for whoever differs from most."""

from dataclasses import replace

import pytest

from yueban.commands.parity.compare import differences, most
from yueban.commands.parity.reading import (
    End,
    FieldSeen,
    MaterialSeen,
    Question,
    Reading,
    SectionSeen,
    VersionSeen,
)

NAME = FieldSeen("shop.name", "店名", "", required=True, control="text", max_length=20)
KIND = FieldSeen(
    "shop.kind", "类型", "", required=False, control="choice", choices=(("a", "甲"), ("b", "乙"))
)
ALL = Reading(
    questions=(Question("size", "多大？", "", (("big", "大"), ("small", "小"))),),
    end=End("proceed"),
    sections=(SectionSeen("shop", "店铺", "", (NAME, KIND)), SectionSeen("owner", "店主", "", ())),
    materials=(
        MaterialSeen("licence", "执照", "spared"),
        MaterialSeen("plan", "平面图", "upload", required=True),
    ),
    errors={"shop.name": "请填写店名。"},
    missing=frozenset({"plan"}),
    versions={"申请表": VersionSeen(1, "ab" * 32)},
)


def found(changed: Reading, *, is_one_version: bool = True) -> list[tuple[str, str, str, str]]:
    readings = {"computer": ALL, "phone": ALL, "window": changed}
    return [
        (str(odd.who), odd.what, odd.expected, odd.found)
        for odd in differences(readings, is_one_version=is_one_version)
    ]


def with_fields(*fields: FieldSeen) -> Reading:
    return replace(ALL, sections=(replace(ALL.sections[0], fields=fields), ALL.sections[1]))


def test_equal_readings_differ_in_nothing():
    assert found(ALL) == []


@pytest.mark.parametrize(
    ("changed", "what", "expected", "told"),
    [
        (with_fields(replace(NAME, required=False), KIND), "字段 shop.name · 必填", "是", "否"),
        (with_fields(replace(NAME, control="long"), KIND), "字段 shop.name · 类型", "text", "long"),
        (with_fields(replace(NAME, max_length=30), KIND), "字段 shop.name · 长度", "20", "30"),
        (
            with_fields(NAME, replace(KIND, choices=(("a", "甲"),))),
            "字段 shop.kind · 选项",
            "a=甲；b=乙",
            "a=甲",
        ),
        (with_fields(NAME), "字段 shop.kind", "有", "没有"),
        (with_fields(KIND, NAME), "字段 · 顺序", "shop.name、shop.kind", "shop.kind、shop.name"),
        (replace(ALL, sections=ALL.sections[::-1]), "部分 · 顺序", "shop、owner", "owner、shop"),
        (replace(ALL, materials=ALL.materials[:1]), "材料 plan", "有", "没有"),
        (
            replace(ALL, materials=(replace(ALL.materials[0], way="upload"), ALL.materials[1])),
            "材料 licence · 方式",
            "spared",
            "upload",
        ),
        (replace(ALL, errors={"shop.name": "店名太长。"}), "错误 shop.name", "请填写店名。", "店名太长。"),
        (replace(ALL, missing=frozenset()), "缺件 plan", "有", "没有"),
        (replace(ALL, end=End("not_needed")), "结果 种类", "proceed", "not_needed"),
        (replace(ALL, questions=()), "问题 size", "有", "没有"),
        (replace(ALL, versions={"申请表": None}), "版本 申请表", f"第1版 {'ab' * 32}", "没有写版本"),
    ],
)
def test_what_one_channel_shows_otherwise_is_named(changed, what, expected, told):
    assert found(changed) == [("window", what, expected, told)]


def test_an_error_more_changes_the_decision_only_where_there_was_none():
    free = replace(ALL, errors={}, missing=frozenset())
    odd = differences(
        {"a": free, "b": free, "c": replace(free, errors={"x.y": "不对。"})}, is_one_version=True
    )
    assert {(one.who, one.what, one.found) for one in odd} == {
        ("c", "错误 x.y", "不对。"),
        ("c", "决定 可以提交", "否"),
    }


def test_what_a_channel_does_not_tell_is_no_difference():
    assert found(replace(ALL, missing=None, materials=None)) == []


def test_two_versions_may_bear_two_hashes():
    other = replace(ALL, versions={"申请表": VersionSeen(1, "cd" * 32)})
    assert found(other, is_one_version=False) == []
    assert [what for _who, what, _expected, _found in found(other)] == ["版本 申请表"]


def test_the_reading_that_stands_for_a_place_is_the_most_frequent_of_the_fullest():
    short = replace(ALL, missing=None)
    odd = with_fields(KIND, NAME)
    assert most({"a": short, "b": short, "c": odd, "d": ALL, "e": ALL}) == ALL
