"""The words of consultation that are stored: elements, gates, reasons, states."""

from django.db.models import TextChoices


class Element(TextChoices):
    """What of an item, offer, bundle or outlet a person asks about; one unit of knowledge each."""

    SUMMARY = "summary", "是什么"
    CONDITIONS = "conditions", "条件"
    MATERIALS = "materials", "材料"
    TIME = "time", "时限"
    FEE = "fee", "收费"
    WHERE = "where", "在哪里办"
    HOURS = "hours", "开放时间"
    PHONE = "phone", "电话"
    ONLINE = "online", "能不能网上办"
    VISITS = "visits", "要跑几次"
    RESULT = "result", "办成得到什么"
    VALIDITY = "validity", "有效期"
    BASIS = "basis", "依据"
    STEPS = "steps", "怎么办"
    AMOUNT = "amount", "给多少"
    CAP = "cap", "最高多少"
    DEADLINE = "deadline", "什么时候截止"
    DEPARTMENT = "department", "哪个部门"
    SITUATION = "situation", "具体情形"
    FAQ = "faq", "常见问题"
    CLAUSE = "clause", "条款"
    ANSWER = "answer", "问答"


class Gate(TextChoices):
    """What was decided before anything was said (contract of `assistant ask`)."""

    ANSWER = "answer", "回答"
    CLARIFY = "clarify", "反问"
    REFUSE = "refuse", "不能回答"
    PERSON = "person", "转人工"


class Why(TextChoices):
    """Why a question was not answered."""

    UNKNOWN = "unknown", "没有可靠的依据"
    OUT_OF_SCOPE = "out_of_scope", "不属于政务服务"
    POLITICS = "politics", "不谈论的话题"
    VERDICT = "verdict", "要求预言结果"
    PERSONAL_STATUS = "personal_status", "本人的办件"
    OTHER_PERSON = "other_person", "别人的事"
    DISPUTE = "dispute", "法律争议"
    EMERGENCY = "emergency", "紧急情况"
    EXPIRED = "expired", "政策已经结束"
    CONFLICT = "conflict", "依据互相矛盾"
    INJECTION = "injection", "不是问题而是指令"
    EMPTY = "empty", "没有看到问题"
    TWO_READINGS = "two_readings", "有两种理解"
    PLACE = "place", "要知道在哪里"
    ASKS_PERSON = "asks_person", "要求人工"
    ANGRY = "angry", "着急或不满"
    COMPLAINT = "complaint", "投诉"
    DISTRESS = "distress", "有困难求助"
    MINOR = "minor", "未成年人"
    MISSES = "misses", "连续没有答上"


class AnswerState(TextChoices):
    """Where an approved Q&A stands; `review` = a source changed, it is not used until looked at again."""

    DRAFT = "draft", "起草"
    WAITING = "waiting", "待复核"
    APPROVED = "approved", "在用"
    REVIEW = "review", "依据已变，待复核"
    WITHDRAWN = "withdrawn", "已撤下"


class TermKind(TextChoices):
    """Where a word of the lexicon comes from."""

    DIALECT = "dialect", "方言"
    OLD_NAME = "old_name", "旧称"
    COLLOQUIAL = "colloquial", "口语"
    TYPO = "typo", "常见错字"
    PINYIN = "pinyin", "拼音"
    ENGLISH = "english", "英文"


class FeedbackKind(TextChoices):
    """What the person thought of an answer."""

    HELPFUL = "helpful", "有用"
    UNHELPFUL = "unhelpful", "没用"
    WRONG = "wrong", "有错"


class GapState(TextChoices):
    """What became of an unanswered question."""

    OPEN = "open", "待处理"
    WRITTEN = "written", "已写问答"
    DISMISSED = "dismissed", "不需要回答"
