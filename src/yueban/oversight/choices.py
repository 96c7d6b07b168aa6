"""The rules of electronic supervision, the levels of their entries, and how an entry stands."""

from django.db import models


class Rule(models.TextChoices):
    """监察规则 R01-R15."""

    PROMISE = "R01", "超过承诺期限"
    STATUTORY = "R02", "超过法定期限"
    NOTICE = "R03", "五个工作日未告知"
    ASKED_AGAIN = "R04", "再次要求补正"
    SPECIAL = "R05", "特别程序超期或没有文书"
    DELIVERY = "R06", "送达超期"
    FEES = "R07", "收费与公布的不符"
    BEYOND_LIST = "R08", "要求清单以外的材料"
    INSTANT = "R09", "受理当时就办结"
    BACKDATED = "R10", "时间倒填"
    RETURNS = "R11", "退件率异常"
    RATING = "R12", "差评未按期整改"
    OWED = "R13", "容缺材料逾期未补"
    PROMISED = "R14", "告知承诺未按期核查"
    OUTSIDE = "R15", "越权受理"


class Level(models.TextChoices):
    """监察预警类型."""

    WARN = "warn", "预警"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"


# 监察预警类型代码 as the national data set writes them (GB/T 39046-2020, table 11: one digit).
LEVEL_CODES = {Level.WARN: "1", Level.YELLOW: "2", Level.RED: "3"}


class EntryState(models.TextChoices):
    """How an entry stands: raised, the agency asked, its answer there, struck off."""

    OPEN = "open", "待督办"
    ASKED = "asked", "待反馈"
    ANSWERED = "answered", "待销号"
    CLOSED = "closed", "已销号"


class Finding(models.TextChoices):
    """What the checking of a sampled case found: sound where every point is."""

    SOUND = "sound", "合格"
    FAULTY = "faulty", "不合格"


class Point(models.TextChoices):
    """抽查要点."""

    MATERIALS = "materials", "材料与清单一致，没有多要"
    TIMES = "times", "收件、告知、决定都在期限内，时间真实"
    OPINIONS = "opinions", "审查意见完整，与材料相符"
    DECISION = "decision", "决定依据正确、理由充分"
    DELIVERY = "delivery", "送达有凭证"
