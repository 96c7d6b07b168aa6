"""Who may look at pushes and have them sent; on real ones: tests/channels/desk/test_push_pages.py."""

from tests.channels.matrix import NO_SUCH_POLICY, NOTHING_THERE, POLICY_STAFF, SIGNED_IN, Row

PUSH = (
    Row("portal:push-settings", SIGNED_IN),
    Row(
        "portal:push-settings", (302, 302, 302, 200, 200, 200, 200, 200), method="post", data={"act": "undo"}
    ),
    *(Row(name, POLICY_STAFF) for name in ("desk:push", "desk:push-export")),
    Row("desk:push-offer", NO_SUCH_POLICY, lambda _world: ["no-such-offer"]),
    Row("desk:push-act", NO_SUCH_POLICY, lambda _world: ["no-such-offer", "send"], "post"),
    Row("desk:push-act", NO_SUCH_POLICY, lambda _world: ["no-such-offer", "save"], "post"),
    Row("desk:push-sent", NOTHING_THERE, lambda _world: ["TS0"]),
    Row("desk:push-segment-delete", NOTHING_THERE, lambda _world: ["999999"], "post"),
)
