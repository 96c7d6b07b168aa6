"""Kinds of outlets and of hours, what stands in an outlet, and what helps people to use it."""

from django.db import models


class OutletKind(models.TextChoices):
    """One kind a level: the city's hall, the counties', the towns' centres, the villages' points."""

    CITY_HALL = "city_hall", "市政务服务中心"
    COUNTY_HALL = "county_hall", "县(市、区)政务服务中心"
    TOWN_CENTRE = "town_centre", "镇街便民服务中心"
    VILLAGE_POINT = "village_point", "村社便民服务点"


# The level of divisions that each kind serves, the words of item offerings.
LEVEL_OF = {
    OutletKind.CITY_HALL: "city",
    OutletKind.COUNTY_HALL: "county",
    OutletKind.TOWN_CENTRE: "town",
    OutletKind.VILLAGE_POINT: "village",
}


class HoursKind(models.TextChoices):
    """Why an outlet is open: ordinary hours, noon duty, Saturday service, evening service."""

    REGULAR = "regular", "正常上班"
    NOON = "noon", "午间值班"
    SATURDAY = "saturday", "周六服务"
    EXTENDED = "extended", "延时服务"


class Equipment(models.TextChoices):
    """What stands in an outlet."""

    QUEUE = "queue", "叫号机"
    KIOSK = "kiosk", "自助服务终端"
    CARD_READER = "card_reader", "身份证读卡器"
    SCANNER = "scanner", "高拍仪"
    PRINTER = "printer", "打印机"
    COPIER = "copier", "复印机"
    SIGNING_PAD = "signing_pad", "签字板"
    PHOTO = "photo", "证件照拍摄"
    WIFI = "wifi", "无线网络"


class Accessibility(models.TextChoices):
    """What helps people who move, see or hear less well."""

    RAMP = "ramp", "无障碍坡道"
    LIFT = "lift", "无障碍电梯"
    LOW_COUNTER = "low_counter", "低位服务台"
    WHEELCHAIR = "wheelchair", "轮椅"
    TOILET = "toilet", "无障碍卫生间"
    PARKING = "parking", "无障碍车位"
    CALL_BUTTON = "call_button", "门口呼叫铃"
    GLASSES = "glasses", "老花镜"
    SIGN_LANGUAGE = "sign_language", "手语服务"
    ESCORT = "escort", "专人陪办"
