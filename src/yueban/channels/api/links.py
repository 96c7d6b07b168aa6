"""OpenAPI links: which answer leads to which next request, for people who read and for tests that follow."""

from typing import Any


def links(status: int, **targets: tuple[str, dict[str, str]]) -> dict[str, Any]:
    """Links of one response: name = (operation, its parameters as runtime expressions)."""
    described = {
        name: {"operationId": operation, "parameters": parameters}
        for name, (operation, parameters) in targets.items()
    }
    return {"responses": {status: {"links": described}}}


def to_application(expression: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Everything that can follow once an application's number is known."""
    operations = ("get_application", "replace_form", "attach_file", "submit_application")
    return {name: (name, {"number": expression}) for name in operations}


def to_case(expression: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Everything that can follow once a case's number is known."""
    operations = ("get_case", "list_documents", "attach_supplement", "send_supplement", "withdraw_case")
    return {name: (name, {"number": expression}) for name in operations}
