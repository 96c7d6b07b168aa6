"""An agency that issues documents in tests."""

from yueban.agencies.models import Agency
from yueban.divisions.models import Division
from yueban.kernel.codes import uscc

CITY, COUNTY = "330600000000", "330602000000"


def make_agency(
    code="test-transport", *, prefix="测试交运", division=COUNTY, body="11990602MB0000001"
) -> Agency:
    """An agency with its division; neither is part of the city pack's own names."""
    city, _ = Division.objects.get_or_create(
        code=CITY, defaults={"name": "绍兴市", "name_en": "Shaoxing", "level": "city"}
    )
    place, _ = Division.objects.get_or_create(
        code=division, defaults={"name": "越城区", "name_en": "Yuecheng", "level": "county", "parent": city}
    )
    return Agency.objects.create(
        code=code,
        kind="test-office",
        name="绍兴市越城区测试运输局",
        short_name="越城区测试运输局",
        document_prefix=prefix,
        division=place,
        uscc=uscc.compose(body),
        is_uscc_demo=True,
    )
