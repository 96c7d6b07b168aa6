"""What is said between the platform and a data source, and what of an answer is believed.

Both sides hold one secret. A question is signed over its time, its nonce and its body; an answer over the
question's number, its nonce, the mark of the person asked about and its own body. So an answer to another
question, about another person, or one that was given before, is refused whatever it says.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

CONTRACT: Final = 1
MOMENT, NONCE, SIGNATURE = "X-Yueban-Time", "X-Yueban-Nonce", "X-Yueban-Signature"
LONGEST: Final = 64 * 1024
# Clocks of two departments differ, and a line is slow; what is older was recorded and sent again.
SECONDS_APART: Final = 300


class Result(StrEnum):
    """What a source says: 符合, 不符, 查无."""

    CONFORMS = "conforms"
    DEVIATES = "deviates"
    NOT_FOUND = "not_found"


class Fault(StrEnum):
    """Why there is no answer that could be believed."""

    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    ILL = "ill"
    REFUSED = "refused"
    GARBAGE = "garbage"
    FORGED = "forged"
    REPLAYED = "replayed"
    FOREIGN = "foreign"
    RESTING = "resting"


# These may pass by themselves; of the others asking again at once gives the same.
PASSING: Final = frozenset({Fault.TIMEOUT, Fault.UNREACHABLE, Fault.ILL})


class ContractBroken(Exception):
    """A message that is not what was agreed."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question: its number, what is asked of which register about whom, for which item and why."""

    request: str
    source: str
    item: str
    purpose: str
    asked: str
    id_kind: str
    id_number: str
    name: str

    def to_json(self) -> bytes:
        """The same bytes for the same question."""
        body = {
            "contract": CONTRACT,
            "request": self.request,
            "source": self.source,
            "item": self.item,
            "purpose": self.purpose,
            "asked": self.asked,
            "subject": {"id_kind": self.id_kind, "id_number": self.id_number, "name": self.name},
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True).encode()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the source said, and the digest under which it is kept."""

    result: Result
    digest: str
    facts: Mapping[str, Any]


def mark_of(secret: bytes, request: str, id_kind: str, id_number: str) -> str:
    """Who was asked about, as only the two sides can tell, and for this one question."""
    return _hmac(secret, "subject", request, id_kind, id_number)


def sign_question(secret: bytes, *, moment: str, nonce: str, body: bytes) -> str:
    """The signature of a question."""
    return _hmac(secret, "question", moment, nonce, hashlib.sha256(body).hexdigest())


def sign_answer(secret: bytes, *, request: str, nonce: str, mark: str, body: bytes) -> str:
    """The signature of an answer."""
    return _hmac(secret, "answer", request, nonce, mark, hashlib.sha256(body).hexdigest())


def _hmac(secret: bytes, *parts: str) -> str:
    return hmac.new(secret, "\n".join(parts).encode(), hashlib.sha256).hexdigest()


def headers_of(secret: bytes, *, moment: int, nonce: str, body: bytes) -> dict[str, str]:
    """What goes with a question."""
    signature = sign_question(secret, moment=str(moment), nonce=nonce, body=body)
    return {
        "Content-Type": "application/json",
        MOMENT: str(moment),
        NONCE: nonce,
        SIGNATURE: signature,
    }


def read_question(secret: bytes, headers: Mapping[str, str], body: bytes, *, now: int) -> dict[str, Any]:
    """A question as the source believes it; raises ContractBroken."""
    moment, nonce = headers.get(MOMENT, ""), headers.get(NONCE, "")
    signed = sign_question(secret, moment=moment, nonce=nonce, body=body)
    if not hmac.compare_digest(signed, headers.get(SIGNATURE, "")):
        raise ContractBroken(Fault.FORGED, "signature")
    if abs(now - int(moment)) > SECONDS_APART:
        raise ContractBroken(Fault.REPLAYED, "time")
    return _object(body)


def answer_body(*, request: str, nonce: str, mark: str, result: str, facts: Mapping[str, Any]) -> bytes:
    """An answer as it is sent."""
    said = {"contract": CONTRACT, "request": request, "nonce": nonce, "subject": mark}
    return json.dumps({**said, "result": result, "facts": dict(facts)}, ensure_ascii=False).encode()


def read_answer(secret: bytes, question: Question, nonce: str, signature: str, body: bytes) -> Answer:
    """An answer that may be believed; raises ContractBroken naming what is wrong with it."""
    said = _object(body)
    mark = mark_of(secret, question.request, question.id_kind, question.id_number)
    if said.get("contract") != CONTRACT or not isinstance(said.get("facts", {}), dict):
        raise ContractBroken(Fault.GARBAGE, "shape")
    if said.get("request") != question.request or said.get("nonce") != nonce:
        raise ContractBroken(Fault.REPLAYED, "request")
    if said.get("subject") != mark:
        raise ContractBroken(Fault.FOREIGN, "subject")
    signed = sign_answer(secret, request=question.request, nonce=nonce, mark=mark, body=body)
    if not hmac.compare_digest(signed.encode(), signature.encode()):
        raise ContractBroken(Fault.FORGED, "signature")
    if said.get("result") not in set(Result):
        raise ContractBroken(Fault.GARBAGE, "result")
    digest = hashlib.sha256(body).hexdigest()
    return Answer(result=Result(said["result"]), digest=digest, facts=said.get("facts", {}))


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > LONGEST:
        raise ContractBroken(Fault.GARBAGE, "too long")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ContractBroken(Fault.GARBAGE, "no JSON") from error
    if not isinstance(said, dict):
        raise ContractBroken(Fault.GARBAGE, "no object")
    return said
