"""材料复用: what a party handed in and was found good, and for how long the city lets it serve again."""

from collections.abc import Iterable
from datetime import timedelta

from yueban.certificates.connectors.registry import ladder
from yueban.certificates.models import Holding
from yueban.files.models import StoredFile
from yueban.kernel import clock
from yueban.kernel.reference import Reference
from yueban.parties.models import Party


def keep(
    *, party: Party, source: Reference, source_name: str, files: Iterable[tuple[str, StoredFile]]
) -> int:
    """Keep files by canonical material where the city lets that material be used again; how many are new."""
    days = {one.canonical: one.days for one in ladder().reuse}
    rows = [
        Holding(
            party=party,
            canonical=canonical,
            file=file,
            source_kind=source.kind,
            source_number=source.number,
            source_name=source_name,
            handed_in_on=clock.today(),
        )
        for canonical, file in files
        if canonical in days
    ]
    before = Holding.objects.filter(party=party).count()
    Holding.objects.bulk_create(rows, ignore_conflicts=True)
    return Holding.objects.filter(party=party).count() - before


def reusable(party_id: int) -> dict[str, Holding]:
    """The newest of each canonical material that is not too old today."""
    days, today = {one.canonical: one.days for one in ladder().reuse}, clock.today()
    rows = Holding.objects.filter(party_id=party_id, canonical__in=list(days)).select_related("file")
    found: dict[str, Holding] = {}
    for row in rows.order_by("handed_in_on", "pk"):
        if row.handed_in_on + timedelta(days=days[row.canonical]) >= today:
            found[row.canonical] = row
    return found
