"""Who may look at claims and lists without application; on real ones: tests/channels/desk/test_claim_pages.py."""

from tests.channels.matrix import NOTHING_THERE, SIGNED_IN, STAFF, Row

CLAIMS = (
    Row("portal:claim-new", (302, 404, 404, 302, 302, 302, 302, 302), lambda _: ["no-such-offer"]),
    Row("portal:claims", SIGNED_IN),
    Row("portal:claim", (302, *(404,) * 7), lambda _: ["SB0"]),
    Row("portal:claim-step", (302, *(404,) * 7), lambda _: ["SB0", "withdraw"], "post"),
    Row("portal:claim-correction", (302, *(404,) * 7), lambda _: ["SB0"]),
    Row("portal:consent", (302, *(404,) * 7), lambda _: ["0"]),
    Row("desk:claims", STAFF),
    Row("desk:claims-export", STAFF),
    Row("desk:claim", NOTHING_THERE, lambda _: ["SB0"]),
    Row("desk:claim-file", NOTHING_THERE, lambda _: ["SB0", "f"]),
    *(
        Row("desk:claim-step", NOTHING_THERE, lambda _, act=act: ["SB0", act], "post")
        for act in ("work", "correct", "propose", "refuse", "amend")
    ),
    Row("desk:auto-lists", STAFF),
    Row("desk:auto-list", NOTHING_THERE, lambda _: ["MS0"]),
    Row("desk:auto-list-step", NOTHING_THERE, lambda _: ["MS0", "check"], "post"),
)
