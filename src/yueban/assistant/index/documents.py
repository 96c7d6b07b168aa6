"""What is indexed, and the file of it."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Document:
    """One thing that may be found. `digest` is the caller's mark of what it was made from."""

    id: str
    title: str
    aliases: str
    text: str
    digest: str = ""

    @property
    def passage(self) -> str:
        """What its vector is made of."""
        return f"{self.title}\n{self.text}" if self.text else self.title


def write(documents: Iterable[Document], path: Path) -> None:
    """One JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in documents)


def read(path: Path) -> list[Document]:
    """As they were written."""
    with path.open(encoding="utf-8") as file:
        return [Document(**json.loads(line)) for line in file]
