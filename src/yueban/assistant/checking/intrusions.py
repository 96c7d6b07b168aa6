"""A question that is an instruction to the machine: forget your rules, play a part, show your prompt, approve this.

Nothing depends on finding all of them: what is answered is quoted and checked whatever was asked. Those found are
told at once that the assistant only answers questions.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import unquote

from yueban.assistant.checking.plain_text import INVISIBLE, evened

TRADITIONAL = str.maketrans(
    "請無視統規則設長導門開顯輸內腦樣權員審過費訴資個們說話實問現從變這會為還對讓將當業發電華國務應該須類給啟碼據離執執護照陸證寫複製轉換紀錄錄戶導",
    "请无视统规则设长导门开显输内脑样权员审过费诉资个们说话实问现从变这会为还对让将当业发电华国务应该须类给启码据离执执护照陆证写复制转换纪录录户导",
)
GAPS = re.compile(r"[\s\-_*.·•|/\\~^=+#]+")
GAPS_IN_CODE = re.compile(r"[\r\n]+")
BASE64 = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}")
YOUR = (
    "你的?|您的?|侬个?|系统的?|之前的?|先前的?|上面的?|以上的?|上述的?|前面的?|前头[个的]?|所有的?|"
    "一切的?|全部的?|任何的?|原来的?|原有的?|内部的?|预设的?|初始的?|安全"
)
RULES = "指令|指示|规[则责泽择]|[只指][令今]|设定|提示词|提示语|命令|约束|system ?prompt|守则|人设|引导语"
MORE_RULES = "规定|规矩|要求|限制"
FORGET = "[忽胡]略|无视|抛开|[不勿]要管|别管|不用管|绕过|不要遵守|不再遵守|不必遵守|停止遵守|抛弃"
UNDO = "忘记|忘掉|忘了|解除|取消|覆盖|违反|突破|清除|作废|丢掉|替换|跳过|删除|关闭"
SHOW = (
    "输出|显示|打印|告诉我|说出|复述|重复|展示|泄露|透露|贴出|给我看|念出|公布|公开|翻译|写出|发给我|"
    "列出|总结|背诵|吐出|倒出"
)
KINDS: tuple[tuple[str, str], ...] = (
    (
        "override",
        rf"(?:{FORGET})(?:掉|了)?(?:{YOUR}|这些|那些|刚才的?|\w{{0,4}}){{0,3}}(?:{RULES}|{MORE_RULES})",
    ),
    ("override", rf"(?:{UNDO})(?:掉|了)?(?:{YOUR}){{1,3}}\w{{0,4}}(?:{RULES}|限制|对话|内容)"),
    (
        "override",
        (
            r"(?:base64|rot13|十六进制|凯撒|摩斯|unicode编码)\w{0,8}(?:解码|解密|执行|照做|翻译)|(?:解码|"
            r"解密)\w{0,4}(?:并|后|然后|再)\w{0,4}执行"
            r"|请照做|照着执行|执行(?:其中|里面|下面|以下|上面|文中|附件)\w{0,3}的?(?:命令|指令|内容)|【系统|"
            r"我(?:授权|命令|准许)你|作为(?:系统|平台)?(?:管理员|测试人员|开发者|超级用户)(?:我|,|，)"
        ),
    ),
    (
        "override",
        (
            rf"(?:{RULES})(?:都|已经?|全部|全都)?(?:作废|失效|无效|取消|解除|不算|不用遵守)|(?:新|"
            rf"最新)的?(?:系统)?指令[:：是如]|系统(?:指令|消息|提示|更新)[:：]|(?:最高|管理员|root|超级)(?:优先级|"
            rf"权限)的?(?:指令|命令|模式)|开发者(?:模式|指令)|调试模式|维护模式|越狱|不受(?:任何)?限制的?(?:ai|"
            rf"模型|助手|机器人)?|developer ?mode|\bDAN\b|jailbreak|god ?mode"
        ),
    ),
    (
        "override",
        (
            r"(?:ignore|disregard|forget|override|bypass|skip)\W{0,3}(?:\w+\W{1,3}){0,4}(?:instruction|rule|"
            r"prompt|polic(?:y|ies) above|guideline|restriction|system)|you are now\b|new (?:system "
            r")?(?:instruction|prompt)s?\b|act as (?:a|an|my|the)\b|pretend (?:to be|you|that you)|from now "
            r"on,? you"
        ),
    ),
    (
        "override",
        r"hu ?lve ?(?:zhi ?qian|shang ?mian|yi ?qian|suo ?you)|wu ?shi ?(?:gui ?ze|zhi ?ling)|ti ?shi ?ci",
    ),
    (
        "override",
        (
            r"<\|?/?(?:im_start|im_end|system|assistant|user|endoftext|inst)\|?>|\[/?inst\]|^\s*(?:system|"
            r"assistant|developer)\s*[:：]|\n\s*(?:system|assistant)\s*[:：]|\"role\"\s*[:：]\s*\"(?:system|"
            r"assistant)|###\s*(?:system|instruction|指令|系统)"
        ),
    ),
    (
        "role",
        (
            r"(?:你|您)?(?:现在|从现在(?:开始|起)|接下来|请)?(?:你|您)?(?:扮演|假装(?:你|自己|成)|假扮|装作|"
            r"模拟成)|(?:假设|想象|当)(?:你|您|自己)(?:现在)?(?:就)?是(?!否|不是)|(?:从)?现在(?:开始|起)?(?:你|"
            r"您)(?:就)?(?:是|叫|变成|成为)(?!不是|否)|(?:你|您)(?:现在|从此)(?:就)?(?:是一[个名位]|已经是|"
            r"变成)|角色扮演|以(?:局长|市长|领导|审批人员|工作人员|主任|省长)的?(?:身份|口吻|名义)(?!证)|"
            r"(?:你|您)(?:现在|从此)?不再是|你没有(?:任何)?(?:限制|规则)|(?:把自己|将自己)(?:当成?|视为)"
        ),
    ),
    (
        "leak",
        (
            rf"(?:{SHOW})\w{{0,8}}?(?:系统提示|提示词|初始指令|内部指令|系统指令|隐藏指令|内部规则|设定文本|system "
            rf"?prompt|你的(?:指令|规则|设定|密钥|配置|源代码|训练数据))|(?:系统提示词?|提示词|初始指令|内部指令|"
            rf"system ?prompt|你的(?:指令|设定|密钥|配置|源代码))(?:是什么|是啥|有哪些|的?(?:全文|原文|内容)|"
            rf"一字不[差漏]|完整|{SHOW})|你的\w{0, 4}(?:密钥|密码|口令)|数据库密码|(?:api ?key|密钥|口令|"
            rf"环境变量|数据库密码|后台密码|"
            rf"管理员密码)(?:是|是什么|是多少|发|给|告诉)|(?:show|reveal|print|repeat|output|tell me|"
            rf"leak|translate|summari[sz]e)\W+(?:\w+\W+){{0,5}}(?:prompt|instructions|system "
            rf"message|rules you|api key|words above)|(?:逐字|一字不[差漏]地?|"
            rf"原样)(?:地)?(?:复述|重复|输出|打印|背)|(?:提示词|指令|规矩|规则)(?:都|"
            rf"全)?(?:讲|说|拿|打|念|吐|倒)出来|内部(?:配[置制]|参数)|重复(?:上面|以上|"
            rf"上述|前面)的?(?:所有|全部)?(?:内容|文字|话|文本|对话)|(?:上面|以上|"
            rf"前面)(?:的)?(?:第一句|所有内容|全部文字)(?:原样|一字不[差漏])"
        ),
    ),
    (
        "approve",
        (
            r"(?:直接|马上|立即|帮我|给我|请|必须|现在就|替我|你)\w{0,6}?(?:批准|批掉|通过|审批通过|同意|核准|"
            r"办结|放行)(?:了)?(?:我的?\w{0,8}?|这个|这件|该|本|此|吧|掉|一下|它)(?:申请|办件|补贴|许可|材料|"
            r"业务|案子|"
            r"审批|\W|$)|(?:把|将)(?:我的?|这个|这件|该)\w{0,8}(?:状态|结果|金额|期限|费用)\w{0,4}(?:改成?|"
            r"设为|标记为|变成|写成)|(?:回答|回复|答复|就说|只说|只回答|必须说|请说|你就写|"
            r"写上)[:：“\"'\u300c]\s*(?:您|你|我)?(?:已?批准|已?通过|同意|可以|免费|是的|一定|符合|不需要)|approve "
            r"(?:my|this|the) (?:application|case|request)|mark (?:my|this|the) (?:application|case)"
        ),
    ),
    (
        "say",
        (
            r"(?:无论|不管)(?:\w|[,，]){0,14}?(?:都|一律|全都|统统)(?:要|必须|请|得)?(?:回答|回复|说(?!明)|答复|"
            r"答)|(?:以后|之后|接下来|今后)(?:\w|[,，]){0,10}?(?:一律|都|只)(?:要|能|必须)?(?:回答|回复|说(?!明)|"
            r"答)|(?:只|必须|一律)(?:要|能|许|需)?(?:回答|回复|输出)[:：“\"'\u300c]|(?:在|每)(?:\w){0,3}(?:回答|"
            r"回复|答案)(?:的)?(?:最后|结尾|开头|末尾|里|中)(?:\w){0,4}(?:加上|加入|附上|写上|插入)|answer "
            r"only with|respond only|reply with only|say exactly"
        ),
    ),
    (
        "data",
        (
            r"(?:列出|导出|查询|查出|给我|告诉我|显示|提供|下载|dump|输出)\w{0,6}?(?:所有|全部|"
            r"最近\w{0,3}[个位名]|前\w{1,3}[个位名]|全市|全体|别人|其他人|他人|上一个|前一个|上一位|前一位|"
            r"其他)\w{0,6}?(?:用户|申请人|市民|居民|人员|办件人|老人|客户|群众|提问人|人)的?\w{0,4}?(?:身份证|"
            r"电话|手机|住址|姓名|信息|资料|名单|记录|申请|号码|办件|聊天|对话|问题)"
        ),
    ),
    (
        "code",
        (
            r"<\s*(?:script|img|iframe|svg|a\s+href|style|link|object|embed)\b|javascript\s*:|on(?:error|load|"
            r"click)\s*=|!\[[^\]]*\]\(|\]\(\s*(?:https?|javascript|data):|\{\{.*\}\}|\$\{.*\}|__import__|"
            r"os\.system|eval\(|(?:'|\"|\d|\))\s*(?:;|\)|--)?\s*(?:or|and)\s+['\"]?1['\"]?\s*=\s*['\"]?1|"
            r"union\s+(?:all\s+)?select|(?:drop|truncate|alter)\s+table|insert\s+into\s+\w+|"
            r"delete\s+from\s+\w+|select\s+[\w*,\s]+\s+from\s+\w+|;\s*--"
        ),
    ),
    (
        "invent",
        (
            r"(?:随便|瞎|胡乱?|凭想象|凭空)\w{0,3}(?:编|报[个一]|造|鞭)|(?:编|造|鞭)(?:一个|个)\w{0,8}(?:文号|金[额鹅]|"
            r"数目|数字|号码)|凭想象|错了也?不怪你|不(?:必|用|要)(?:再)?(?:查|翻|找)\w{0,4}(?:依据|资料)\W{0,2}"
            r"(?:随便|直接|凭|编|鞭|瞎|就)|"
            r"\b(?:just invent|(?:invent|make up|fabricate) (?:an? |some )\w{0,10} ?"
            r"(?:number|figure|amount|rule|subsidy))|"
            r"教我\w{0,4}(?:伪造|造假|改窗口)|"
            r"怎么(?:伪造|造假)|how to (?:fake|forge)"
        ),
    ),
    (
        "obey",
        (
            r"按(?:引文|文中|纸条)\w{0,2}执行|(?:再|你|请)照做|照做就好|follow the document|"
            r"(?:尊守|遵守|服从)一下|(?:ai|智能助手|助手)(?:必须|应当|一定要)|"
            r"(?:机器人|ai|助手)(?:看到|读到|忘记)|请(?:机器人|ai)忘|每(?:次|句|条)(?:回答|回复|话)\w{0,2}(?:前|得|开头)|"
            r"(?:begin|start|end) (?:every|each) (?:reply|answer|response)|"
            r"(?:你|侬)(?:就|只准|快点)(?:写|讲|说|答)[:：]?[“\"\u300c]|只准(?:写|讲|说|答|回答)|"
            r"(?:不|弗|勿)(?:许|准)(?:讲|说|回答)(?:不|弗|勿)|assistant, "
        ),
    ),
    (
        "override",
        (
            r"重置(?:你|自己|身份)|新名字叫|你现在叫|忘(?:记|了|掉)自己是谁|调试口令|芝麻开门|上帝模式|"
            r"开[发法]者模[式试]|(?:关闭|关脱|关掉)\w{0,4}(?:过[滤虑]|限制)|(?:限制|过滤)\w{0,1}关(?:脱|掉|闭)|"
            r"规矩\w{0,3}(?:解除|[弗不]算|作废|统统)|(?:[仍扔丢]掉|忘记|无视)\w{0,4}(?:归则|规则|系统题示)|"
            r"drop your (?:guidelines|rules)|(?:rules|limits) (?:were|are) lifted|no filters?\b|stay in character|"
            r"you'?re (?:an? )?(?:actor|hacker)|(?:做|当|扮)一回黑客|没有底线|jia ?(?:zhuang|装)|角色搬演"
        ),
    ),
    (
        "leak",
        (
            r"设定\w{0,2}(?:发我|发给|背|念|读)|内部规则\w{0,6}(?:列|写|发|讲|说|念)|复述\w{0,16}(?:文字|内容|的话)|"
            r"给你写的(?:话|指令)|(?:暗号|隐藏|藏着)\w{0,4}指令|tishi ?(?:ci|词)|重(?:复|fu)\w{0,4}系统消[息吸]|"
            r"系统题示|管理密码\w{0,10}(?:念|哄)|everything above|admin token|"
            r"instructions (?:your|you were|the developers)|倒着念|(?:text|words|lines?) above this|"
            r"(?:你|侬|偌)(?:肚子里|脑子里|里头)?\w{0,3}(?:那套|格套)(?:规矩|规则|指令)|系统提示[次磁词辞]|"
            r"(?:你的?|侬个?|偌个?|把)prompt|prompt\w{0,2}(?:贴|发|念|打|吐)|(?:检索到的|数据库的?)\w{0,8}"
            r"(?:原始文档|表[名明]|全部打印)|(?:先|快)?(?:拿|把)(?:口令|密码|密钥)(?:报|讲|念|说)"
        ),
    ),
    (
        "override",
        (
            r"忘[记掉了](?:上面|前面|之前|刚才|前头)\w{0,3}(?:话|内容|指令)|忽[律绿]\w{0,4}(?:指令|规则)|"
            r"(?:前头|前面|上面|刚才|之前)(?:讲|说)\w{0,3}(?:话|闲话)\w{0,2}(?:不|弗|勿)算|你改当|"
            r"(?<![a-z])DAN(?![a-z])|不受[任仁]何\w{0,2}限制|开[发法]者[模莫]式|来自系统管理员|"
            r"</?(?:context|system|instructions?|documents?)>|new rules?[:：]"
        ),
    ),
)
COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for kind, pattern in KINDS)
TO_A_MACHINE = re.compile(
    "(?:ai|人工智能|智能助手|ai助手|机器人|大模型|语言模型)(?:助手)?(?:读到|看到|阅读|在?回答|必须|应当|请|务必|不得)"
    "|读到这[段里条]|隐藏指令|告诉(?:用户|提问者|提问人)|<!--",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]*")
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Intrusion:
    """Which kind of instruction was found, and its words."""

    kind: str
    words: str


def find_intrusion(text: str) -> Intrusion | None:
    """The instruction to the machine in a question; None where it is a question."""
    for form in _forms(text[:LONGEST]):
        for kind, pattern in COMPILED:
            found = pattern.search(form)
            if found:
                return Intrusion(kind, found.group())
    return None


def strip_instructions(text: str) -> str:
    """A cited text without the sentences that speak to a machine; what such a sentence says is no source."""
    return "".join(one for one in SENTENCE.findall(text) if not _speaks_to_a_machine(one))


def _speaks_to_a_machine(sentence: str) -> bool:
    return bool(find_intrusion(sentence) or TO_A_MACHINE.search(evened(sentence)))


def _forms(text: str) -> list[str]:
    """The text as it reads: as written, evened, with simple characters, without gaps, and what it hides encoded."""
    even = evened(INVISIBLE.sub("", text)).translate(TRADITIONAL)
    forms = [text, even, GAPS.sub("", even), unquote(even)]
    forms += [told for found in BASE64.findall(GAPS_IN_CODE.sub("", text)) for told in _decoded(found)]
    return list(dict.fromkeys(forms))


def _decoded(code: str) -> list[str]:
    """What base64 says, where it says a text: a text in code is no question."""
    try:
        told = base64.b64decode(code + "=" * (-len(code) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return []
    return [told.translate(TRADITIONAL)] if told.isprintable() else []
