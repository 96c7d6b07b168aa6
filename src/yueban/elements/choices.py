"""Types, formats, sensitivities and profiles of data elements."""

from django.db import models


class ElementType(models.TextChoices):
    """What kind of value an element has; the rule language knows the same types."""

    TEXT = "text", "文字"
    INTEGER = "integer", "整数"
    DECIMAL = "decimal", "小数"
    MONEY = "money", "金额(元)"
    DATE = "date", "日期"
    BOOLEAN = "boolean", "是否"
    CODE = "code", "代码(单选)"
    CODES = "codes", "代码(多选)"
    DIVISION = "division", "行政区划"
    INDUSTRY = "industry", "行业(GB/T 4754)"


class ElementFormat(models.TextChoices):
    """How a text value is checked beyond its length."""

    LINE = "", "单行文字"
    PARAGRAPHS = "paragraphs", "多行文字"
    PERSON_NAME = "person_name", "姓名"
    RESIDENT_ID = "resident_id", "身份证件号码"
    USCC = "uscc", "统一社会信用代码"
    MOBILE = "mobile", "手机号码"
    PHONE = "phone", "电话号码"
    PLATE = "plate", "机动车号牌"
    EMAIL = "email", "电子邮箱"
    POSTCODE = "postcode", "邮政编码"


class Sensitivity(models.TextChoices):
    """Who may see a value, and whether it is masked on screens."""

    PUBLIC = "public", "公开"
    INTERNAL = "internal", "内部"
    PERSONAL = "personal", "个人信息"
    SENSITIVE = "sensitive", "敏感个人信息"


class Profile(models.TextChoices):
    """Whose edition of a code list it is; the nearer one is preferred."""

    LOCAL = "local", "市标"
    PROVINCIAL = "provincial", "省标"
    NATIONAL = "national", "国标"
