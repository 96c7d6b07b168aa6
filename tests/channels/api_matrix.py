"""Rows of the endpoint × role × object matrix for the API: without a key nobody gets anything but what is public. And the addresses of the house."""

from tests.channels.matrix import EVERYBODY, Row, case_document, case_number, draft_number

NEEDS_A_KEY = (401,) * 8
API = (
    Row("api-1:health", EVERYBODY),
    Row("api-1:openapi-json", EVERYBODY),
    Row("api-1:list_items", EVERYBODY),
    Row("api-1:get_item", EVERYBODY, lambda _: ["road-freight-permit"]),
    Row("api-1:verify", EVERYBODY, lambda w: [w.document.verify_code]),
    # The rest asks for a key, whoever is signed in; who gets what with one: tests/channels/api/test_key_matrix.py.
    *(Row(f"api-1:{name}", NEEDS_A_KEY) for name in ("list_cases", "list_events", "list_webhooks")),
    *(Row(f"api-1:{name}", NEEDS_A_KEY, method="post") for name in ("start_application", "create_webhook")),
    Row("api-1:list_versions", NEEDS_A_KEY, lambda _: ["road-freight-permit"]),
    Row("api-1:get_version", NEEDS_A_KEY, lambda _: ["road-freight-permit", "1"]),
    Row("api-1:get_application", NEEDS_A_KEY, draft_number),
    Row("api-1:replace_form", NEEDS_A_KEY, draft_number, "put"),
    *(
        Row(f"api-1:{name}", NEEDS_A_KEY, draft_number, "post")
        for name in ("attach_file", "submit_application")
    ),
    Row("api-1:get_case", NEEDS_A_KEY, case_number),
    Row("api-1:list_documents", NEEDS_A_KEY, case_number),
    Row("api-1:get_document", NEEDS_A_KEY, case_document),
    *(
        Row(f"api-1:{name}", NEEDS_A_KEY, case_number, "post")
        for name in ("attach_supplement", "send_supplement", "withdraw_case")
    ),
    Row("api-1:list_deliveries", NEEDS_A_KEY, lambda _: ["WH000000000000"]),
    *(
        Row(f"api-1:{name}", NEEDS_A_KEY, lambda _: ["WH000000000000"], "post")
        for name in ("send_again", "resume_webhook")
    ),
    Row("api-1:end_webhook", NEEDS_A_KEY, lambda _: ["WH000000000000"], "delete"),
    Row("api-1:api-root", (404,) * 8),
    Row("api-unknown", (404,) * 8),
)
HOUSE = (
    Row("shared:styleguide", EVERYBODY),
    Row("shared:display", EVERYBODY),
    Row("shared:display", (302,) * 8, method="post", data={"view": "elder"}),
    Row("healthz", EVERYBODY),
    Row("readyz", EVERYBODY),
)
