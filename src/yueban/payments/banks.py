"""The seam to the bank: what is asked and answered, and the adapter that asks over HTTP.

A request carries the attempt's number: however often it is sent, the bank pays it once and answers the same.
"""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from http.client import HTTPException
from typing import Protocol

from yueban.kernel import clock
from yueban.payments.errors import BankUnavailable

SIGNATURE, MOMENT = "X-Yueban-Signature", "X-Yueban-Time"
TIMEOUT_SECONDS = 5.0
TRIES = 3
PAUSE_SECONDS = 0.2
SERVER_FAULT = 500
LONGEST_ANSWER = 64 * 1024
LONGEST_FILE = 16 * 1024 * 1024


class BankState(StrEnum):
    """What the bank says of a number."""

    ACCEPTED = "accepted"
    PAID = "paid"
    RETURNED = "returned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One payment as the bank is asked for it."""

    number: str
    amount: Decimal
    account: str
    name: str
    purpose: str

    def to_json(self) -> bytes:
        """The same bytes for the same payment."""
        return json.dumps(
            {
                "number": self.number,
                "amount": str(self.amount),
                "account": self.account,
                "name": self.name,
                "purpose": self.purpose,
            },
            ensure_ascii=False,
            sort_keys=True,
        ).encode()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the bank answered; `reason` says why money came back."""

    state: BankState
    reference: str = ""
    reason: str = ""


class Bank(Protocol):
    """What every bank behind the seam can do."""

    def pay(self, instruction: Instruction) -> Answer:
        """Ask for a payment; asking again changes nothing. Raises BankUnavailable."""

    def query(self, number: str) -> Answer:
        """What came of a number; UNKNOWN when the bank never got it. Raises BankUnavailable."""

    def pay_batch(self, number: str, content: bytes) -> bytes | None:
        """Hand in a batch file, or ask after it by the same file: the answer file, None when there is none yet."""


def sign(key: bytes, *, method: str, path: str, moment: str, body: bytes) -> str:
    """HMAC-SHA256 over method, path, time and the digest of the body."""
    message = "\n".join([method, path, moment, hashlib.sha256(body).hexdigest()])
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class HttpBank:
    """A bank at an address: signed requests, a timeout, and a few tries where the line or the server fails."""

    url: str
    key: bytes
    timeout: float = TIMEOUT_SECONDS
    tries: int = TRIES
    sleep: Callable[[float], None] = time.sleep

    def pay(self, instruction: Instruction) -> Answer:
        """POST /payments; the number makes a repeated request the same payment."""
        return self._ask_state("POST", "/payments", instruction.to_json())

    def query(self, number: str) -> Answer:
        """GET /payments/<number>."""
        return self._ask_state("GET", f"/payments/{number}", b"")

    def pay_batch(self, number: str, content: bytes) -> bytes | None:
        """POST /batches/<number>; an empty answer means that the bank is still at work."""
        return self._ask("POST", f"/batches/{number}", content, longest=LONGEST_FILE) or None

    def _ask_state(self, method: str, path: str, body: bytes) -> Answer:
        return _read_state(self._ask(method, path, body, check=_read_state))

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        longest: int = LONGEST_ANSWER,
        check: Callable[[bytes], object] = bytes,
    ) -> bytes:
        """The signed body of an answer that `check` can read, after a few tries."""
        fault = ""
        for turn in range(self.tries):
            if turn:
                self.sleep(PAUSE_SECONDS * 2**turn)
            try:
                said = self._ask_once(method, path, body, longest)
                check(said)
            except urllib.error.HTTPError as error:
                with error:
                    fault = f"HTTP {error.code}"
                    if error.code < SERVER_FAULT:
                        break
            except (OSError, ValueError, KeyError, TypeError, RecursionError, HTTPException) as error:
                fault = type(error).__name__
            else:
                return said
        raise BankUnavailable(
            f"银行没有给出可用的答复（{fault}）。", hint="稍后会用同一编号再问，不会重复支付。"
        )

    def _ask_once(self, method: str, path: str, body: bytes, longest: int) -> bytes:
        moment = str(int(clock.now().timestamp()))
        request = urllib.request.Request(
            self.url.rstrip("/") + path,
            data=body or None,
            method=method,
            headers={
                "Content-Type": "text/csv" if path.startswith("/batches/") else "application/json",
                MOMENT: moment,
                SIGNATURE: sign(self.key, method=method, path=path, moment=moment, body=body),
            },
        )
        with urllib.request.urlopen(request, timeout=self.timeout) as response:
            said: bytes = response.read(longest)
            expected = sign(self.key, method="ANSWER", path=path, moment=moment, body=said)
            if not hmac.compare_digest(expected.encode(), response.headers.get(SIGNATURE, "").encode()):
                raise ValueError("unsigned answer")
        return said


def _read_state(said: bytes) -> Answer:
    data = json.loads(said)
    return Answer(
        state=BankState(data["state"]), reference=str(data["reference"]), reason=str(data["reason"])
    )
