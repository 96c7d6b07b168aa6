"""Levels (GB/T 39046-2020 A.8), channels, and how a bad rating is followed up."""

from django.db import models


class Level(models.IntegerChoices):
    """满意度, list A.8."""

    VERY_SATISFIED = 1, "非常满意"
    SATISFIED = 2, "满意"
    BASICALLY_SATISFIED = 3, "基本满意"
    DISSATISFIED = 4, "不满意"
    VERY_DISSATISFIED = 5, "非常不满意"


LOW = (Level.DISSATISFIED, Level.VERY_DISSATISFIED)


class Channel(models.TextChoices):
    """评价渠道."""

    PC = "pc", "PC端"
    MOBILE = "mobile", "移动服务端"
    QR = "qr", "二维码"
    PAD = "pad", "政务大厅平板电脑"
    TERMINAL = "terminal", "政务大厅其他终端"
    PHONE = "phone", "电话"
    SMS = "sms", "短信"


class Finding(models.TextChoices):
    """What the check of a bad rating found."""

    TRUE = "true", "属实"
    MISTAKEN = "mistaken", "误评"
    UNTRUE = "untrue", "不实"
    NO_BASIS = "no_basis", "诉求没有法定依据，已解释"


class Weight(models.TextChoices):
    """How long putting it right may take."""

    SIMPLE = "simple", "当场能改"
    GENERAL = "general", "一般问题"
    COMPLEX = "complex", "复杂问题"


class FollowUpState(models.TextChoices):
    """Where the follow-up stands."""

    TO_VERIFY = "to_verify", "待核实"
    RECTIFYING = "rectifying", "整改中"
    CLOSED = "closed", "已办结"


class Flag(models.TextChoices):
    """Why a rating is looked at before it is believed."""

    STAFF_PHONE = "staff_phone", "评价人手机是工作人员的"
    COUNTER_DEVICE = "counter_device", "用工作台的设备评价"
    SOON = "soon", "刚办结就用工作台的设备评价"
    MANY = "many", "同一设备一天评价多次"
