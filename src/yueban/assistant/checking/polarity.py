"""May and may not, need and need not, free and charged: what a clause affirms or denies."""

import re
from dataclasses import dataclass

from yueban.assistant.checking.plain_text import clauses_of

NOT = (
    "不得|不能|不可以|不可|不准|不许|不予|不再|不另行|不另|不|无需|无须|毋需|毋须|不需要|不需|不用|不必|"
    "不要|无法|暂不|没有|没|未|免于|免予|非|勿|禁止|严禁|谢绝|拒绝|停止|取消"
)
# Each idea: how it is denied, and how it is affirmed. Questions (能不能, 是否) say neither.
IDEAS = {
    "fee": (
        (
            f"免费|免收|免缴|免交费|零收费|不花钱|(?:{NOT})(?:要|需要|再|另行|另外|额外|向\\w{{1,6}})?(?:收费|"
            f"收取|收钱|交钱|缴费|交费|付费|付钱|缴纳|花钱)|不要钱|没有费用|无费用|(?<![\\d.])0元"
            "|free of charge|for free|\\bis free\\b|no fee|no charge"
        ),
        "收费(?!标准|依据|项目|情况|方式)|收取|收钱|交钱|缴费(?!方式)|交费|付费|付钱|要钱|花钱|\\bcharged\\b",
    ),
    "may": (
        (
            "不可以|不可(?!缺)|不能(?!不)|不得(?!不|超|少|低|高|多)|不准|不许|不允许|不支持|不接受|不给予|不予|"
            "无法|未能|没法|没办法|不让"
            "|禁止|严禁|谢绝|拒绝|cannot|can't|must not|may not|not allowed"
        ),
        (
            "可以|能够|允许|准许|准予|支持(?!政策|资金|对象)|接受|给予|予以|均可|都可|也可|即可|可(?=在|到|向|由|"
            "通过|凭|选|自|直接|随时|网上|全|异地|代|委托|邮|申|办|享|领|预)"
            "|能(?=在|到|办|领|享|申|代|网|用|拿|报|交|取|补|查)|\\bcan\\b|\\bmay\\b"
        ),
    ),
    "need": (
        (
            "不需要|不需|无需|无须|毋需|毋须|不用|不必|不要(?!求)|没必要|免于提交|免予提交|免提交|免交(?!费)|"
            "免带|不是必须|no need|need not|not required|don't need"
        ),
        (
            "需要(?!的时候)|必须|必需|应当|须(?!知)|(?<![必供])需(?!求)|(?<![主重想只若如首摘概纲扼])要(?=带|交|"
            "提|先|填|写|到|去|有|经|本人|预约|缴|准备|出示|求)|应(?=提|交|在|于|向|当|由)|不得不|\\bmust\\b|"
            "\\brequired\\b|\\bneeds? to\\b"
        ),
    ),
}
PLAIN = re.split(
    " ",
    "属于 符合 满足 具备 享受 享有 适用 包括 包含 限于 限制 受理 办理 代办 邮寄 快递 预约 公开 公示 网办 "
    "跨区 通办 加急 重复 "
    "补贴 补助 奖励 退还 退回 退 返还 缴纳 提供 提交 携带 出示 复印 原件 盖章 签字 本人 到场 委托 审批 "
    "审核 年审 年检 续期 延期 变更 注销 "
    "有效 生效 失效 废止 停止 停用 暂停 取消 发放 计入 纳入 影响 分户 户籍 达到 超过 完成 参加 婚 满",
)
QUESTION = re.compile(
    r"(\w)不\1|是否|能否|可否|有没有|有无|是不是|能不能|可不可以|要不要|不论|不管|不仅|不但|不只|"
    r"不同|"
    r"不动产|不少|不断|不便|不良|不足|不超过|不低于|不高于|不满|不超|无论|非常|未来|没收|不等|不限"
)
LABEL = re.compile(
    r"(?<![^,，。;；\n])(?:是否)?(?P<label>[^:,，。;；\n]{1,10}):(?:(?P<answer>是|有|否|无|不)(?=[,，。;；\n]|$))?"
)
MAYBE = r"(?:再|能|会|得|予|可|需|要|曾|以|另行|重复|\w{0,2}?)"


@dataclass(frozen=True, slots=True)
class Stand:
    """That a clause affirms or denies an idea."""

    idea: str
    is_denied: bool
    text: str
    clause: str


def _compiled() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    compiled = {
        idea: (re.compile(denied, re.IGNORECASE), re.compile(affirmed, re.IGNORECASE))
        for idea, (denied, affirmed) in IDEAS.items()
    }
    for word in PLAIN:
        compiled[word] = re.compile(f"(?:{NOT}){MAYBE}{word}"), re.compile(word)
    return compiled


PATTERNS = _compiled()


def stands_in(even: str) -> list[Stand]:
    """What each clause of an evened text affirms and denies."""
    return [stand for clause in clauses_of(LABEL.sub(_value, even)) for stand in _in_clause(clause)]


def _value(match: re.Match[str]) -> str:
    """是否收费:否 denies it; of 收费:不收费 only the value says something."""
    answer, label = match["answer"], match["label"]
    if not answer:
        return ""
    return label if answer in ("是", "有") else f"不{label}"


def _in_clause(clause: str) -> list[Stand]:
    said = QUESTION.sub(lambda match: "\x00" * len(match.group()), clause)
    found = []
    for idea, (denied, affirmed) in PATTERNS.items():
        rest = said
        for match in denied.finditer(said):
            found.append(Stand(idea, True, match.group(), clause))
            rest = _without(rest, match)
        found += [Stand(idea, False, match.group(), clause) for match in affirmed.finditer(rest)]
        said = rest if idea == "fee" else said  # 不用交钱 speaks of the fee alone
    return found


def _without(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + "\x00" * len(match.group()) + text[match.end() :]
