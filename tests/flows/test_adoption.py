"""认领: an adopting county may shorten, never lengthen, add or change what is locked; each refusal names field and reason."""

import copy

import pytest

from tests.editors import AGENCY, CITY_AGENCY, COUNTY, KEY, an_editor
from yueban.catalogue import adoption, editing
from yueban.catalogue import selectors as catalogue
from yueban.catalogue.errors import BaseOutdated, DraftExists, ItemNotFound, ItemUnsound
from yueban.catalogue.models import Directory, ItemVersion
from yueban.flows import publish_item as flow
from yueban.kernel.errors import Conflict, NotAllowed

pytestmark = pytest.mark.django_db
EXTRA = {"key": "extra", "canonical": "business-licence", "name": "另一份营业执照"}


@pytest.fixture
def author():
    return an_editor("author")


@pytest.fixture
def entry():
    return Directory.objects.get(item__key=KEY, is_current=True)


def problems(entry, **changes):
    definition = copy.deepcopy(entry.standard)
    definition.update(changes)
    found = adoption.problems(definition, entry.standard, tuple(entry.locked))
    return [problem.field for problem in found]


def test_the_pack_makes_an_entry_of_the_citys_agency_and_its_adopters_belong_to_it(entry):
    assert entry.agency.code == CITY_AGENCY
    assert catalogue.get_published(KEY, COUNTY).directory_id == entry.pk


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("promised.amount", {"promised": {"amount": 6, "unit": "工作日"}}),
        ("promised.amount", {"promised": {"amount": 8, "unit": "自然日"}}),
        ("visits.count", {"visits": {"count": 1, "reason": "核对原件"}}),
        ("name", {"name": "越城区货运许可"}),
        ("statutory", {"statutory": {"amount": 30, "unit": "工作日"}}),
        ("conditions", {"conditions": ["另加一条"]}),
        ("fee.charged", {"fee": {"charged": True}}),
        ("special_procedures[0]", {"special_procedures": [{"name": "专家评审", "days": 10}]}),
    ],
)
def test_what_asks_more_is_refused_with_its_field(entry, field, changes):
    assert field in problems(entry, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"promised": {"amount": 3, "unit": "工作日"}},
        {"promised": {"amount": 7, "unit": "自然日"}},
        {"materials": []},
        {"summary": "本区的说法。", "windows": [], "faq": []},
    ],
)
def test_what_asks_less_is_fine(entry, changes):
    assert problems(entry, **changes) == []


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("necessity", {"necessity": "1"}),
        ("copies", {"copies": 9}),
        ("name", {"name": "别的材料"}),
        ("satisfy", {"satisfy": [{"way": "upload"}]}),
    ],
)
def test_a_material_is_not_made_stricter(entry, field, change):
    licence = next(i for i, row in enumerate(entry.standard["materials"]) if row["key"] == "business-licence")
    entry.standard["materials"][licence]["necessity"] = "2"
    materials = copy.deepcopy(entry.standard["materials"])
    materials[licence].update(change)
    assert problems(entry, materials=materials) == [f"materials[{licence}].{field}"]
    assert problems(entry, materials=[*entry.standard["materials"], EXTRA])[0].startswith("materials[")


def test_a_county_that_lengthens_a_time_is_refused_and_one_that_shortens_it_is_not(author):
    draft = flow.begin_draft(author, KEY, AGENCY)
    flow.write_draft(author, draft.pk, {"promised": {"amount": 9, "unit": "工作日"}}, revision=None)
    with pytest.raises(ItemUnsound) as caught:
        flow.submit_item(author, draft.pk)
    (problem,) = caught.value.data["problems"]
    assert problem["field"] == "promised.amount"
    assert "只能缩短" in problem["message"]
    flow.write_draft(author, draft.pk, {"promised": {"amount": 2, "unit": "工作日"}}, revision=None)
    assert flow.submit_item(author, draft.pk).state == "checking"


def test_a_county_adopts_an_entry_once(author, entry):
    with pytest.raises(DraftExists, match="已经认领过"):
        flow.adopt_item(author, KEY, AGENCY)
    office, key = "xinchang-market-regulation", "class2-device-filing"
    draft = flow.adopt_item(an_editor("outside", office), key, office)
    theirs = Directory.objects.get(item__key=key, is_current=True)
    assert (draft.directory_id, draft.definition["adopted_by"]) == (theirs.pk, [office])
    assert all(row["agency"] in (None, office) for row in draft.definition["windows"])
    with pytest.raises(ItemNotFound):
        flow.adopt_item(author, "nothing-like-it", AGENCY)


def test_an_office_of_another_kind_is_neither_offered_an_entry_nor_may_it_adopt_it(author):
    health = an_editor("outside", "yuecheng-health")
    with pytest.raises(Conflict, match="不由本部门这一类机构实施"):
        flow.adopt_item(health, KEY, "yuecheng-health")
    offered = editing.entries_to_adopt(["yuecheng-health"])
    assert offered.exists()
    assert {row.standard["agency_kind"] for row in offered} == {"health"}
    everything = {row.item.key: row for row in editing.entries_to_adopt(["yuecheng-health"], shows_all=True)}
    assert not everything[KEY].is_ours


def test_the_city_revises_an_entry_that_only_counties_handle(entry):
    assert not ItemVersion.objects.filter(item__key=KEY, agency__code=CITY_AGENCY).exists()
    writer, second = an_editor("writer", CITY_AGENCY), an_editor("second", CITY_AGENCY)
    draft = flow.revise_entry(writer, KEY, CITY_AGENCY)
    flow.write_draft(writer, draft.pk, {"promised": {"amount": 4, "unit": "工作日"}}, revision=None)
    sent = flow.submit_item(writer, draft.pk)
    with pytest.raises(NotAllowed):
        flow.publish_revision(writer, sent.pk)
    with pytest.raises(Conflict, match="目录的修订稿"):
        flow.publish_item(draft_id=sent.pk, actor=second)
    newer = flow.publish_revision(second, sent.pk)
    assert (newer.number, newer.is_current, newer.standard["promised"]["amount"]) == (
        entry.number + 1,
        True,
        4,
    )
    # Nothing of it is in force at the city, and the adopters see that there is a newer edition.
    assert not ItemVersion.objects.filter(item__key=KEY, agency__code=CITY_AGENCY).exists()
    assert editing.current_versions(an_editor("county")).get(item__key=KEY).is_behind_directory
    assert (
        catalogue.get_published(KEY, COUNTY).definition["promised"]["amount"]
        == entry.standard["promised"]["amount"]
    )


def test_an_entry_is_revised_by_its_owner_alone_one_draft_at_a_time(author, entry):
    with pytest.raises(Conflict, match="别的部门编制"):
        flow.revise_entry(author, KEY, AGENCY)
    city = an_editor("writer", CITY_AGENCY)
    flow.revise_entry(city, KEY, CITY_AGENCY)
    with pytest.raises(DraftExists):
        flow.revise_entry(city, KEY, CITY_AGENCY)


def test_a_revision_begun_on_an_older_edition_goes_on_from_the_newest(entry):
    writer, second = an_editor("writer", CITY_AGENCY), an_editor("second", CITY_AGENCY)
    draft = flow.revise_entry(writer, KEY, CITY_AGENCY)
    Directory.objects.filter(pk=entry.pk).update(is_current=False)
    newer = Directory.objects.create(
        item=entry.item, number=entry.number + 1, agency=entry.agency, level="3", name=entry.name,
        standard=entry.standard, locked=entry.locked, content_hash="x", published_at=entry.published_at,
    )  # fmt: skip
    with pytest.raises(BaseOutdated, match="目录又有了新的一版"):
        flow.submit_item(writer, draft.pk)
    assert flow.rebase_item(writer, draft.pk).directory_id == newer.pk
    flow.submit_item(writer, draft.pk)
    assert flow.publish_revision(second, draft.pk).number == newer.number + 1


def test_a_new_edition_of_the_directory_is_shown_and_taken_over(author, entry):
    Directory.objects.filter(pk=entry.pk).update(is_current=False)
    renewed = {**entry.standard, "name": "道路货运许可（新名）"}
    newer = Directory.objects.create(
        item=entry.item, number=entry.number + 1, agency=entry.agency, level="3", name=renewed["name"],
        standard=renewed, locked=entry.locked, content_hash="x", published_at=entry.published_at,
    )  # fmt: skip
    mine = editing.current_versions(author).get(item__key=KEY)
    assert mine.is_behind_directory
    draft = flow.begin_draft(author, KEY, AGENCY)
    with pytest.raises(ItemUnsound):
        flow.submit_item(author, draft.pk)
    rebased = flow.rebase_item(author, draft.pk)
    assert (rebased.directory_id, rebased.name) == (newer.pk, "道路货运许可（新名）")
    assert flow.submit_item(author, draft.pk).state == "checking"


def test_only_the_city_lists_its_versions_in_the_directory(author):
    mine = catalogue.get_published(KEY, COUNTY)
    with pytest.raises(NotAllowed):
        flow.publish_to_directory(author, mine.pk)
    city = an_editor("city", "shaoxing-health")
    with pytest.raises(ItemNotFound):
        flow.publish_to_directory(city, mine.pk)
    own = ItemVersion.objects.filter(agency__division__level="city", state="published").first()
    holder = an_editor("holder", own.agency.code)
    listed = flow.publish_to_directory(holder, own.pk)
    assert flow.publish_to_directory(holder, own.pk) == listed
    flow.suspend_item(version_id=own.pk, reason="升级", actor=holder)
    with pytest.raises(Conflict):
        flow.publish_to_directory(holder, own.pk)
