"""Signs by which people ask for one element, whatever the subject; the words themselves stand in ``cues.yaml``.

They are signs and not verdicts: the classifier of elements weighs them beside everything else in the question.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import yaml

from yueban.assistant.choices import Element
from yueban.assistant.index.e5_file import Floats

FILE: Final = Path(__file__).with_name("cues.yaml")


@cache
def patterns() -> tuple[tuple[Element, re.Pattern[str]], ...]:
    """Elements with the pattern of their signs, in the order of the file."""
    stored: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple((Element(name), re.compile("|".join(parts))) for name, parts in stored.items())


def cues_in(text: str) -> Floats:
    """Of each element whether a sign of it stands in the text, which is plain already."""
    return np.array([bool(pattern.search(text)) for _, pattern in patterns()], np.float32)
