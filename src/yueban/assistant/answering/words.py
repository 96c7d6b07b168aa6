"""What is said when nothing is answered: why, and what to do next; Chinese and English."""

from typing import Final

from yueban.assistant.choices import Gate, Why

HANDED: Final = frozenset({Why.ASKS_PERSON, Why.ANGRY, Why.COMPLAINT, Why.DISTRESS, Why.MINOR, Why.MISSES})
BACK: Final = frozenset({Why.TWO_READINGS, Why.PLACE})

SAID: Final = {
    Why.UNKNOWN: (
        "这个问题我没有找到可靠的依据，不能随便答您。您可以换个说法再问，或者转人工、打12345。",
        "I found no reliable source for this, so I will not guess. Try other words, ask a person, or call 12345.",
    ),
    Why.CONFLICT: (
        "两处公布的内容不一致，我不能替您断定哪个对。请转人工核实，或者打12345。",
        "Two published sources disagree, so I cannot tell which is right. Please ask a person or call 12345.",
    ),
    Why.OUT_OF_SCOPE: (
        "我只回答绍兴的政务服务和惠企政策，别的事帮不上。要办事可以直接说办什么；其他问题可以打12345。",
        "I only answer questions about government services and policies in Shaoxing. For anything else call 12345.",
    ),
    Why.POLITICS: (
        "这个话题我不回答。要办事、查政策请直接说；也可以转人工。",
        "I do not discuss this topic. Ask me about services or policies, or ask for a person.",
    ),
    Why.VERDICT: (
        "能不能批准、能不能拿到，我不能预言，以部门审核为准。条件可以问我；要看您的具体情况，请转人工或者到窗口。",
        "I cannot predict a decision; the department decides. Ask me about the conditions, or ask a person.",
    ),
    Why.PERSONAL_STATUS: (
        "您自己的办件和账户，请登录后在“我的办件”里看，我这里看不到也不能说。也可以转人工，或者打12345。",
        "Please sign in and look under My applications; I cannot see your own cases here. You may also ask a person.",
    ),
    Why.OTHER_PERSON: (
        "别人的办件、证件和个人信息不能告诉您。要替家人办事，请本人授权后代办；有疑问请转人工。",
        "I cannot tell you about another person's matters or data. With their mandate you may act for them.",
    ),
    Why.DISPUTE: (
        "谁对谁错、该赔多少、打官司会怎样，我不能判断。可以打12348法律服务热线、找人民调解，或者转人工。",
        "I cannot judge a legal dispute. Call the legal service line 12348, ask for mediation, or ask a person.",
    ),
    Why.INJECTION: (
        "这像是给机器的指令，不是要办的事，我不照做。要办事、查政策请直接问；也可以转人工。",
        "This reads as an instruction to the machine and I will not follow it. Ask about a service, or ask a person.",
    ),
    Why.EMPTY: (
        "我没有看到问题。请用一句话写下您想办的事，比如“高龄津贴怎么领”；也可以转人工。",
        "I see no question. Write in a sentence what you need, for example: how to get a food licence.",
    ),
    Why.ASKS_PERSON: ("好的，马上给您转人工。", "I am handing you over to a person now."),
    Why.ANGRY: (
        "让您着急了，对不起。我马上给您转人工，由工作人员接着办。",
        "I am sorry for the trouble. I am handing you over to a person now.",
    ),
    Why.COMPLAINT: (
        "您反映的情况我转给工作人员，会有人答复您；也可以打12345投诉举报。",
        "I am passing your complaint to a person who will answer; you may also call 12345.",
    ),
    Why.DISTRESS: (
        "您现在一定很难。请别一个人扛着：心理援助热线12356，有危险打110、120。我马上给您转人工。",
        "This must be very hard. You are not alone: helpline 12356, in danger 110 or 120. I am calling a person.",
    ),
    Why.MINOR: (
        "你还没有成年，这件事请和爸爸妈妈或者老师一起办。我给你转人工，由工作人员帮你。",
        "As you are under 18, please do this with a parent or teacher. I am handing you over to a person.",
    ),
    Why.MISSES: (
        "连着两次没有答上您的问题，我给您转人工。",
        "I could not answer twice in a row, so I am handing you over to a person.",
    ),
}
EMERGENCIES: Final = {
    "any": (
        "请先到安全的地方，马上打电话：着火、漏气、有人被困打119，有人受伤、发病打120，遇到坏人、被骗打110。这里不能代您报警。",
        "Get to safety and call now: 119 for fire or gas, 120 if anyone is hurt, 110 for crime. I cannot call for you.",
    ),
    "119": (
        "现在请先到安全的地方，马上打119（火警）。有人受伤打120。这里不能代您报警。",
        "Get to safety and call 119 (fire) now; 120 if anyone is hurt. I cannot call for you.",
    ),
    "120": (
        "请马上打120（急救），说清楚地址和病人情况。这里不能代您呼叫。",
        "Call 120 (ambulance) now and give the address. I cannot call for you.",
    ),
    "110": (
        "请先保证自己安全，马上打110（报警）。有人受伤打120。这里不能代您报警。",
        "Keep safe and call 110 (police) now; 120 if anyone is hurt. I cannot call for you.",
    ),
}


def gate_of(why: Why) -> Gate:
    """What a reason leads to."""
    if why in HANDED:
        return Gate.PERSON
    return Gate.CLARIFY if why in BACK else Gate.REFUSE


def said(why: Why, *, english: bool) -> str:
    """The words for it."""
    return SAID[why][1 if english else 0]
