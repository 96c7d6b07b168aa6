"""The kiosk's part of tests/channels/matrix.py: what each role gets without a registered terminal."""

from tests.channels.bundle_matrix import bundle_number
from tests.channels.matrix import EVERYBODY, Row, case_number, draft_number

#: Only a registered terminal opens the kiosk; who gets what at one: tests/channels/kiosk/test_kiosk_matrix.py.
NO_TERMINAL = (302,) * 8
KIOSK = (
    Row("kiosk:register", EVERYBODY),
    Row("kiosk:register", (422,) * 8, method="post"),
    *(
        Row(f"kiosk:{name}", NO_TERMINAL)
        for name in (
            *("home", "wipe", "alive", "devices", "sign-in", "confirm", "do", "find", "services"),
            *("track", "windows", "my", "papers", "progress", "verify", "bundles"),
        )
    ),
    *(
        Row(f"kiosk:{name}", NO_TERMINAL, lambda _: ["road-freight-permit"])
        for name in ("guide", "details", "situation")
    ),
    *(
        Row(f"kiosk:{name}", NO_TERMINAL, lambda _: ["goods-transport"])
        for name in ("bundle", "bundle-questions")
    ),
    Row("kiosk:bundle-start", NO_TERMINAL, lambda _: ["goods-transport"], "post"),
    Row("kiosk:bundle-case", NO_TERMINAL, bundle_number),
    Row("kiosk:bundle-slip", NO_TERMINAL, bundle_number, "post"),
    Row("kiosk:start", NO_TERMINAL, lambda _: ["road-freight-permit"], "post"),
    *(Row(f"kiosk:{name}", NO_TERMINAL, draft_number) for name in ("form", "materials", "review")),
    Row("kiosk:scan", NO_TERMINAL, lambda w: [w.draft.number, "safety-rules"], "post"),
    *(
        Row(f"kiosk:{name}", NO_TERMINAL, lambda w: [w.draft.number, "safety-rules"], "post")
        for name in ("promise", "use-again")
    ),
    Row("kiosk:remove-file", NO_TERMINAL, lambda w: [w.draft.number, w.draft_file.number], "post"),
    Row("kiosk:case", NO_TERMINAL, case_number),
    Row("kiosk:slip", NO_TERMINAL, case_number, "post"),
    Row("kiosk:print", NO_TERMINAL, lambda w: ["document", w.document.verify_code], "post"),
)
