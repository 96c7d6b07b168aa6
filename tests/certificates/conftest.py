"""What tests of certificates share: a type, an issuing agency, an enterprise and a person who hold."""

from datetime import date, datetime, time

import pytest

from tests.certificates.holders import make_enterprise, make_person
from tests.documents.offices import make_agency
from yueban.certificates import services
from yueban.kernel import clock
from yueban.kernel.actor import Actor
from yueban.kernel.reference import Reference

CASE = Reference("case", "33060220261122000000017")
DECIDER = Actor(user_id=9, name="决定人甲")
PERMIT = {
    "key": "test-permit",
    "name": "道路运输经营许可证(测试)",
    "owner_uscc": "11100000000013338W",
    "type_serial": "801",
    "type_code_demo": True,
    "issuer_kind": "test-office",
    "fields": [
        {"key": "enterprise.name", "name": "名称"},
        {"key": "freight.scope", "name": "经营范围"},
        {"key": "enterprise.note", "name": "备注", "required": False},
    ],
    "validity": {"amount": 4, "unit": "年"},
}
DATA = {"enterprise.name": "绍兴市青瓷物流有限公司", "freight.scope": ["道路普通货物运输", "货物专用运输"]}


@pytest.fixture
def agency(db):
    return make_agency()


@pytest.fixture
def enterprise(db):
    return make_enterprise()


@pytest.fixture
def person(db):
    return make_person()


@pytest.fixture
def permit(db):
    services.load_types([PERMIT])


@pytest.fixture
def issue(agency, enterprise, permit):
    """Issue a permit; by default to the enterprise for the case."""

    def issue(**more):
        values = {
            "type_key": "test-permit",
            "holder": enterprise,
            "agency": agency,
            "data": DATA,
            "valid_from": date(2026, 11, 22),
            "subject": CASE,
            "actor": DECIDER,
        }
        return services.issue_certificate(**{**values, **more})

    return issue


@pytest.fixture
def on_day():
    """Let it be a certain day."""

    def on(year: int, month: int, day: int) -> None:
        moment = datetime.combine(date(year, month, day), time(10), tzinfo=clock.BEIJING)
        clock.set_source(lambda: moment)

    yield on
    clock.set_source(None)
