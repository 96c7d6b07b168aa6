"""What a machine said of an upload stands beside the file: for whoever puts it up, and for whoever reviews it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from tests.channels.kiosk_visitors import at_kiosk
from tests.channels.visitors import visitor
from yueban.flows import apply
from yueban.kernel import clock
from yueban.prechecks.choices import Doubt, PrecheckState
from yueban.prechecks.models import Precheck

pytestmark = pytest.mark.django_db
SENTENCES = {
    Doubt.OTHER_DOCUMENT: "这张看起来是营业执照，这里要的是行驶证",
    Doubt.NOT_RECOGNISED: "没有认出这是行驶证",
    Doubt.NO_TEXT: "几乎没有看到字",
    Doubt.OTHER_NAME: "上面的名字像是“王*国”",
    Doubt.BAD_NUMBER: "上面的号码（王*国）校验位对不上",
    Doubt.EXPIRED: "有效期到2025年5月31日，已经过期",
}


@pytest.fixture
def draft():
    return people.draft()


def settle(state: str, *doubts: Doubt, **changes: object) -> None:
    """What the machine would have said of every file."""
    Precheck.objects.update(
        state=state,
        seen="business-licence",
        material="vehicle-licence",
        findings=[{"doubt": one.value, "said": "王*国", "on": "2025-05-31"} for one in doubts],
        **changes,
    )


def page_of(number: str, **headers: str) -> str:
    return visitor(people.OWNER).get(f"/apply/{number}/materials", headers=headers).content.decode()


def test_while_the_machine_looks_the_page_asks_again(draft):
    page = page_of(draft.number)
    assert "机器正在看" in page
    assert f'hx-get="/apply/{draft.number}/materials"' in page
    Precheck.objects.update(asked_at=clock.now() - timedelta(minutes=5))
    page = page_of(draft.number)
    assert "机器还没有看完，不影响您提交" in page
    assert 'hx-trigger="load' not in page


@pytest.mark.parametrize("doubt", SENTENCES)
def test_each_doubt_says_what_is_seen_and_what_to_do(draft, doubt):
    settle(PrecheckState.DOUBTS, doubt)
    page = page_of(draft.number)
    assert SENTENCES[doubt] in page
    assert "仅供参考，由您决定" in page


def test_the_kiosk_says_it_beside_the_page_that_was_taken(draft):
    settle(PrecheckState.DOUBTS, Doubt.NO_TEXT)
    page = at_kiosk(people.OWNER).get(f"/kiosk/apply/{draft.number}/materials?at=safety-rules")
    assert SENTENCES[Doubt.NO_TEXT] in page.content.decode()


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (PrecheckState.FINE, "机器看过，没有看出问题"),
        (PrecheckState.ABSENT, "这里没有装机器预检，由工作人员查看"),
        (PrecheckState.FAILED, "机器没能看这个文件，由工作人员查看"),
    ],
)
def test_each_outcome_has_its_words(draft, state, sentence):
    settle(state)
    page = page_of(draft.number)
    assert sentence in page
    assert 'hx-trigger="load' not in page


def test_in_english_the_doubts_are_english(draft):
    settle(PrecheckState.DOUBTS, *SENTENCES)
    client = visitor(people.OWNER)
    client.cookies["django_language"] = "en"
    page = client.get(f"/apply/{draft.number}/materials").content.decode()
    assert "the valid-until date" in page.lower()
    assert "有效期到" not in page


def questions(number: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        page_of(number)
    return len(asked)


def test_the_page_asks_no_more_questions_however_many_files(draft):
    owner, key = people.actor(people.OWNER), draft.files.first().material_key
    questions(draft.number)
    few = questions(draft.number)
    for number in range(4):
        apply.attach_file(owner, draft.number, key, BytesIO(people.PDF + bytes([number])), f"{number}.pdf")
    assert questions(draft.number) == few


def test_the_reviewer_sees_the_doubts_beside_the_file(draft):
    settle(PrecheckState.DOUBTS, Doubt.OTHER_DOCUMENT)
    case = apply.submit(people.actor(people.OWNER), draft.number)
    key = draft.files.first().material_key
    page = visitor(people.CLERK).get(f"/desk/cases/{case.number}/?paper=m-{key}").content.decode()
    assert SENTENCES[Doubt.OTHER_DOCUMENT] in page
    assert "机器看的，仅供参考" in page
    assert "换一张" not in page
