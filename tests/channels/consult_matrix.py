"""Who may ask where: the consultation's addresses in every channel; what is said there: the tests of each channel."""

from tests.channels.api_matrix import NEEDS_A_KEY
from tests.channels.kiosk_matrix import NO_TERMINAL
from tests.channels.matrix import EVERYBODY, TAKES_IN, Row

NOBODY_IS_REFUSED = (302,) * 8
NOT_THERE = (404,) * 8
AT_THE_WINDOW = (302, 403, 403, 302, 403, 403, 403, 403)
NOTHING_TO_RATE = (302, 403, 403, 422, 403, 403, 403, 403)
CONSULT = (
    Row("portal:ask", EVERYBODY),
    Row("portal:ask", (422,) * 8, method="post"),
    Row("portal:ask-person", NOBODY_IS_REFUSED, method="post", data={"click": "p"}),
    Row("portal:ask-rate", (422,) * 8, method="post"),
    Row("portal:ask-anew", NOBODY_IS_REFUSED, method="post"),
    Row("portal:ask-short", EVERYBODY, method="post"),
    Row("portal:answer", NOT_THERE, lambda _world: ["no-such-answer"]),
    Row("portal:policy-text", NOT_THERE, lambda _world: ["no-such-policy"]),
    Row("kiosk:ask", NO_TERMINAL),
    *(Row(f"kiosk:{name}", NO_TERMINAL, method="post") for name in ("ask", "ask-person", "ask-slip")),
    Row("desk:ask", TAKES_IN),
    Row("desk:ask", (302, 403, 403, 422, 403, 403, 403, 403), method="post"),
    Row("desk:ask-person", AT_THE_WINDOW, method="post", data={"click": "p"}),
    Row("desk:ask-anew", AT_THE_WINDOW, method="post"),
    Row("desk:ask-rate", NOTHING_TO_RATE, method="post"),
    Row("api-1:ask_question", NEEDS_A_KEY, method="post"),
    Row("api-1:hand_over", NEEDS_A_KEY, lambda _world: ["ZX0"], "post"),
    # A signature is asked for, whoever is signed in.
    Row("api-1:ask_for_caller", NEEDS_A_KEY, method="post"),
)
