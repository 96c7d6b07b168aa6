"""Who may look at tickets and do what with them; on real ones: tests/channels/desk/test_tickets.py."""

from tests.channels.matrix import EVERYBODY, NOTHING_THERE, STAFF, Row

NOWHERE = (404,) * 8
TICKETS = (
    Row("desk:tickets", STAFF),
    Row("desk:tickets-export", STAFF),
    Row("desk:ticket", NOTHING_THERE, lambda _world: ["GD0"]),
    *(
        Row("desk:ticket-step", NOTHING_THERE, lambda _world, act=act: ["GD0", act], "post")
        for act in ("take", "answer", "back", "on", "close", "note", "phone")
    ),
    Row("portal:tickets", EVERYBODY),
    Row("portal:ticket", NOWHERE, lambda _world: ["GD0"]),
    *(
        Row("portal:ticket-step", NOWHERE, lambda _world, act=act: ["GD0", act], "post")
        for act in ("close", "again", "withdraw")
    ),
)
