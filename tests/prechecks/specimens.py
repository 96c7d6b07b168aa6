"""Specimen documents, drawn here: 样本 on each, fictional names, numbers of the demonstration's region."""

import io
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from yueban.documents import fonts
from yueban.kernel.codes import resident_id, uscc

PERSON, COMPANY = "赵晓敏", "示例运输有限公司"
ID_NUMBER = resident_id.compose("99999919850316001")
CODE = uscc.compose("91999999MA990001X")


def wrong(number: str) -> str:
    """The same number with another check character."""
    return number[:-1] + ("1" if number[-1] != "1" else "2")


def id_card_front(name: str = PERSON, number: str = ID_NUMBER) -> list[str]:
    return [
        f"姓名  {name}",
        "性别  女    民族  汉",
        "出生  1985 年 3 月 16 日",
        "住址  浙江省绍兴市越城区示例路1号",
        f"公民身份号码  {number}",
    ]


def id_card_back(until: str = "2036.05.06") -> list[str]:
    return ["中华人民共和国", "居民身份证", "签发机关  绍兴市公安局越城分局", f"有效期限  2016.05.06-{until}"]


def business_licence(name: str = COMPANY, code: str = CODE) -> list[str]:
    return [
        "营业执照",
        f"统一社会信用代码  {code}",
        f"名称  {name}",
        "类型  有限责任公司",
        "法定代表人  陈示例",
        "经营范围  道路货物运输",
        "注册资本  壹佰万元整",
        "成立日期  2020年03月16日",
        "住所  绍兴市越城区示例路1号",
        "登记机关  绍兴市越城区市场监督管理局",
    ]


def vehicle_licence(owner: str = COMPANY, until: str = "2036年05月") -> list[str]:
    return [
        "中华人民共和国机动车行驶证",
        "号牌号码  浙D00001    车辆类型  重型普通货车",
        f"所有人  {owner}",
        "住址  绍兴市越城区示例路1号",
        "使用性质  货运    品牌型号  示例牌",
        "总质量  18000kg",
        f"检验记录  检验有效期至{until}浙D",
    ]


def qualification(name: str = "孙驾驶", until: str = "2032年06月30日") -> list[str]:
    return [
        "道路运输从业人员从业资格证",
        f"姓名  {name}",
        f"证号  {ID_NUMBER}",
        "从业资格类别  道路货物运输驾驶员",
        "初次领证日期  2020年07月01日",
        f"有效期至  {until}",
        "发证机关  绍兴市交通运输局",
    ]


def title_deed() -> list[str]:
    return [
        "不动产权证书",
        "浙（2024）绍兴市不动产权第0000001号",
        f"权利人  {PERSON}",
        "共有情况  单独所有",
        "坐落  绍兴市越城区示例路1号",
        "权利类型  国有建设用地使用权/房屋所有权",
        "面积  89.50平方米",
    ]


def household_book() -> list[str]:
    return [
        "常住人口登记卡",
        f"姓名  {PERSON}    户主或与户主关系  户主",
        "曾用名    性别  女",
        "籍贯  浙江省绍兴市    民族  汉",
        f"公民身份号码  {ID_NUMBER}",
        "何时由何地迁来本市  2001年3月",
    ]


def social_security_card(name: str = PERSON) -> list[str]:
    return ["中华人民共和国社会保障卡", f"姓名  {name}", f"社会保障号码  {ID_NUMBER}", "发卡日期  2022年03月"]


def picture(lines: Sequence[str], *, turn: float = 0, noise: int = 0, small: bool = False) -> Any:
    """The lines on paper under 演示样本, turned and with the grain of a poor photograph."""
    from PIL import Image, ImageDraw

    size = 26 if small else 40
    page = Image.new("RGB", (30 * size, (len(lines) + 3) * size * 2), "white")
    pen = ImageDraw.Draw(page)
    pen.text((size, size // 2), "演示样本", font=_font(size), fill=(170, 40, 40))
    for place, line in enumerate(lines):
        pen.text((2 * size, (place + 1.5) * size * 2), line, font=_font(size), fill=(20, 20, 30))
    page = page.rotate(turn, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    if noise:
        page = Image.blend(page, _grain(page.size), noise / 100)
    return page


def saved(page: Any, kind: str = "JPEG") -> bytes:
    target = io.BytesIO()
    page.save(target, kind, **({"quality": 70} if kind == "JPEG" else {}))
    return target.getvalue()


def _grain(size: tuple[int, int]) -> Any:
    from PIL import Image

    grain = Random(7).randbytes((size[0] // 2 + 1) * (size[1] // 2 + 1))
    return Image.frombytes("L", (size[0] // 2 + 1, size[1] // 2 + 1), grain).resize(size).convert("RGB")


@cache
def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(str(fonts.font_files()[0]), size)


def printed(lines: Sequence[str]) -> bytes:
    """The same as a PDF with text of its own."""
    import typst

    source = '#set text(font: ({}), lang: "zh")\n{}'.format(
        ", ".join(f'"{family}"' for family in fonts.families()), "\n\n".join(["演示样本", *lines])
    )
    return typst.compile(source.encode(), font_paths=fonts.typst_fonts(), ignore_system_fonts=True)
