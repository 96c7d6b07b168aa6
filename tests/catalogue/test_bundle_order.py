"""What waits for what: stages, the longest path, loops named, and savings that are computed."""

from decimal import Decimal

from tests.catalogue.bundles import bundle, item, material, report, section
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.bundles.savings import saved
from yueban.catalogue.bundles.splitting import child_input

VISIT = {"count": 1, "reason": "要核对原件"}


def after(source, target):
    return {"kind": "approve_start", "source": source, "target": target}


def days(amount):
    return {"promised": {"amount": amount, "unit": "工作日"}}


def test_what_waits_for_nothing_runs_at_the_same_time():
    one = bundle(
        *(item(key) for key in "abcd"),
        edges=[after("a", "c"), after("b", "c"), {"kind": "start_start", "source": "c", "target": "d"}],
    )
    assert one.stages == (("a", "b"), ("c", "d"))


def test_the_longest_chain_is_the_critical_path():
    one = bundle(
        item("a", **days(3)),
        item("b", **days(10)),
        item("c", **days(4)),
        item("d", **days(6)),
        edges=[after("a", "c"), after("c", "d")],
    )
    assert one.critical_path == ("a", "c", "d")
    assert (one.predicted.days, one.parts.days) == (Decimal(13), Decimal(23))


def test_items_that_begin_together_do_not_add_their_days():
    together = {"kind": "start_start", "source": "a", "target": "b"}
    one = bundle(item("a", **days(3)), item("b", **days(5)), edges=[together])
    assert (one.critical_path, one.predicted.days) == (("b",), Decimal(5))


def test_two_items_that_need_each_other_are_refused_with_the_loop_named():
    said = report(item("a"), item("b"), edges=[after("a", "b"), after("b", "a")])
    assert said == [
        "edges[1]: 事项互相等待，谁也开始不了：“事项a”等“事项b”，“事项b”等“事项a”。请去掉其中一条先后关系。"
    ]


def test_a_longer_loop_names_every_item_of_it_and_no_other():
    said = report(
        *(item(key) for key in "abcd"),
        edges=[after("d", "a"), after("a", "b"), after("b", "c"), after("c", "a")],
    )
    assert len(said) == 1
    assert all(name in said[0] for name in ("“事项a”", "“事项b”", "“事项c”"))
    assert "“事项d”" not in said[0]


def test_everything_wrong_with_the_names_is_said_at_once():
    said = report(
        item("a"),
        children=["a", {"key": "a", "item": "nowhere"}],
        edges=[after("a", "z")],
        joint_issue={"children": ["a"], "hold": {"amount": 1, "unit": "工作日"}},
    )
    assert [line.split(":")[0] for line in said] == [
        "children[1].key",
        "children[1].item",
        "edges[0].target",
        "joint_issue.children",
    ]


def test_a_result_flows_into_the_form_of_the_next_and_is_not_asked():
    issued = {"type": "10", "name": "第一张证", "certificate_type": "first-permit", "sample": "样本"}
    one = bundle(
        item("a", result=issued),
        item(
            "b",
            section("applicant", "shop.name", {"element": "permit.number", "required": True}),
            materials=[
                material(
                    "permit",
                    "first-permit",
                    satisfy=[{"way": "certificate", "certificate_type": "first-permit"}],
                )
            ],
        ),
        edges=[
            {
                "kind": "result_input",
                "source": "a",
                "target": "b",
                "element": "permit.number",
                "result_field": "number",
            }
        ],
    )
    assert "permit.number" not in one.field_lineage
    assert one.materials == ()
    assert one.child_by_key["b"].supplied == {"permit": "a"}
    assert catalogue.validate_form(one, {"shop.name": "越店"}).is_valid
    _, form = child_input(one, "b", {}, {"shop.name": "越店"}, results={"permit.number": "浙交123"})
    assert form == {"shop.name": "越店", "permit.number": "浙交123"}


def test_what_is_filled_in_for_one_item_fills_another():
    one = bundle(
        item("a", "shop.name"),
        item("b", section("applicant", {"element": "owner.name", "required": True})),
        children=["a", {"key": "b", "item": "b", "fills": {"owner.name": "shop.name"}}],
    )
    assert list(one.field_lineage) == ["shop.name"]
    assert child_input(one, "b", {}, {"shop.name": "越店"})[1] == {"owner.name": "越店"}


def test_savings_are_counted_beside_the_sum_of_the_parts():
    one = bundle(
        item("a", "shop.name", "shop.area", materials=[material("x"), material("y", "plan")], visits=VISIT),
        item("b", "shop.name", "shop.seats", materials=[material("x")], visits=VISIT),
        edges=[{"kind": "same_visit", "source": "a", "target": "b"}],
    )
    now, before = one.predicted, one.parts
    assert (now.forms, before.forms) == (1, 2)
    assert (now.fields, before.fields) == (3, 4)
    assert (now.materials, before.materials) == (2, 3)
    assert (now.uploads, before.uploads) == (2, 3)
    assert (now.visits, before.visits) == (1, 2)
    assert (now.days, before.days) == (Decimal(5), Decimal(10))
    assert saved(now.materials, before.materials) == 33


def test_a_figure_that_is_not_known_saves_nothing():
    assert saved(3, None) is None
    assert saved(3, 0) is None


def test_a_bundle_cannot_promise_less_than_its_items_need():
    said = report(item("a", **days(10)), promised={"amount": 5, "unit": "工作日"})
    assert said[0].startswith("promised: 总承诺时限是5个工作日，但各事项先后办完要10个工作日。")


def test_a_shorter_promise_within_the_bundle_counts():
    half = {"amount": 30, "unit": "分钟"}
    one = bundle(item("a", **days(10)), children=[{"key": "a", "item": "a", "promised": half}], promised=half)
    assert (one.predicted.days, one.parts.days) == (Decimal("0.0625"), Decimal(10))
    assert one.promised_text == "30分钟"


def test_the_same_items_compile_to_the_same_hash_and_others_to_another():
    assert bundle(item("a")).content_hash == bundle(item("a")).content_hash
    assert bundle(item("a")).content_hash != bundle(item("a", "shop.area")).content_hash


def test_what_is_stored_is_read_back_as_it_was():
    one = bundle(item("a"), item("b", "shop.area"), edges=[after("a", "b")])
    assert type(one).of_json(one.to_json()) == one


def test_what_is_issued_together_flows_into_nothing_outside_and_waits_ten_days_at_most():
    issued = {"type": "10", "name": "第一张证", "certificate_type": "first-permit", "sample": "样本"}
    said = report(
        item("a", result=issued),
        item("b"),
        item("c", section("applicant", "shop.name", {"element": "permit.number", "required": True})),
        edges=[
            {
                "kind": "result_input",
                "source": "a",
                "target": "c",
                "element": "permit.number",
                "result_field": "number",
            }
        ],
        joint_issue={"children": ["a", "b"], "hold": {"amount": 11, "unit": "工作日"}},
    )
    assert [line.split(":")[0] for line in said] == ["joint_issue.hold", "edges[0]"]


def test_what_begins_when_all_has_ended_stands_last_on_the_path():
    ends = [{"kind": "all_finish", "source": source, "target": "c"} for source in "ab"]
    one = bundle(item("a", **days(3)), item("b", **days(5)), item("c", **days(1)), edges=ends)
    assert one.stages == (("a", "b"), ("c",))
    assert (one.critical_path, one.predicted.days) == (("b", "c"), Decimal(6))


def test_one_visit_that_serves_two_is_counted_once():
    edge = {"kind": "same_visit", "source": "a", "target": "b"}
    one = bundle(item("a", visits=VISIT), item("b", visits=VISIT), edges=[edge])
    assert (one.predicted.visits, one.parts.visits) == (1, 2)
