"""States of policies and offers, levels, and the gates before a signature."""

from django.db import models


class PolicyLevel(models.TextChoices):
    """Who issued a policy."""

    NATIONAL = "national", "国家级"
    PROVINCIAL = "provincial", "省级"
    MUNICIPAL = "municipal", "市级"
    COUNTY = "county", "县级"


class PolicyState(models.TextChoices):
    """Where a version of a policy stands; whether it is in force is a matter of dates."""

    DRAFT = "draft", "整理中"
    PUBLISHED = "published", "已发布"
    SUPERSEDED = "superseded", "已被取代"
    ABOLISHED = "abolished", "已废止"


class OfferState(models.TextChoices):
    """Where a version of an offer stands."""

    DRAFT = "draft", "草稿"
    REVIEWING = "reviewing", "审查中"
    SIGNED = "signed", "已签发"
    WITHDRAWN = "withdrawn", "已停止"
    SUPERSEDED = "superseded", "已被新版取代"


# Versions that are still being written or reviewed.
UNSIGNED = (OfferState.DRAFT, OfferState.REVIEWING)


class GateKind(models.TextChoices):
    """What other persons examine before an offer may be signed."""

    FAIR_COMPETITION = "fair", "公平竞争审查"
    LEGALITY = "legality", "合法性审核"


class GateOutcome(models.TextChoices):
    """How a gate was answered."""

    PASSED = "passed", "通过"
    REFUSED = "refused", "不通过"


class Redemption(models.TextChoices):
    """How an offer is redeemed (兑现方式)."""

    AUTO = "auto", "免申即享"
    INSTANT = "instant", "即申即享"
    FAST = "fast", "快申快享"
    REVIEW = "review", "评审类"
    STATUTORY = "statutory", "法定程序类"


class Category(models.TextChoices):
    """What kind of help an offer is."""

    RELIEF = "relief", "减免"
    REWARD = "reward", "奖补"
    RIGHT = "right", "权益"
    QUALIFICATION = "qualification", "资质"


class Beneficiary(models.TextChoices):
    """Who receives what is given."""

    ENTERPRISE = "enterprise", "企业"
    PARK_OPERATOR = "park_operator", "园区运营机构"
    PLATFORM = "platform", "平台或运营主体"
    INSTITUTION = "institution", "机构、院校"
    TEAM = "team", "团队或个人"
