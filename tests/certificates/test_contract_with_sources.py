"""The contract with data sources, kept by the adapter and by the counterpart, over a real line."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.sources import SECRET, counterpart
from yueban.certificates.connectors.breaker import Breaker
from yueban.certificates.connectors.calling import HttpConnector, ask_all
from yueban.commands.demo_sources import BEHAVE, Counterpart
from yueban.kernel.data_share import Fault, Question, Result, headers_of

CHEN, STRANGER = "99999919850316001X", "999999196805070099"
QUESTION = Question(
    request="EX01",
    source="社会保险参保信息",
    item="unemployment-registration",
    purpose="办理失业登记",
    asked="减员原因和日期",
    id_kind="resident_id",
    id_number=CHEN,
    name="陈示例",
)


@pytest.fixture
def sources() -> Iterator[Counterpart]:
    """The counterpart, behaving well until it is told otherwise."""
    with counterpart() as server:
        yield server


def connector(sources: Counterpart, **given) -> HttpConnector:
    """The way to one source, patient for half a second."""
    values = {"seconds": 0.5, "tries": 2, "breaker": Breaker(), "sleep": lambda _seconds: None} | given
    return HttpConnector(
        key="social-insurance-status",
        url=f"{sources.url}/social-insurance-status",
        secret=SECRET.encode(),
        **values,
    )


def behave(sources: Counterpart, how: str, seconds: float = 0.0) -> None:
    sources.book.behave("social-insurance-status", how, seconds)


def test_a_known_person_conforms_and_only_a_digest_need_be_kept(sources):
    reply = connector(sources).ask(QUESTION)
    assert (reply.answer.result, reply.fault, reply.tries) == (Result.CONFORMS, None, 1)
    assert len(reply.answer.digest) == 64


def test_a_person_of_whom_the_register_knows_nothing_is_not_found(sources):
    assert connector(sources).ask(replace(QUESTION, id_number=STRANGER)).answer.result == Result.NOT_FOUND


@pytest.mark.parametrize(
    ("how", "fault", "tries"),
    [
        ("fail", Fault.ILL, 2),
        ("refuse", Fault.REFUSED, 1),
        ("garbage", Fault.GARBAGE, 1),
        ("forge", Fault.FORGED, 1),
        ("other_person", Fault.FOREIGN, 1),
    ],
)
def test_what_breaks_the_contract_is_believed_in_nothing(sources, how, fault, tries):
    behave(sources, how)
    reply = connector(sources).ask(QUESTION)
    assert (reply.answer, reply.fault, reply.tries) == (None, fault, tries)


def test_an_answer_given_before_is_refused_whatever_it_says(sources):
    way = connector(sources)
    assert way.ask(QUESTION).answer is not None
    behave(sources, "replay")
    reply = way.ask(replace(QUESTION, request="EX02"))
    assert (reply.answer, reply.fault) == (None, Fault.REPLAYED)
    # Even to the very same question: its nonce is another.
    assert way.ask(QUESTION).fault == Fault.REPLAYED


def test_who_does_not_answer_in_time_is_given_up_within_his_time(sources):
    behave(sources, "lag", 5.0)
    started = time.monotonic()
    reply = connector(sources, seconds=0.2).ask(QUESTION)
    assert (reply.answer, reply.fault, reply.tries) == (None, Fault.TIMEOUT, 2)
    assert time.monotonic() - started < 2


def test_a_line_that_drips_is_cut_off_in_time():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        over = threading.Event()

        def drip() -> None:
            line, _ = listening.accept()
            with line:
                line.recv(65536)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not over.wait(0.05):
                    try:
                        line.sendall(b" ")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        way = HttpConnector(
            key="drips",
            url=f"http://127.0.0.1:{port}/",
            secret=b"s",
            seconds=0.3,
            tries=1,
            breaker=Breaker(),
        )
        started = time.monotonic()
        reply = way.ask(QUESTION)
        over.set()
        dripping.join()
    assert reply.answer is None
    assert reply.fault in (Fault.TIMEOUT, Fault.UNREACHABLE, Fault.GARBAGE)
    assert time.monotonic() - started < 2


def test_where_nobody_listens_there_is_a_fault_and_no_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    way = HttpConnector(
        key="gone", url=f"http://127.0.0.1:{port}/x", secret=b"s", tries=2, sleep=lambda _s: None
    )
    assert way.ask(QUESTION).fault == Fault.UNREACHABLE


def test_a_source_that_flips_gives_one_answer_after_another(sources):
    behave(sources, "flip")
    way = connector(sources)
    said = [way.ask(replace(QUESTION, request=f"EX{turn}")).answer.result for turn in range(4)]
    assert said == [Result.CONFORMS, Result.DEVIATES] * 2


def test_after_some_faults_a_source_is_left_in_peace_and_tried_once_after_its_rest(sources):
    behave(sources, "fail")
    moment = [0.0]
    breaker = Breaker(failures=3, rest_seconds=30, now=lambda: moment[0])
    way = connector(sources, breaker=breaker)
    faults = [way.ask(QUESTION).fault for _ in range(3)]
    assert faults == [Fault.ILL, Fault.ILL, Fault.RESTING]
    assert breaker.is_resting(way.key)
    behave(sources, "well")
    assert way.ask(QUESTION).fault == Fault.RESTING
    moment[0] = 31.0
    assert way.ask(QUESTION).answer is not None
    assert not breaker.is_resting(way.key)


def test_only_one_call_tries_a_source_after_its_rest():
    moment = [0.0]
    breaker = Breaker(failures=1, rest_seconds=10, now=lambda: moment[0])
    breaker.tell("one", is_well=False)
    assert not breaker.may_call("one")
    moment[0] = 11.0
    assert [breaker.may_call("one") for _ in range(3)] == [True, False, False]
    breaker.tell("one", is_well=False)
    assert not breaker.may_call("one")


def test_several_sources_are_asked_side_by_side(sources):
    behave(sources, "lag", 0.3)
    way = connector(sources, seconds=2.0)
    started = time.monotonic()
    replies = ask_all([(way, replace(QUESTION, request=f"EX{turn}")) for turn in range(6)])
    assert [reply.answer.result for reply in replies] == [Result.CONFORMS] * 6
    assert time.monotonic() - started < 1.5


def test_the_counterpart_believes_no_question_that_is_forged_old_or_sent_twice(sources):
    body, now = QUESTION.to_json(), int(time.time())
    good = headers_of(SECRET.encode(), moment=now, nonce="n1", body=body)
    forged = headers_of(b"somebody else's", moment=now, nonce="n2", body=body)
    old = headers_of(SECRET.encode(), moment=now - 3600, nonce="n3", body=body)
    assert [post(sources, body, one) for one in (good, good, forged, old)] == [200, 409, 401, 401]
    changed = body.replace(CHEN.encode(), STRANGER.encode())
    assert post(sources, changed, headers_of(SECRET.encode(), moment=now, nonce="n4", body=body)) == 401


def test_the_counterpart_is_told_over_the_line_how_to_behave(sources):
    told = json.dumps({"source": "*", "how": "fail"}).encode()
    assert post(sources, told, {}, BEHAVE) == 200
    assert connector(sources).ask(QUESTION).fault == Fault.ILL
    assert post(sources, b'{"source": "*", "how": "dance"}', {}, BEHAVE) == 400


def post(
    sources: Counterpart, body: bytes, headers: dict[str, str], path: str = "/social-insurance-status"
) -> int:
    request = urllib.request.Request(sources.url + path, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
