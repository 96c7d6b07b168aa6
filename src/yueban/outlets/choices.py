"""Kinds of outlets and of hours, what stands in an outlet, and what helps people to use it."""

from django.db import models
from django.utils.translation import gettext_noop


class OutletKind(models.TextChoices):
    """One kind a level: the city's hall, the counties', the towns' centres, the villages' points."""

    CITY_HALL = "city_hall", gettext_noop("市政务服务中心")
    COUNTY_HALL = "county_hall", gettext_noop("县(市、区)政务服务中心")
    TOWN_CENTRE = "town_centre", gettext_noop("镇街便民服务中心")
    VILLAGE_POINT = "village_point", gettext_noop("村社便民服务点")


# The level of divisions that each kind serves, the words of item offerings.
LEVEL_OF = {
    OutletKind.CITY_HALL: "city",
    OutletKind.COUNTY_HALL: "county",
    OutletKind.TOWN_CENTRE: "town",
    OutletKind.VILLAGE_POINT: "village",
}


class HoursKind(models.TextChoices):
    """Why an outlet is open: ordinary hours, noon duty, Saturday service, evening service."""

    REGULAR = "regular", gettext_noop("正常上班")
    NOON = "noon", gettext_noop("午间值班")
    SATURDAY = "saturday", gettext_noop("周六服务")
    EXTENDED = "extended", gettext_noop("延时服务")


class Equipment(models.TextChoices):
    """What stands in an outlet."""

    QUEUE = "queue", gettext_noop("叫号机")
    KIOSK = "kiosk", gettext_noop("自助服务终端")
    CARD_READER = "card_reader", gettext_noop("身份证读卡器")
    SCANNER = "scanner", gettext_noop("高拍仪")
    PRINTER = "printer", gettext_noop("打印机")
    COPIER = "copier", gettext_noop("复印机")
    SIGNING_PAD = "signing_pad", gettext_noop("签字板")
    PHOTO = "photo", gettext_noop("证件照拍摄")
    WIFI = "wifi", gettext_noop("无线网络")


class Accessibility(models.TextChoices):
    """What helps people who move, see or hear less well."""

    RAMP = "ramp", gettext_noop("无障碍坡道")
    LIFT = "lift", gettext_noop("无障碍电梯")
    LOW_COUNTER = "low_counter", gettext_noop("低位服务台")
    WHEELCHAIR = "wheelchair", gettext_noop("轮椅")
    TOILET = "toilet", gettext_noop("无障碍卫生间")
    PARKING = "parking", gettext_noop("无障碍车位")
    CALL_BUTTON = "call_button", gettext_noop("门口呼叫铃")
    GLASSES = "glasses", gettext_noop("老花镜")
    SIGN_LANGUAGE = "sign_language", gettext_noop("手语服务")
    ESCORT = "escort", gettext_noop("专人陪办")


class KioskPart(models.TextChoices):
    """外设: what a kiosk can read, print and see with."""

    CARD_READER = "card_reader", gettext_noop("身份证读卡器")
    SLIP_PRINTER = "slip_printer", gettext_noop("小票打印机")
    A4_PRINTER = "a4_printer", gettext_noop("A4 打印机")
    SCANNER = "scanner", gettext_noop("高拍仪")
