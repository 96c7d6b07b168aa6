"""JSON as it may come in: no characters that cannot be stored, no numbers that are none."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Refuses NUL characters, halves of characters and infinite numbers; the answer is a 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body; raises ValueError."""
        data = super().parse_body(request)
        text = json.dumps(data, ensure_ascii=False, allow_nan=False)
        if "\\u0000" in text:
            raise ValueError("NUL")
        text.encode()
        return data
