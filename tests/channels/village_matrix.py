"""The villager's case × everybody of village, town, county, bureau and bank: the second half of the matrix.

The rows are those of tests/channels/matrix.py that name a case, a draft, an order or a rating; the columns are the
people that a case handed in by a helper meets, and their neighbours, who must find nothing.
"""

from dataclasses import replace

from tests import village_bundle
from tests.channels.api_matrix import API, NEEDS_A_KEY
from tests.channels.bundle_matrix import bundle_number
from tests.channels.matrix import (
    WORDS,
    Row,
    World,
    act,
    case_document,
    case_number,
    draft_number,
    order_act,
    order_number,
)

# helper of the village · helper of the next one · clerk of the town · reviewer of the town · checker of the
# insurance centre · reviewer, decider, payer of the county's bureau · employee with a company's mandate · clerk of
# the county's hall · supervisor of the county · a citizen · reviewer of another bureau · reviewer of another county
NEIGHBOURS: tuple[str, ...] = (
    "helper-xu",
    "helper-he",
    "clerk-lu",
    "reviewer-shi",
    "checker-qi",
    "reviewer-tao",
    "decider-kong",
    "payer-cao",
    "sun",
    "clerk-zhou",
    "supervisor-ji",
    "zhao",
    "reviewer-zheng",
    "reviewer-han",
)
#        xu   he   lu   shi  qi   tao  kong cao  sun  zhou ji   zhao zheng han
SEEN = (200, 404, 200, 200, 200, 200, 200, 200, 403, 404, 200, 403, 404, 404)
REFUSED_ON_PORTAL = (403, 404, 403, 403, 403, 403, 403, 403, 404, 404, 403, 404, 404, 404)
NOBODY_ON_PORTAL = (404,) * 14
NO_TERMINAL = (302,) * 14
NO_HEARING = (409, 404, 409, 409, 409, 409, 409, 409, 404, 404, 409, 404, 404, 404)
PUT_ASIDE = (302, 404, 302, 302, 302, 302, 302, 302, 403, 404, 302, 403, 404, 404)
NO_SAMPLE = (403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 404, 403, 403, 403)
ACT_NOT_NOW = (409, 404, 409, 409, 409, 409, 409, 409, 403, 404, 409, 403, 404, 404)
PREVIEWED = (403, 404, 403, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404, 404)
# While the notice runs nobody has the case on his desk: whole numbers are for nobody.
UNMASKED = (403, 404, 403, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404, 404)
VERIFIED = (403, 403, 403, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403)
DRAFTED = (200, 404, 404, 404, 404, 404, 404, 404, 403, 404, 404, 403, 404, 404)
TAKES_IN = (200, 404, 200, 403, 403, 403, 403, 403, 403, 200, 403, 403, 403, 403)
AT_INTAKE = (409, 404, 409, 403, 403, 403, 403, 403, 403, 404, 403, 403, 404, 404)
# Only received yet: whoever looks through it later has no task in it so far.
BUNDLE_SEEN = (200, 404, 200, 404, 404, 200, 200, 200, 403, 404, 200, 403, 404, 404)
BUNDLE_RECEIVED = (403, 404, 302, 404, 404, 403, 403, 403, 403, 404, 403, 403, 404, 404)
BUNDLE_REFUSED = (403, 404, 403, 404, 404, 403, 403, 403, 404, 404, 403, 404, 404, 404)
PAYMENT = (404, 404, 404, 404, 404, 404, 404, 200, 403, 404, 200, 403, 404, 404)
# Of an order that is not paid a supervisor sees nothing to do; its payer is shown the form and refused on sending.
RECOVERY = (404, 404, 404, 404, 404, 404, 404, 200, 403, 404, 403, 403, 404, 404)
NO_WORKBOOK = (404, 404, 404, 404, 404, 404, 404, 404, 403, 404, 404, 403, 404, 404)
RATED = (404, 404, 404, 404, 404, 200, 200, 404, 403, 404, 200, 403, 404, 404)


def bundle_draft(world: World) -> list[str]:
    assert world.bundle_draft is not None, "this world has no draft of a bundle"
    return [world.bundle_draft.number]


VILLAGE_MATRIX = (
    Row("portal:case", NOBODY_ON_PORTAL, case_number),
    Row("portal:document", NOBODY_ON_PORTAL, case_document),
    Row("portal:supplement", NOBODY_ON_PORTAL, case_number),
    Row("portal:withdraw", REFUSED_ON_PORTAL, case_number, "post"),
    Row("portal:rate-case", NOBODY_ON_PORTAL, case_number, "post"),
    Row("portal:form", NOBODY_ON_PORTAL, draft_number),
    Row("portal:autosave", NOBODY_ON_PORTAL, draft_number, "post"),
    Row("portal:preview", NOBODY_ON_PORTAL, draft_number),
    Row("portal:discard", NOBODY_ON_PORTAL, draft_number, "post"),
    # Without a registered terminal nobody is let in, whoever he is.
    *(
        Row(f"kiosk:{name}", NO_TERMINAL, case_number, method)
        for name, method in (("case", "get"), ("slip", "post"))
    ),
    *(Row(f"kiosk:{name}", NO_TERMINAL, draft_number) for name in ("form", "materials", "review")),
    Row("desk:case", SEEN, case_number),
    Row("desk:document", SEEN, case_document),
    # A file of the case is no workbook of an editor, whoever asks for it under that address.
    Row("desk:item-returned", NO_WORKBOOK, lambda w: [w.file.number]),
    Row("desk:verify-case", VERIFIED, case_number),
    Row("desk:preview", PREVIEWED, case_number),
    Row("desk:unmask", UNMASKED, case_number, "post", {"paper": "form", "purpose": "核对本件材料"}),
    Row("desk:handed-in", SEEN, case_number),
    Row("desk:slip", SEEN, lambda w: [w.case.number, "slip"]),
    Row("desk:assist-collect", AT_INTAKE, case_number, "post", WORDS),
    Row("desk:act", ACT_NOT_NOW, act("receive"), "post", WORDS),
    Row("desk:act", ACT_NOT_NOW, act("accept"), "post", WORDS),
    Row("desk:act", ACT_NOT_NOW, act("grant"), "post", WORDS),
    Row("desk:act", ACT_NOT_NOW, act("deliver"), "post", WORDS),
    Row("desk:intake-person", TAKES_IN, lambda w: [w.case.party.number]),
    Row("desk:intake-item", TAKES_IN, lambda w: [w.case.party.number, "old-age-allowance"]),
    Row("desk:draft", DRAFTED, draft_number),
    Row("desk:draft-autosave", DRAFTED, draft_number, "post"),
    Row("desk:draft-mandate", DRAFTED, draft_number),
    Row("desk:intake-bundle", TAKES_IN, lambda w: [w.case.party.number, village_bundle.KEY]),
    Row("desk:draft", DRAFTED, bundle_draft),
    Row("desk:draft-autosave", DRAFTED, bundle_draft, "post"),
    Row("desk:draft-mandate", DRAFTED, bundle_draft),
    *(Row(f"portal:{name}", NOBODY_ON_PORTAL, bundle_draft) for name in ("form", "materials", "preview")),
    Row("desk:bundle-case", BUNDLE_SEEN, bundle_number),
    Row("desk:bundle-slip", BUNDLE_SEEN, lambda w: [*bundle_number(w), "large"]),
    Row("desk:bundle-receive", BUNDLE_RECEIVED, bundle_number, "post"),
    Row("portal:bundle-case", NOBODY_ON_PORTAL, bundle_number),
    Row("portal:bundle-withdraw", BUNDLE_REFUSED, bundle_number, "post"),
    Row("desk:payment", PAYMENT, order_number),
    Row("desk:recovery-new", RECOVERY, order_number),
    Row(
        "desk:payment-step",
        (404, 404, 404, 404, 404, 404, 404, 302, 403, 404, 403, 403, 404, 404),
        order_act("approve"),
        "post",
    ),
    Row("desk:rating", RATED, lambda w: [w.rating.number]),
    Row("portal:owed", NOBODY_ON_PORTAL, case_number),
    Row("portal:unproved", NOBODY_ON_PORTAL, case_number),
    Row("portal:ask-hearing", NO_HEARING, case_number, "post"),
    Row("desk:put-aside", PUT_ASIDE, case_document, "post"),
    Row("desk:sample-check", NO_SAMPLE, lambda w: ["CC0", w.case.number]),
    # Systems sign in with a key; nobody's session is one.
    *(replace(row, statuses=(401,) * len(NEIGHBOURS)) for row in API if row.statuses == NEEDS_A_KEY),
)
