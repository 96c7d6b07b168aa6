"""外设: what a kiosk reads, prints and sees with, whatever drives it, and what to do when one of them does not work.

Two kinds stand behind the same interface: those of the demonstration (`demo_devices`) and those of a real terminal,
driven by a program on it that speaks the protocol of docs/howto/connect-a-kiosk.md (`agent_devices`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yueban.flows.kiosk_sign_in import Card
from yueban.outlets.choices import KioskPart


class State(StrEnum):
    """How a peripheral is."""

    READY = "ready"
    NO_CARD = "no_card"
    OUT_OF_PAPER = "out_of_paper"
    JAMMED = "jammed"
    UNPLUGGED = "unplugged"
    TIMEOUT = "timeout"
    FAILED = "failed"


STATES: Final = frozenset(State)
SAID: Final = {
    State.READY: gettext_noop("正常"),
    State.NO_CARD: gettext_noop("没有读到身份证"),
    State.OUT_OF_PAPER: gettext_noop("没有纸了"),
    State.JAMMED: gettext_noop("卡纸了"),
    State.UNPLUGGED: gettext_noop("没有接好"),
    State.TIMEOUT: gettext_noop("没有应答"),
    State.FAILED: gettext_noop("出了故障"),
}
TO_DO: Final = {
    State.NO_CARD: gettext_noop("请把身份证平放在读卡区，听到提示音再拿开，然后重新读一次。"),
    State.OUT_OF_PAPER: gettext_noop("请工作人员加纸后再试；也可以用旁边的终端，或在手机上查看。"),
    State.JAMMED: gettext_noop("请不要用力拉纸，请工作人员取出后再试；也可以用旁边的终端。"),
    State.UNPLUGGED: gettext_noop("请工作人员检查连接；也可以用旁边的终端，或到窗口办理。"),
    State.TIMEOUT: gettext_noop("请看出纸口有没有纸出来；没有的，再试一次，还不行请找工作人员。"),
    State.FAILED: gettext_noop("请用旁边的终端，或到窗口办理，并告诉工作人员。"),
}


class DeviceTrouble(Exception):
    """A peripheral did not do what it was asked; what the person has filled in is not touched by it."""

    def __init__(self, part: KioskPart, state: State) -> None:
        super().__init__(f"{part}: {state}")
        self.part, self.state = part, state

    @property
    def sentence(self) -> str:
        """What is wrong: 小票打印机没有纸了。"""
        return _("%(part)s：%(state)s。") % {"part": _(str(self.part.label)), "state": _(SAID[self.state])}

    @property
    def to_do(self) -> str:
        """What to do now."""
        return _(TO_DO[self.state]) if self.state in TO_DO else ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that the camera took, as a file."""

    content: bytes
    name: str


class CardReader(Protocol):
    """身份证读卡器."""

    def read(self) -> Card:
        """The card that lies on it; raises DeviceTrouble."""


class Printer(Protocol):
    """A printer of slips or of sheets."""

    def print(self, pdf: bytes) -> None:
        """Print all pages; raises DeviceTrouble, and then what came out is not known."""


class Scanner(Protocol):
    """高拍仪."""

    def scan(self) -> Page:
        """What lies under it; raises DeviceTrouble."""


class Devices(Protocol):
    """The peripherals of one kiosk; one that it does not have raises DeviceTrouble(unplugged)."""

    is_demo: bool

    def card_reader(self) -> CardReader:
        """身份证读卡器."""

    def slip_printer(self) -> Printer:
        """小票打印机, 80 mm."""

    def a4_printer(self) -> Printer:
        """A4 打印机."""

    def scanner(self) -> Scanner:
        """高拍仪."""

    def states(self) -> dict[KioskPart, State]:
        """How each is now, for the people who look after the kiosk."""
