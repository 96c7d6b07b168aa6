"""What is decided by rule before anything is looked up: emergencies, distress, minors, persons, instructions."""

import re
from typing import Final

from yueban.assistant.checking.intrusions import find_intrusion
from yueban.assistant.choices import Why
from yueban.assistant.language.normal import has_words, plain

FIRE: Final = re.compile(
    r"(着火|起火|失火|火烧|烧起来|冒(黑|浓|白|青)?烟|冒火|爆炸|煤气(泄|漏|味)|燃气(泄|漏)|闻到.{0,4}(煤气|燃气)|"
    r"(化学品|液氨|氯气|毒气|油罐|气罐|汽油).{0,6}(泄|漏)|被困|困在(电梯|火|水|屋|山|车|里)|电梯里.{0,6}(关|困))"
    r"(?!.{0,8}(检查|许可|验收|保险))|"
    r"\b(on fire|is burning|gas leak|caught fire|smell gas|explosion|exploded|trapped|stuck in (the|a) lift)\b"
)
MEDICAL: Final = re.compile(
    r"(昏(倒|迷|过去)|晕(倒|过去)|中风|心梗|心脏病发|没(有)?(呼吸|心跳)|大出血|流(了)?(好|很)多血|血流不止|抽搐|喝农药|"
    r"煤气中毒|溺水|掉(进|到|下)(河|水|江)|叫救护车|喘不(上|过)气|摔(断|得).{0,6}(骨|不动)|要生了|血止不住|止不住血|"
    r"不省人事|弗省人事|叫(不|弗|勿)醒|触电|噎(住|着|到)|卡住(喉|气管)|毒蛇|蛇咬|食物中毒|口吐白沫|休克|羊水破|"
    r"(喝|吃)(了|落|下).{0,4}(农药|农要|老鼠药)|安眠药.{0,4}(一瓶|整瓶|好多|太多)|"
    r"(摔|跌|掉|滚)(了|下来|落来|倒|下去).{0,8}(不|弗|勿)(会)?(动|醒))"
    r"(?!.{0,10}(报销|鉴定|待遇|补贴|备案))|"
    r"\b(stroke|unconscious|not breathing|heart attack|bleeding|collapsed|drown\w*|ambulance|seizure|"
    r"can'?t breathe|chok(ing|ed)|electrocuted|overdose\w*|passed out|unresponsive|poisoned|chest pains?)\b"
)
CRIME: Final = re.compile(
    r"(抢劫|被抢|有小偷|进(了)?贼|小偷.{0,6}(家|屋|店)|拿刀|持刀|砍人|正在打|打我|被打|打人|打得|绑架|有人(跟踪|尾随)|"
    r"(刚|被)(刚)?.{0,4}骗(了|走|去)|诈骗.{0,6}(转|汇|打)|撬门|撞(了)?人|孩子(丢|不见|走失)|人不见了|走失|"
    r"家暴|被拐|刚.{0,8}被骗|有人.{0,4}(砸|撬|闯).{0,4}(门|窗|进|屋))"
    r"(?!.{0,12}(证明|条件|材料|援助))|"
    r"\b(robbed|burglar|robbery|kidnap\w*|being (attacked|beaten)|stabbed|scammed|breaking in|broke into|"
    r"missing child|hitting me|following me|stalking me|threatening me)\b"
)
PERSON: Final = re.compile(
    r"(转|找|接|要|换|叫|来).{0,6}(人工|真人|活人|客服|坐席|接线员)|人工(服务|客服|坐席)|^人工$|^真人$|^客服$|"
    r"(不|弗|勿)(要|想|跟|和|同).{0,4}(机器|电脑)(人)?|(找|叫|换|派|寻).{0,3}(个|一个).{0,2}(人|同志|师傅).{0,8}(讲|说|问|谈|接)|"
    r"\b(human|real person|live agent|operator|representative|speak (to|with) (a|some)|talk to (a|some)|"
    r"customer service)\b"
)
DISTRESS: Final = re.compile(
    r"不想活|勿想活|弗想活|活不下去|活弗落去|活勿下去|自杀|寻死|轻生|想死|想(去)?跳(楼|河|江|搂)|(站在|爬上).{0,4}(天台|楼顶|屋顶|桥上)|割腕|"
    r"(我|想|要)喝农药|一死了之|吃(下去|了).{0,4}解脱|死了算|"
    r"\b(suicide|kill myself|end my life|want to die|end it all|no reason to live)\b"
)
MINOR: Final = re.compile(
    r"(?<![儿女孙])我(今年|刚|才|已经|是|还|只有|满|个人){0,3}([6-9]|1[0-7]|[六七八九]|十[一二三四五六七]?)"
    r"(周岁|虚岁|岁|随)(?!的|个|以)|"
    r"我(是|在|读|上|还在|念|现在)(读|上|念)?(小学(?!生家长)|初中(?!生家长)|初[一二三]|[一二三四五六]年(级|纪))|"
    r"\bi'?( a)?m (in (primary|elementary|middle|junior)|([6-9]|1[0-7]) ?(years old|yo)\b)"
)
AFTERWARDS: Final = re.compile(
    r"救助|救济|补助|补贴|津贴|申请|申领|材料|条件|报销|理赔|几个?工作日|许可|登记|援助|证明|公家|能领|帮扶|待遇|"
    r"\b(apply|allowance|relief|permit|documents?|eligible|insurance|registering)\b"
)
# An emergency whose kind the words do not tell.
ANY: Final = "any"
NUMBERS: Final = ((FIRE, "119"), (MEDICAL, "120"), (CRIME, "110"))


def emergency_number(text: str) -> str:
    """119, 120 or 110 where the words speak of such an emergency; empty for what is asked of afterwards."""
    read = plain(text)
    if AFTERWARDS.search(read):
        return ""
    return next((number for pattern, number in NUMBERS if pattern.search(read)), "")


def by_rule(text: str) -> Why | None:
    """What no classifier is needed for."""
    if not has_words(text):
        return Why.EMPTY
    if DISTRESS.search(plain(text)):
        return Why.DISTRESS
    if emergency_number(text):
        return Why.EMERGENCY
    if MINOR.search(plain(text)):
        return Why.MINOR
    if find_intrusion(text):
        return Why.INJECTION
    if PERSON.search(plain(text)):
        return Why.ASKS_PERSON
    return None
