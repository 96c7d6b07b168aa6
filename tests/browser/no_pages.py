"""Addresses that show no page of their own."""

from tests.browser.consult_pages import NO_CONSULT_PAGES

# Addresses that show no page of their own, and what they answer a plain visit with; a test holds them to it.
NO_PAGES = {
    **NO_CONSULT_PAGES,
    **dict.fromkeys(
        (
            "portal:document",
            "portal:file",
            "portal:bundle-document",
            "desk:bundle-slip",
            "desk:bundle-document",
            "portal:mandate-sheet",
            "desk:preview",
            "desk:document",
            "desk:file",
        ),
        "file",
    ),
    **dict.fromkeys(
        (
            "desk:slip",
            "desk:draft-mandate",
            "desk:draft-file",
            "desk:export-cases",
            "desk:stream-cases",
            "desk:export-file",
        ),
        "file",
    ),
    **dict.fromkeys(
        (
            *("portal:redirect", "desk:sign-in-code", "portal:upload", "portal:supplement-file"),
            *("portal:owed", "portal:owed-file"),
        ),
        "redirect",
    ),
    "desk:claim-file": "file",
    "desk:claims-export": "file",
    **dict.fromkeys(("desk:export-workload", "desk:inspection-photo"), "file"),
    **dict.fromkeys(("desk:payments-export", "desk:ratings-export", "desk:entries-export"), "file"),
    "desk:tickets-export": "file",
    **dict.fromkeys(("desk:budgets-export", "desk:budget-export", "desk:batch-file"), "file"),
    **dict.fromkeys(("desk:batches-export", "desk:batch-export", "desk:recoveries-export"), "file"),
    **dict.fromkeys(("desk:recovery-paper", "portal:recovery-paper"), "file"),
    "desk:figures-export": "file",
    **dict.fromkeys(
        (
            "desk:levels-export",
            "desk:tags-export",
            "desk:relays-export",
            "desk:item-template",
            "desk:item-export",
            "desk:item-export-json",
            "desk:item-returned",
        ),
        "file",
    ),
    **dict.fromkeys(("desk:items-export", "desk:items-same-export"), "file"),
    **dict.fromkeys(("desk:policies-export", "desk:policy-word", "desk:push-export"), "file"),
    **dict.fromkeys(("desk:answers-export", "desk:consultations-export"), "file"),
    "portal:suggest": "part",
    "portal:object-to-record": "page",  # that of portal:object-to-answer, with a record of a department
    **dict.fromkeys(
        (
            *("portal:autosave", "portal:start", "portal:remove-file", "portal:discard", "portal:withdraw"),
            *("portal:sign-out", "portal:mandate-revoke", "desk:act", "desk:unmask", "desk:advance-clock"),
            *("desk:intake-register", "desk:draft-autosave", "desk:assist-supplement", "desk:assist-collect"),
            *("desk:put-aside", "desk:phrase-step", "desk:substitute-end", "desk:inspection-step"),
            *("desk:wording-step", "desk:preview-wording"),
            *("desk:items-begin", "desk:item-live", "desk:item-act"),
            *("desk:policy-draft", "desk:offer-act", "desk:push-act", "desk:push-segment-delete"),
            *(
                "desk:answer-step",
                "desk:answer-adopt",
                "desk:term-step",
                "desk:gap-dismiss",
                "desk:feedback-seen",
            ),
            *("desk:shift-undo", "portal:rate-case", "desk:payment-step", "desk:rating-step"),
            *("desk:ticket-step", "portal:ticket-step"),
            *("desk:api-key-revoke", "desk:key-request-step", "desk:webhook-step"),
            *("desk:entry-step", "desk:person-step", "desk:review-post", "desk:audit-export"),
            *("portal:ask-hearing", "desk:reminders-read", "desk:export-delete"),
            *("portal:claim-step", "desk:claim-step", "desk:auto-list-step"),
            *("portal:promise", "portal:use-again", "portal:unproved-file", "portal:unproved-promise"),
            *("portal:bundle-start", "portal:bundle-withdraw", "portal:bundle-again", "desk:bundle-receive"),
            "desk:intake-register-company",
            *("desk:budget-change", "desk:line-choose", "desk:held-confirm"),
            *("desk:batch-make", "desk:batch-step", "desk:batch-answer", "desk:recovery-step"),
        ),
        "only POST",
    ),
}
