"""Names in a text: of materials, places, offices and laws, promises, and what is no plain text at all."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from yueban.assistant.checking.plain_text import evened

LAW = re.compile(r"《[^《》]{1,80}》")
LINK = re.compile(
    r"https?:|www\.|[\w-]+\.(?:com|cn|net|org|gov|top|xyz|io)\b|[\w.+-]+@[\w-]+|\]\(|<[^<>]{0,200}>|"
    r"[<>`{}|\\]|javascript:|data:",
    re.IGNORECASE | re.ASCII,
)
PAPERS = (
    "申请表|登记表|申报表|备案表|审批表|承诺书|委托书|协议书|责任书|通知书|决定书|判决书|许可证|登记证|"
    "资格证|合格证|结婚证|离婚证|身份证|"
    "居住证|驾驶证|残疾证|护照|户口簿|户口本|营业执照|执照|复印件|照片|证明书|证明|证书|合同|发票|收据|"
    "病历|存折|银行卡|社保卡|公章|"
    "许可|报告|方案|章程|图纸|清单|回执|凭证|材料"
)
SITES = (
    "街道|大道|大厦|广场|大厅|社区|园区|分局|中心|派出所|卫生院|医院|银行|支行|法院|检察院|委员会|办公室|管理处|"
    "[路街巷弄](?=\\d|口|与|交叉|上|旁)|局(?![面限部势长])|小程序|公众号|窗口|驿站"
)
NAMED = {
    "material": re.compile(f"(?P<before>[\u4e00-\u9fff]{{0,2}}?)(?P<head>{PAPERS})"),
    "place": re.compile(f"(?P<before>[\u4e00-\u9fff]{{0,2}}?)(?P<head>{SITES})"),
}
JOINING = "的和及或与带交、把将凭持在到去有看这该此本各某向由是为用填写按从用出示提供您你我他她其份张个种项些"
PROMISE = re.compile(
    "一定[能会可给批]|一定通过|肯定|必定|必然|包过|包批|保证(?!金|书|人|保险)|绝对|百分百|放心吧|"
    "已经?(?:为[您你])?(?:批准|审批|通过|同意|办结|受理|核准|备案)"
    "|审[批核](?:已)?通过|[您你](?:已经?)?(?:符合|具备|满足|有资格|够格)|没问题|有内部|特批|破例|经(?:市长|领导)"
)


@dataclass(frozen=True)
class Vocabulary:
    """The names that are known: of materials and of places; ``same`` leads a name to the one it also goes by."""

    materials: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    same: Mapping[str, str] = field(default_factory=dict, hash=False)

    @cached_property
    def starts(self) -> dict[str, list[tuple[str, str]]]:
        """Every name by its first two characters, the longest first."""
        starts: dict[str, list[tuple[str, str]]] = {}
        for kind, names in (("material", self.materials), ("place", self.places)):
            for name in names:
                even = evened(name)
                if len(even) > 1:
                    starts.setdefault(even[:2], []).append((even, kind))
        for found in starts.values():
            found.sort(key=lambda one: -len(one[0]))
        return starts

    def forms(self, name: str) -> Iterable[str]:
        """The name and those that mean the same."""
        home = self.same.get(name, name)
        return {name, home, *(one for one, other in self.same.items() if other == home)}


NO_NAMES = Vocabulary()


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, and its kind."""

    kind: str
    text: str
    forms: tuple[str, ...]


def names_in(even: str, vocabulary: Vocabulary = NO_NAMES) -> Iterator[Name]:
    """Every name of an evened text; a name stands in another text when one of its forms does."""
    place = 0
    while place < len(even) - 1:
        known = vocabulary.starts.get(even[place : place + 2], ())
        hit = next((one for one in known if even.startswith(one[0], place)), None)
        if hit:
            yield Name(hit[1], hit[0], tuple(vocabulary.forms(hit[0])))
        place += len(hit[0]) if hit else 1
    for kind, pattern in NAMED.items():
        for match in pattern.finditer(even):
            before = re.split(f"[{JOINING}]", match["before"])[-1]
            text = before + match["head"]
            yield Name(kind, text, (text,))
    for kind, pattern in (("law", LAW), ("link", LINK), ("promise", PROMISE)):
        for match in pattern.finditer(even):
            yield Name(kind, match.group(), (match.group(),))
