"""Filling in at a kiosk: a few fields a screen, papers under the camera; a power cut loses and doubles nothing."""

import re

import pytest
from django.db import transaction

from tests import jobless, people
from tests.channels.kiosk_visitors import at_kiosk, terminal
from tests.channels.visitors import hidden
from yueban.audit import selectors as audit
from yueban.cases.models import Application, Case
from yueban.channels.shared import forms, screens
from yueban.flows import apply
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
SITUATION = "/kiosk/items/road-freight-permit/situation"


def begun(client) -> str:
    """The number of a draft begun at the kiosk."""
    company = people.company_of(people.actor(people.OWNER))
    data = {**people.ANSWERS, "apply.version": people.freight().pk, "apply.party": company}
    answer = client.post("/kiosk/items/road-freight-permit/start", data)
    return answer["Location"].split("/")[3]


def filled() -> dict[str, object]:
    """The whole form by the names of its fields."""
    flat: dict[str, object] = {}
    for key, value in people.FORM.items():
        if key in ("vehicles", "drivers"):
            for index, row in enumerate(value):
                flat |= {f"{key}-{index}-{element}": item for element, item in row.items()}
        else:
            flat[key] = value
    return flat


def next_screen(client, address: str, answers: dict[str, object]):
    """Answer the screen at this address and press on."""
    page = client.get(address).content.decode()
    data = {name: hidden(page, name) for name in ("revision", "screen", "extra")}
    if 'name="is_read_back"' in page:
        data["is_read_back"] = "1"
    names = set(re.findall(r'name="([^"]+)"', page))
    return client.post(
        address.split("?", maxsplit=1)[0],
        data | {name: value for name, value in answers.items() if name in names},
    )


def through_the_form(client, number: str) -> str:
    """Answer every screen; gives the address after the last one."""
    address, answers = f"/kiosk/apply/{number}/", filled()
    for _ in range(40):
        answer = next_screen(client, address, answers)
        assert answer.status_code == 302, answer.content.decode()
        address = answer["Location"]
        if "materials" in address:
            return address
    raise AssertionError("the form has no end")


def test_every_field_of_the_form_stands_on_exactly_one_screen():
    owner = people.actor(people.OWNER)
    draft = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    compiled = draft.item_version.compiled
    known = apply.prefill(owner, draft.number)
    data = forms.prefilled(compiled, {}, known)
    sections = forms.draw(compiled, draft.answers, data, known=known)
    whole = [field.name for section in sections for entry in section.entries for field in entry.fields]
    drawn = screens.screens_of(sections, screens.read_back_of(compiled, known))
    shown = [field.name for screen in drawn for field in screen.fields]
    assert sorted(shown) == sorted(whole)
    assert len(shown) == len(set(shown))


def test_no_screen_asks_for_more_than_three_things_and_what_is_known_comes_first():
    owner = people.actor(people.OWNER)
    draft = apply.start(owner, people.freight().pk, people.ANSWERS, people.company_of(owner))
    compiled, known = draft.item_version.compiled, apply.prefill(owner, draft.number)
    data = forms.prefilled(compiled, {}, known)
    sections = forms.draw(compiled, draft.answers, data, known=known)
    drawn = screens.screens_of(sections, screens.read_back_of(compiled, known))
    assert drawn[0].kind == "known"
    assert all(len(screen.fields) <= 3 for screen in drawn[1:])


def test_questions_stand_one_on_a_screen_and_lead_to_beginning():
    client = terminal()
    page = client.get(SITUATION).content.decode()
    assert "第 1 个问题" in page
    assert page.count("<fieldset") == 1
    query = "&".join(f"{name}={value}" for name, value in people.ANSWERS.items())
    assert "刷身份证，开始填写" in client.get(f"{SITUATION}?{query}").content.decode()


def test_a_whole_application_from_the_first_screen_to_the_slip():
    client = at_kiosk(people.OWNER)
    number = begun(client)
    address = through_the_form(client, number)
    stored = Application.objects.get(number=number)
    assert stored.channel == "kiosk"
    assert stored.form["vehicles"][0]["vehicle.plate"] == "浙D00001"
    assert "要您交" in client.get(address).content.decode()
    for material in apply.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:
            taken = client.post(f"/kiosk/apply/{number}/materials/{material.key}/scan")
            assert taken["Location"].endswith(f"at={material.key}")
            assert "已经拍了 1 页" in client.get(taken["Location"]).content.decode()
    assert client.post(f"/kiosk/apply/{number}/review").status_code == 422
    sent = client.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    case = Case.objects.get()
    assert sent["Location"] == f"/kiosk/my/{case.number}/?submitted=1"
    page = client.get(sent["Location"]).content.decode()
    assert case.number in page
    assert "已经提交" in page
    first = next(iter(audit.events_of(Reference("case", case.number))))
    assert first.actor["channel"] == "kiosk"
    slip = client.post(f"/kiosk/my/{case.number}/slip").content.decode()
    assert "提交凭条" in slip
    assert case.number in slip


def test_an_error_keeps_the_person_on_its_screen_and_what_was_typed_stays():
    client = at_kiosk(people.OWNER)
    number = begun(client)
    through_the_form(client, number)
    wrong = filled() | {"vehicles-0-vehicle.plate": "不是车牌"}
    answer = next_screen(client, f"/kiosk/apply/{number}/?at=vehicles-0-vehicle.plate", wrong)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="不是车牌"' in page
    assert 'aria-invalid="true"' in page


def test_another_row_is_added_and_the_last_one_taken_away():
    client = at_kiosk(people.OWNER)
    number = begun(client)
    through_the_form(client, number)
    here = f"/kiosk/apply/{number}/"
    page = client.get(f"{here}?at=rows:vehicles").content.decode()
    data = {name: hidden(page, name) for name in ("revision", "screen", "extra")}
    added = client.post(here, data | {"go": "add"})
    second = filled() | {"vehicles-1-vehicle.plate": "浙D00002"}
    next_screen(client, added["Location"], second)
    rows = Application.objects.get(number=number).form["vehicles"]
    assert [row["vehicle.plate"] for row in rows] == ["浙D00001", "浙D00002"]
    page = client.get(f"{here}?at=rows:vehicles").content.decode()
    data = {name: hidden(page, name) for name in ("revision", "screen", "extra")}
    client.post(here, data | {"go": "remove"})
    rows = Application.objects.get(number=number).form["vehicles"]
    assert [row["vehicle.plate"] for row in rows] == ["浙D00001"]


def test_what_is_typed_when_the_person_is_called_away_lies_in_his_draft():
    client = at_kiosk(people.OWNER)
    number = begun(client)
    here = f"/kiosk/apply/{number}/?at=vehicles-0-vehicle.plate"
    page = client.get(here).content.decode()
    data = {name: hidden(page, name) for name in ("revision", "screen", "extra")}
    client.post(f"/kiosk/apply/{number}/", data | {"go": "stay", "vehicles-0-vehicle.plate": "浙D00009"})
    client.get("/kiosk/wipe")
    assert Application.objects.get(number=number).form["vehicles"][0]["vehicle.plate"] == "浙D00009"
    assert "接着填" in at_kiosk(people.OWNER).get("/kiosk/my/").content.decode()
    assert "浙D00009" not in at_kiosk(people.STRANGER).get("/kiosk/my/").content.decode()


def ready(client) -> str:
    number = begun(client)
    through_the_form(client, number)
    for material in apply.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:
            client.post(f"/kiosk/apply/{number}/materials/{material.key}/scan")
    return number


def test_a_power_cut_before_the_answer_arrived_doubles_nothing():
    number = ready(at_kiosk(people.OWNER))
    at_kiosk(people.OWNER).post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    again = at_kiosk(people.OWNER)
    answer = again.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    case = Case.objects.get()
    assert answer["Location"] == f"/kiosk/my/{case.number}/"
    assert again.get(f"/kiosk/apply/{number}/")["Location"] == f"/kiosk/my/{case.number}/"
    assert case.number in again.get("/kiosk/my/").content.decode()


def test_a_power_cut_in_the_middle_of_it_loses_nothing(monkeypatch):
    client = at_kiosk(people.OWNER)
    number = ready(client)
    form = Application.objects.get(number=number).form

    def cut(*_arguments: object, **_named: object) -> None:
        raise ConnectionError("the power is gone")

    monkeypatch.setattr(apply.message_texts, "submitted", cut)
    with pytest.raises(ConnectionError), transaction.atomic():
        client.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    monkeypatch.undo()
    assert not Case.objects.exists()
    again = at_kiosk(people.OWNER)
    assert "接着填" in again.get("/kiosk/my/").content.decode()
    assert Application.objects.get(number=number).form == form
    again.post(f"/kiosk/apply/{number}/review", {"agreed": "1"})
    assert Case.objects.count() == 1


def test_an_old_screen_overwrites_nothing():
    client = at_kiosk(people.OWNER)
    number = begun(client)
    here = f"/kiosk/apply/{number}/"
    page = client.get(f"{here}?at=vehicles-0-vehicle.plate").content.decode()
    data = {name: hidden(page, name) for name in ("revision", "screen", "extra")}
    first = client.post(here, data | {"vehicles-0-vehicle.plate": "浙D00001", "go": "stay"})
    assert first.status_code == 302
    stale = client.post(here, data | {"vehicles-0-vehicle.plate": "浙D00002", "go": "stay"})
    assert stale.status_code == 409
    assert "data-kiosk" in stale.content.decode()
    assert Application.objects.get(number=number).form["vehicles"][0]["vehicle.plate"] == "浙D00001"


def test_a_promise_is_signed_at_the_kiosk_and_the_paper_is_no_longer_asked_for():
    draft = jobless.draft()
    client = at_kiosk(jobless.WORKED)
    here = f"/kiosk/apply/{draft.number}/materials"
    assert "可以用承诺代替" in client.get(f"{here}?at={jobless.PROOF}").content.decode()
    assert client.post(f"{here}/{jobless.PROOF}/promise", {"signed_name": "赵样例"}).status_code == 422
    wrong = client.post(f"{here}/{jobless.PROOF}/promise", {"agreed": "1", "signed_name": "别人"})
    assert wrong.status_code == 422
    signed = client.post(f"{here}/{jobless.PROOF}/promise", {"agreed": "1", "signed_name": "赵样例"})
    assert signed.status_code == 302
    assert not jobless.proof(jobless.WORKED, draft.number).is_missing
    assert "承诺代替" in client.get(here).content.decode()
