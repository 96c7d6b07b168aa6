"""The mix of a city's made-up enterprises: counties, industries, and who of them is what (`enterprises.yaml`)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field

from yueban.kernel.codes import uscc
from yueban.kernel.rows import Line, Row

# Each seed has its own series of codes; A is the cast's.
SERIES = "BCDEFGHJKLMNPQRTUWXY"
FIRST = "澜沐岚岑峤庭弘彦恺昕晏曜朔枫柏桐楷榕槿沁泓涵淞清溪漾澄瀚炜"
SECOND = "安邦辰达恩丰港航嘉凯朗茂纳鹏启瑞盛泰伟信雅益悦泽正志中舟"
THIRD = "川德帆光恒华金晶景坤林铭宁平庆润山森松腾天通同旺祥兴阳宇"
# When all of them are given, they are given again with one more character.
FOURTH = ("", *"东南西北中元亨利贞春夏秋冬")
NAMES = len(FIRST) * len(SECOND) * len(THIRD)
STRIDE = 7919  # shares no factor with NAMES: names follow one another without order and without repetition


class County(Row):
    """A county with its share of all enterprises and its parks."""

    division: Line
    name: Line
    share: float
    parks: tuple[str, ...] = Field(strict=False)


class Industry(Row):
    """Codes, the word in names, the weight in each county, and what its enterprises are like."""

    codes: tuple[str, ...] = Field(strict=False)
    word: Line
    chain: str
    weights: tuple[float, ...] = Field(strict=False)
    staff: float
    revenue: float
    rd: float


class Mix(Row):
    """The whole of ``enterprises.yaml``."""

    count: int
    counties: tuple[County, ...] = Field(strict=False)
    industries: tuple[Industry, ...] = Field(strict=False)

    def shares(self) -> NDArray[np.float64]:
        """How many of all are of each county and industry."""
        weights = np.array([one.weights for one in self.industries]).T
        by_county = np.array([one.share for one in self.counties])
        found = weights / weights.sum(axis=1, keepdims=True) * by_county[:, None]
        return np.asarray(found / found.sum())


def read_mix(city: Path) -> Mix:
    """The mix of a city pack."""
    return Mix.model_validate(yaml.safe_load((city / "enterprises.yaml").read_text(encoding="utf-8")))


def number_of(seed: int, index: int) -> str:
    """The public number of one of them."""
    return f"demo-{SERIES[seed % len(SERIES)].lower()}{index:06d}"


def code_of(seed: int, index: int) -> str:
    """Its 统一社会信用代码, right in every digit and of a region that cannot exist."""
    body = f"M{SERIES[seed % len(SERIES)]}{index:06d}"
    return uscc.compose(f"91999999{uscc.organisation_code(body)}")


def name_of(county: County, industry: Industry, index: int, kind: str) -> str:
    """A name that nobody has."""
    again, place = index // NAMES, index * STRIDE % NAMES
    first, rest = divmod(place, len(SECOND) * len(THIRD))
    second, third = divmod(rest, len(THIRD))
    word = f"{county.name}拟{FIRST[first]}{SECOND[second]}{THIRD[third]}{FOURTH[again]}{industry.word}"
    return f"{word}{'股份有限公司' if kind == 'joint-stock' else '有限公司'}（演示）"
