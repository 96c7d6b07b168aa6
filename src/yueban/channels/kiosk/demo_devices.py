"""演示外设: nothing is connected. The card is chosen on the screen, what is printed is shown, a page is made up.

To show what happens then, each can be put out of paper, unplugged or jammed on the page of the peripherals.
"""

import secrets
from collections.abc import Collection, Mapping

from yueban.channels.kiosk.devices import STATES, DeviceTrouble, Page, State
from yueban.flows import kiosk_sign_in
from yueban.flows.kiosk_sign_in import Card
from yueban.outlets.choices import KioskPart

PAGE = """%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length {length}>>stream
{drawing}
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
DRAWING = "BT /F 28 Tf 60 760 Td (DEMO SCAN) Tj 0 -40 Td /F 14 Tf (page {number}, no real document) Tj ET"


class DemoCardReader:
    """Reads the card that was chosen on the screen."""

    def __init__(self, username: str) -> None:
        self.username = username

    def read(self) -> Card:
        """The card of a member of the cast."""
        return kiosk_sign_in.demo_card(self.username)


class DemoPrinter:
    """Prints nothing; what would come out is shown on the screen."""

    def print(self, pdf: bytes) -> None:
        """Only that there is something to print."""
        assert pdf.startswith(b"%PDF-")


class DemoScanner:
    """Makes up a page that says that it is one."""

    def scan(self) -> Page:
        """A page of its own each time."""
        number = secrets.token_hex(3)
        drawing = DRAWING.format(number=number)
        content = PAGE.format(length=len(drawing), drawing=drawing)
        return Page(content.encode(), f"高拍仪拍摄（演示）{number}.pdf")


class DemoDevices:
    """The parts that the kiosk is stated to have, in the state they were put into."""

    is_demo = True

    def __init__(self, parts: Collection[str], troubles: Mapping[str, str], *, card: str = "") -> None:
        self.parts, self.troubles, self.card = parts, troubles, card

    def _check(self, part: KioskPart) -> None:
        state = self.states()[part]
        if state != State.READY:
            raise DeviceTrouble(part, state)

    def card_reader(self) -> DemoCardReader:
        """演示读卡器."""
        self._check(KioskPart.CARD_READER)
        return DemoCardReader(self.card)

    def slip_printer(self) -> DemoPrinter:
        """演示小票打印机."""
        self._check(KioskPart.SLIP_PRINTER)
        return DemoPrinter()

    def a4_printer(self) -> DemoPrinter:
        """演示 A4 打印机."""
        self._check(KioskPart.A4_PRINTER)
        return DemoPrinter()

    def scanner(self) -> DemoScanner:
        """演示高拍仪."""
        self._check(KioskPart.SCANNER)
        return DemoScanner()

    def states(self) -> dict[KioskPart, State]:
        """Unplugged where the kiosk has none, else as it was put."""
        found = {}
        for part in KioskPart:
            said = self.troubles.get(part, "")
            state = State(said) if said in STATES else State.READY
            found[part] = state if part in self.parts else State.UNPLUGGED
        return found
