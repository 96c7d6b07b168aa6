"""What commands print: people read standard error, programs the last line of standard output."""

import json
import sys
from collections.abc import Mapping


def say(line: str) -> None:
    """Tell the person at the keyboard."""
    print(line, file=sys.stderr, flush=True)


def finish(result: Mapping[str, object], *, as_json: bool, ok: object = None) -> int:
    """Print the result object as the last line when asked for; its `ok` (or the one given) is the exit code."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
    return 0 if (result["ok"] if ok is None else ok) else 1
