"""A copy of the model city that a test may spoil."""

import shutil
from pathlib import Path

from django.conf import settings

from yueban.flows.city_pack import PackProblem, PackUnsound
from yueban.flows.load_city import check_city

# The items that the tests spoil, and those they name: reading all sixty each time would prove nothing more.
ITEMS = frozenset(
    {"road-freight-permit", "company-registration", "road-transport-certificate", "food-business-permit"}
)


BUNDLES = frozenset({"goods-transport", "national"})
KEPT = {"catalogue": ITEMS, "bundles": BUNDLES}
# A city may have no kiosks, and its own offer the other items; labels of enterprises speak of elements that are left
# out; and what only the other items speak of takes most of a load to read.
LEFT_OUT = frozenset({"kiosks.yaml", "tags.yaml", "questions.csv", "elements", "certificates", "policies"})


def _left_out(folder: str, names: list[str]) -> set[str]:
    """What the copy goes without, folder by folder."""
    here = Path(folder)
    if here == settings.CITY_DIR:
        return LEFT_OUT.intersection(names)
    kept = KEPT.get(here.name)
    return {name for name in names if kept and name.endswith(".yaml") and Path(name).stem not in kept}


class CityFolder:
    """Files of a pack with few items under a temporary folder, with the problems a load would name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Copying what is taken away again would cost as much as reading what stays.
        shutil.copytree(settings.CITY_DIR, root, dirs_exist_ok=True, ignore=_left_out)

    def replace(self, name: str, old: str, new: str) -> int:
        """Change the first place where the text stands; gives its line."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def problems(self) -> list[PackProblem]:
        """What a load would name; empty when it would be loaded."""
        try:
            check_city(self.root)
        except PackUnsound as error:
            return list(error.problems)
        return []
