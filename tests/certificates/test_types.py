"""Certificate types of a city pack load idempotently, and mistakes name their field."""

import pytest

from tests.certificates.conftest import PERMIT
from yueban.certificates import selectors, services
from yueban.certificates.errors import CertificateTypeInvalid
from yueban.kernel.changes import Changes

pytestmark = pytest.mark.django_db


def test_types_load_once_and_follow_later_changes():
    assert services.load_types([PERMIT]) == Changes(created=1)
    assert services.load_types([PERMIT]) == Changes(unchanged=1)
    assert services.load_types([{**PERMIT, "validity": None}]) == Changes(changed=1)
    (type_,) = selectors.certificate_types().filter(key="test-permit")
    assert type_.type_code == "11100000000013338W801"
    assert type_.validity_amount is None
    assert [field["required"] for field in type_.fields] == [True, True, False]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"owner_uscc": "11100000000013338A"}, "owner_uscc"),
        ({"type_serial": "32"}, "type_serial"),
        ({"validity": {"amount": 4, "unit": "工作日"}}, "validity.unit"),
        ({"validity": {"amount": 0, "unit": "年"}}, "validity.amount"),
        ({"fields": [{"key": "a"}]}, "fields.0.name"),
        ({"colour": "red"}, "colour"),
        ({"name": ""}, "name"),
    ],
)
def test_a_mistake_in_a_type_names_its_field_and_nothing_is_loaded(change, field):
    good = {**PERMIT, "key": "another-permit", "type_serial": "802"}
    with pytest.raises(CertificateTypeInvalid) as refusal:
        services.load_types([good, {**PERMIT, **change}])
    assert set(refusal.value.fields) == {field}
    assert not selectors.certificate_types().filter(key__in=["another-permit", "test-permit"]).exists()
