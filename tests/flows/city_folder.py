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


class CityFolder:
    """Files of a pack with few items under a temporary folder, with the problems a load would name."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(settings.CITY_DIR, root, dirs_exist_ok=True)
        for path in (root / "catalogue").glob("*.yaml"):
            if path.stem not in ITEMS:
                path.unlink()
        for path in (root / "bundles").glob("*.yaml"):
            if path.stem not in BUNDLES:
                path.unlink()
        (root / "kiosks.yaml").unlink()  # a city may have none; its kiosks offer the other items
        (root / "tags.yaml").unlink()  # labels of enterprises speak of elements that are left out
        # What only the other items speak of; reading it takes most of a load.
        for parts in ("elements", "certificates", "policies"):
            shutil.rmtree(root / parts)

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
