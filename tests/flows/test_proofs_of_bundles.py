"""免证 within a 一件事: asked and promised once for a merged material, kept and looked at for each child by itself."""

import copy
import io
from datetime import timedelta

import pytest

from tests import bundles, people
from tests.flows.moments import set_now
from tests.sources import counterpart
from yueban.approvals.choices import TaskKind
from yueban.approvals.models import Task
from yueban.cases import selectors as cases
from yueban.cases.errors import ApplicationInvalid, CaseMoveNotPossible
from yueban.certificates import selectors as certificates
from yueban.certificates import services as certificates_write
from yueban.certificates.choices import CertificateStatus, PromiseState
from yueban.certificates.errors import PromiseInvalid, PromiseRefused
from yueban.flows import bundle, bundle_window, promises, prove
from yueban.kernel import clock
from yueban.kernel.actor import SYSTEM
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
SOURCE, KEY = "市场监管登记信息", "company-register"
WORDS = "本单位承诺安全生产管理制度已经建立并执行。"
PROMISE = {"way": "promise", "text": WORDS}


@pytest.fixture
def sources():
    with counterpart() as server:
        yield server


def publish(monkeypatch, ways, *, of: str = "ac", other: object = None):
    """A and C ask for the same paper in these ways; `other` = C's own ways, where they differ."""
    wanted = copy.deepcopy(bundles.WANTED)
    for key in of:
        fields, _materials, certificate = wanted[key]
        satisfy = other if other is not None and key == "c" else ways
        wanted[key] = (fields, [{**bundles.PAPER, "satisfy": satisfy}], certificate)
    monkeypatch.setattr(bundles, "WANTED", wanted)
    return bundles.publish_bundle(edges=[])


def begun(version):
    """A draft with the one form filled, without any file."""
    owner = people.actor(people.OWNER)
    draft = bundle.start(owner, version.pk, {}, people.company_of(owner))
    form = bundles.FORM | {"freight.permit_number": "浙交运管许可绍字330602000001号"}
    bundle.save_draft(owner, draft.number, form, None)
    return owner, draft


def paper_of(owner, draft):
    return next(
        one
        for one in bundle.check(owner, draft.number).materials
        if one.canonical == bundles.PAPER["canonical"]
    )


def attach_rest(owner, draft):
    for material in bundle.check(owner, draft.number).materials:
        if material.is_missing:
            bundle.attach_file(owner, draft.number, material.key, io.BytesIO(people.PDF), "a.pdf")


def test_one_promise_serves_each_child_and_is_looked_at_for_each(monkeypatch):
    version = publish(monkeypatch, [PROMISE, {"way": "upload"}])
    owner, draft = begun(version)
    paper = paper_of(owner, draft)
    assert (paper.way, paper.is_missing) == ("promise", True)
    with pytest.raises(PromiseInvalid):
        prove.promise(owner, draft.number, paper.key, "别人")
    signed = prove.promise(owner, draft.number, paper.key, owner.name)
    assert prove.promise(owner, draft.number, paper.key, owner.name) == signed
    attach_rest(owner, draft)
    made = bundle.submit(owner, draft.number)
    bundle_window.receive_all(people.actor(people.CLERK), made.number)
    kept = []
    for key in "ac":
        case = bundles.decided(made, key, is_granted=True)
        assert case.materials.get(key="rules").way == "promise"
        (own,) = certificates.promises_of(Reference("case", case.number))
        assert (own.item_name, own.text, own.check_due_on is not None) == (case.item_name, WORDS, True)
        assert Task.objects.filter(reference_number=case.number, kind=TaskKind.AFTERCHECK).count() == 1
        kept.append(own)
    assert len({signed.number, *(one.number for one in kept)}) == 3
    task = Task.objects.get(key=f"{promises.PREFIX}{kept[0].number}")
    promises.finish(people.actor(people.REVIEWER), task.pk, is_kept=False, finding="没有制度。")
    kept[1].refresh_from_db()
    assert kept[1].state == PromiseState.STANDING
    assert certificates.find_bar(draft.party_id) is not None


def test_where_one_authority_takes_no_promise_the_paper_is_handed_in_for_all(monkeypatch):
    version = publish(monkeypatch, [PROMISE, {"way": "upload"}], other=[{"way": "upload"}])
    owner, draft = begun(version)
    paper = paper_of(owner, draft)
    assert (paper.way, paper.promise_text) == ("upload", "")
    with pytest.raises(PromiseRefused):
        prove.promise(owner, draft.number, paper.key, owner.name)


def test_who_is_barred_falls_through_to_the_next_rung(monkeypatch):
    version = publish(monkeypatch, [PROMISE, {"way": "upload"}])
    owner, draft = begun(version)
    certificates_write.bar_from_promising(
        party=draft.party, source="严重失信主体名单（演示）", starts_on=clock.today(), ends_on=None
    )
    paper = paper_of(owner, draft)
    assert paper.way == "upload"
    with pytest.raises(PromiseRefused):
        prove.promise(owner, draft.number, paper.key, owner.name)


def test_a_promise_taken_back_is_missing_again(monkeypatch):
    version = publish(monkeypatch, [PROMISE, {"way": "upload"}])
    owner, draft = begun(version)
    key = paper_of(owner, draft).key
    prove.promise(owner, draft.number, key, owner.name)
    prove.take_promise_back(owner, draft.number, key)
    attach_rest(owner, draft)
    assert paper_of(owner, draft).way == "upload" or paper_of(owner, draft).files
    with pytest.raises(PromiseRefused):
        prove.promise(owner, draft.number, "card", owner.name)


SHARE = [{"way": "share", "source": SOURCE, "subject": "登记状态"}, {"way": "upload"}]


def test_a_source_is_asked_once_and_each_child_keeps_the_answer(monkeypatch, sources):
    version = publish(monkeypatch, SHARE)
    owner, draft = begun(version)
    attach_rest(owner, draft)
    made = bundle.submit(owner, draft.number)
    asked = certificates.exchanges_of(Reference("application", draft.number))
    assert asked.count() == 1
    for key in "ac":
        case = bundles.case_of(made, key)
        (row,) = certificates.satisfactions_of(Reference("case", case.number)).filter(material_key="rules")
        assert (row.way, row.request) == ("share", asked[0].number)
        assert [one.number for one in cases.asked_for(case)["rules"]] == [asked[0].number]


@pytest.mark.parametrize("how", ["fail", "garbage", "forge", "other_person", "flip", "replay"])
def test_whatever_a_source_does_the_children_are_handed_in(monkeypatch, sources, how):
    version = publish(monkeypatch, SHARE)
    owner, draft = begun(version)
    if how == "replay":
        prove.ask_sources(owner, draft.number)
        set_now(2026, 11, 24)
    sources.book.behave(KEY, how)
    prove.ask_sources(owner, draft.number)
    if how == "flip":
        monkeypatch.setattr(clock, "now", lambda _now=clock.now: _now() + timedelta(days=2))
        prove.ask_sources(owner, draft.number)
    paper = paper_of(owner, draft)
    # The owner's people are asked in its place: nothing is asked of the company, and nothing waits.
    assert paper.way in ("check", "share")
    attach_rest(owner, draft)
    made = bundle.submit(owner, draft.number)
    ways = {key: bundles.case_of(made, key).materials.get(key="rules").way for key in "ac"}
    assert set(ways.values()) == {paper_of(owner, draft).way}


def test_a_certificate_revoked_meanwhile_stops_that_child_and_no_other(monkeypatch):
    ways = [{"way": "certificate", "certificate_type": "business-licence"}, {"way": "upload"}]
    version = publish(monkeypatch, ways, other=[{"way": "upload"}])
    owner, draft = begun(version)
    attach_rest(owner, draft)
    made = bundle.submit(owner, draft.number)
    bundle_window.receive_all(people.actor(people.CLERK), made.number)
    relied = [key for key in "ac" if uses_certificate(bundles.case_of(made, key))]
    assert "a" in relied
    held = certificates.satisfactions_of(Reference("case", bundles.case_of(made, "a").number))
    certificate = held.get(material_key="rules").certificate
    certificates_write.end_certificates(
        source=Reference(certificate.source_kind, certificate.source_number),
        status=CertificateStatus.REVOKED,
        reason="演示吊销",
        actor=SYSTEM,
    )
    with pytest.raises(CaseMoveNotPossible, match="营业执照（吊销）"):
        bundles.decided(made, "a", is_granted=True)
    assert bundles.decided(made, "b", is_granted=True).decided_at is not None


def uses_certificate(case):
    rows = certificates.satisfactions_of(Reference("case", case.number))
    return rows.filter(material_key="rules").exclude(certificate=None).exists()


def test_nothing_is_handed_in_with_the_promise_of_a_bundle_unsigned(monkeypatch):
    version = publish(monkeypatch, [PROMISE, {"way": "upload"}])
    owner, draft = begun(version)
    with pytest.raises(ApplicationInvalid):
        bundle.submit(owner, draft.number)
