"""推送 at the desk: whose offers, to whom, why somebody is held back, one send a click, and what came of it."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest

from tests import people
from tests.channels.visitors import hidden, visitor
from tests.matching.world import DIGITAL, HIRES, alone, firm, offers, tell
from yueban.flows import push_desk, push_offers
from yueban.kernel import clock
from yueban.matching import push_counts, services, table, tasks
from yueban.matching.choices import Turn
from yueban.matching.models import Push, PushSend, Segment
from yueban.matching.segments import Choice
from yueban.notifications.models import Message
from yueban.parties.models import Representation

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=clock.BEIJING)
EDITOR, SIGNER = "policy-ding", "policy-gong"
PLACE = "330681000000"
OFFER = "/desk/push/try-digital/"
NEAR = {"all": [DIGITAL, HIRES]}


@pytest.fixture(autouse=True)
def at_noon():
    clock.set_source(lambda: NOON)
    table._held.clear()
    alone()


def company(number, *, user="", **facts):
    party = firm(number)
    tell(party, division=PLACE, **facts)
    if user:
        user_id = people.actor(user).user_id
        Representation.objects.create(user_id=user_id, party=party, relation="legal_person")
    return party


@pytest.fixture
def three():
    """One that meets the offer and has an account, one without an account, one that wants to hear of nothing."""
    found = [
        company(1, user="zhao", digital_investment=500_000, new_hires=9),
        company(2, digital_investment=500_000, new_hires=9),
        company(3, user="wang", digital_investment=500_000, new_hires=9),
    ]
    services.set_wishes(found[2].pk, services.Wishes(refuses=True), user_id=None, known_topics=())
    return found


def signed(tmp_path, **conditions):
    made = offers(tmp_path, agency="shaoxing-economy-it", **conditions)
    tasks.match_offers([one.pk for one in made.values()])
    return made


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def press_send(client, query="preview=1"):
    page = client.get(f"{OFFER}?{query}")
    key = hidden(page.content, "key", form='push/try-digital/send"')
    asked = dict(pair.split("=") for pair in query.split("&") if pair)
    return key, client.post(f"{OFFER}send", {"key": key, **asked})


def test_the_list_tells_of_each_offer_who_was_reached_and_who_was_not(three, tmp_path):
    signed(tmp_path, digital=DIGITAL)
    push_offers.send_due()
    shown = visitor(SIGNER).get("/desk/push/?text=试行digital")
    assert shown.status_code == 200
    assert "没有账号 1" in text_of(shown) and "不接收 1" in text_of(shown)
    counts = shown.context["rows"][0]["counts"]
    assert (counts.matched, counts.funnel.listed, counts.funnel.told) == (3, 3, 1)


def test_an_agency_sees_and_pushes_its_own_offers_alone(three, tmp_path):
    signed(tmp_path, digital=DIGITAL)
    assert visitor(people.REVIEWER).get(OFFER).status_code == 404
    assert visitor(people.CLERK).get("/desk/push/").status_code == 403
    supervisor = visitor(people.SUPERVISOR)
    assert "由主管部门推送" in text_of(supervisor.get(OFFER))
    assert supervisor.post(f"{OFFER}send", {"key": "a"}).status_code == 403
    assert not PushSend.objects.exists()


def test_the_preview_says_how_many_and_who_and_why_the_others_are_held_back(three, tmp_path):
    signed(tmp_path, digital=DIGITAL)
    found = push_desk.preview(people.actor(EDITOR, channel="desk"), "try-digital", Choice())
    assert found.turns.by_turn == {Turn.NOW: 1, Turn.NO_ACCOUNT: 1, Turn.REFUSED: 1}
    assert found.names == (three[0].name,)
    shown = text_of(visitor(EDITOR).get(f"{OFFER}?preview=1"))
    assert "选中 3 家，能推送 1 家" in shown and three[0].name in shown and three[1].name not in shown


@pytest.mark.parametrize(("hour", "told_before", "turn"), [(22, 0, Turn.QUIET), (12, 3, Turn.CAPPED)])
def test_night_and_the_weekly_cap_hold_back_and_do_not_lose(three, tmp_path, hour, told_before, turn):
    version = signed(tmp_path, digital=DIGITAL)["digital"]
    for number in range(told_before):
        Push.objects.create(
            party=three[0],
            offer_key=f"other-{number}",
            year=2026,
            offer_version=version,
            state="sent",
            listed_at=NOON,
            sent_at=NOON - timedelta(days=1),
        )
    clock.set_source(lambda: NOON.replace(hour=hour))
    found = push_desk.preview(people.actor(EDITOR, channel="desk"), "try-digital", Choice())
    assert found.turns.by_turn[turn] == 1 and found.turns.at_all == 1


def test_one_click_sends_once_however_often_it_arrives(three, tmp_path):
    signed(tmp_path, digital=DIGITAL)
    editor = visitor(EDITOR)
    key, answer = press_send(editor)
    again = editor.post(f"{OFFER}send", {"key": key})
    assert answer.status_code == again.status_code == 302 and answer["Location"] == again["Location"]
    assert PushSend.objects.count() == 1
    number = PushSend.objects.get().number
    push_desk.carry_out(number)
    push_desk.carry_out(number)
    assert Message.objects.filter(event__startswith=push_offers.EVENT).count() == 1
    assert "已送达 1 家" in text_of(editor.get(answer["Location"]))
    assert push_desk.preview(people.actor(EDITOR), "try-digital", Choice()).turns.by_turn[Turn.TOLD] == 1


def test_who_misses_by_one_condition_is_told_so(tmp_path):
    near = company(1, user="zhao", digital_investment=500_000, new_hires=1)
    signed(tmp_path, digital=NEAR)
    assert push_offers.send_due() == 0
    made = push_desk.send(people.actor(EDITOR), "try-digital", Choice(fit="near"), click="near")
    push_desk.carry_out(made.number)
    assert Push.objects.get().party_id == near.pk
    assert "只差一项" in Message.objects.get(event__startswith=push_offers.EVENT).title


def test_tags_place_and_size_narrow_the_choice(tmp_path):
    exporter = company(
        1, user="zhao", digital_investment=500_000, export=1_000, tax_credit="A", is_dishonest=False
    )
    company(2, user="wang", digital_investment=500_000, export=0, is_dishonest=True)
    signed(tmp_path, digital=DIGITAL)
    actor = people.actor(EDITOR)

    def chosen(**parts):
        return push_desk.preview(actor, "try-digital", Choice(**parts)).turns

    assert chosen().total == 2
    assert chosen(all_of=("exporter", "tax-a")).first == (exporter.pk,)
    assert chosen(none_of=("exporter",)).total == 1
    assert chosen(any_of=("exporter", "listed")).total == 1
    assert chosen(none_of=("dishonest",)).first == (exporter.pk,)
    assert chosen(place="330602000000").total == 0
    refused = visitor(EDITOR).get(f"{OFFER}?preview=1&all_of=no-such-tag")
    assert refused.status_code == 422 and "没有这个标签" in text_of(refused)


def test_a_choice_is_kept_under_a_name_and_used_for_another_offer_by_colleagues(three, tmp_path):
    signed(tmp_path, digital=DIGITAL, hires=HIRES)
    editor = visitor(EDITOR)
    kept = editor.post(f"{OFFER}save", {"name": "数字化企业", "all_of": ["digitalising"], "fit": "meets"})
    segment = Segment.objects.get()
    assert kept.status_code == 302 and segment.chosen["all_of"] == ["digitalising"]
    signer = visitor(SIGNER)
    shown = text_of(signer.get(f"/desk/push/try-hires/?{urlencode({'segment': segment.pk, 'preview': 1})}"))
    assert "全部具备：正在数字化改造的企业" in shown and "选中 3 家" in shown
    assert "请换一个" in text_of(signer.post(f"{OFFER}save", {"name": "数字化企业"}))
    assert signer.post(f"/desk/push/segments/{segment.pk}/delete").status_code == 403
    assert visitor(people.REVIEWER).post(f"/desk/push/segments/{segment.pk}/delete").status_code == 404
    assert editor.post(f"/desk/push/segments/{segment.pk}/delete").status_code == 302
    assert not Segment.objects.exists()


def test_the_questions_of_the_list_do_not_grow_with_the_offers(
    three, tmp_path, django_assert_max_num_queries
):
    signed(tmp_path, digital=DIGITAL, hires=HIRES)
    actor = people.actor(EDITOR)
    versions = [line.version for line in push_desk.lines(actor)]
    with django_assert_max_num_queries(6):
        push_desk.counts_of(versions)
    assert len(versions) > 2


def test_who_goes_on_to_claim_after_being_told_is_counted_and_who_claimed_before_is_not(three, monkeypatch):
    keys = ["try-digital"]
    told = {("try-digital", three[0].pk): NOON, ("try-digital", three[1].pk): NOON}
    made = [
        push_desk.claims_read.Claimed("try-digital", three[0].pk, NOON + timedelta(days=1), True, False),
        push_desk.claims_read.Claimed("try-digital", three[1].pk, NOON - timedelta(days=1), True, True),
    ]
    monkeypatch.setattr(push_desk.claims_read, "claimed_of", lambda _year, _keys: made)
    monkeypatch.setattr(push_desk.push_counts, "told_at", lambda _year, _pairs: told)
    standing = {"try-digital": push_counts.Standing(listed=5, told=3, viewed=2)}
    found = push_desk._funnels(2026, keys, standing)["try-digital"]
    assert found == push_desk.Funnel(5, 3, 2, 1, 1, 0)
