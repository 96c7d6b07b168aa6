"""The channels that must be equal. A new one joins by an entry: it says where it stands and reads what it shows."""

from typing import Protocol

from yueban.commands.parity.api import Api
from yueban.commands.parity.desk import Intake
from yueban.commands.parity.kiosk import Kiosk
from yueban.commands.parity.places import Crew, Desk, Person, Place
from yueban.commands.parity.portal import PHONE, Portal
from yueban.commands.parity.reading import Reading


class Channel(Protocol):
    """One way to the same item."""

    @property
    def key(self) -> str:
        """A short word for it."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def family(self) -> str:
        """What it shares its programs with: the three looks of the portal, the desks."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """Whom it takes in: a helper serves the people of his village, companies go to the window."""

    def spots(self, place: Place) -> list[Desk | None]:
        """Where it stands for this place: at these desks, once without a desk (None), or nowhere."""

    def read(self, crew: Crew, person: Person, desk: Desk | None) -> Reading:
        """Lead the applicant through and read what is shown; raises PageUnread."""


CHANNELS: tuple[Channel, ...] = (
    Portal("computer", "电脑"),
    Portal("phone", "手机", agent=PHONE),
    Portal("elder", "长辈版", view="elder"),
    Intake("window", "窗口", levels=("city", "county", "town")),
    Intake("helper", "村（社区）代办", levels=("village",), kinds=("person",)),
    Kiosk("kiosk", "自助机"),
    Api("api", "开放接口"),
)
