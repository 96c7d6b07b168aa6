"""The items of the model city and its dictionary, read once without a database."""

from functools import cache

from django.conf import settings

from yueban.catalogue.exchange import Envelope, NationalDialect, Sent, find_profile
from yueban.catalogue.services import Prepared
from yueban.elements.selectors import Dictionary
from yueban.flows.city_files import Pack
from yueban.flows.load_city import check_city
from yueban.kernel import clock


@cache
def city() -> tuple[Pack, list[Prepared]]:
    return check_city(settings.CITY_DIR)


def dictionary() -> Dictionary:
    return city()[0].dictionary


def one_each() -> list[Prepared]:
    """Every item once, at the first agency that adopted it."""
    return list({one.standard.key: one for one in reversed(city()[1])}.values())


def sent(one: Prepared) -> Sent:
    return Sent(one.standard, one.agency, one.compiled.guide.task_code)


def dialect(profile: str) -> NationalDialect:
    return NationalDialect(find_profile(profile), dictionary())


def envelope() -> Envelope:
    return Envelope("2026110100000001", clock.now())
