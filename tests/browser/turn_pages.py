"""Looks at cases off the straight way: each act's own form, and what it says when nothing is written."""

from playwright.sync_api import Page

from tests import people, village
from tests.browser.look import Look, press_on


def _others(page: Page) -> None:
    page.get_by_text("其他处理").click()


# Cases off the straight way, each act's own form and what it says when nothing is written.
TURNS = (
    Look(
        "everything besides the main act",
        "/desk/cases/{accepted}/",
        "换人办、请人看",
        people.REVIEWER,
        _others,
    ),
    Look(
        "nobody to hand on to",
        "/desk/cases/{accepted}/?act=hand-on",
        "请选择",
        people.REVIEWER,
        press_on("转办"),
    ),
    Look(
        "to take in what is not whole",
        "/desk/cases/{to_tolerate}/?act=accept-tolerant",
        "哪些材料后补",
        people.CLERK,
    ),
    Look(
        "nothing chosen that may follow",
        "/desk/cases/{to_tolerate}/?act=accept-tolerant",
        "请选择可以容缺后补的材料",
        people.CLERK,
        press_on("容缺受理"),
    ),
    Look("materials owed", "/desk/cases/{tolerated}/", "登记补交的材料", people.CLERK),
    Look(
        "special procedure without words",
        "/desk/cases/{accepted}/?act=suspend",
        "请写明程序名称",
        people.REVIEWER,
        press_on("开始并告知申请人"),
    ),
    Look("a special procedure runs", "/desk/cases/{suspended}/", "结束专家评审", people.REVIEWER),
    Look(
        "ended without a result",
        "/desk/cases/{suspended}/?act=resume",
        "请写明程序的结果",
        people.REVIEWER,
        press_on("结束，接着办理"),
    ),
    Look("an extension to approve", "/desk/cases/{extending}/", "请您批准：延长办理期限", people.DECIDER),
    Look("a hearing to arrange", "/desk/cases/{heard}/", "通知听证时间地点", people.DECIDER),
    Look(
        "a hearing without a day",
        "/desk/cases/{heard}/?act=appoint-hearing",
        "请填写听证的日期和时间",
        people.DECIDER,
        press_on("发出听证通知书"),
    ),
    Look(
        "revoked without a reason",
        "/desk/cases/{ready}/?act=revoke",
        "请写明依据哪部法律",
        people.DECIDER,
        press_on("签发决定书"),
    ),
    Look("a question of the supervisor", "/desk/cases/{pressed}/", "督办：等反馈", people.REVIEWER),
    Look(
        "an answer without words",
        "/desk/cases/{pressed}/",
        "请写明办到哪一步",
        people.VEHICLE_CHECKER,
        press_on("送出反馈"),
    ),
    Look("an answer to the supervisor", "/desk/cases/{told_back}/", "反馈属实，销号", people.SUPERVISOR),
    Look("to be typed into another system", "/desk/cases/{relayed}/", "记回编号", people.CLERK),
    Look("a number left out", "/desk/cases/{relayed}/", "请", people.CLERK, press_on("记回编号")),
    Look("waiting for another system", "/desk/cases/{relay_told}/", "系统里的状态", people.CLERK),
    Look("returned by the bank", "/desk/payments/{returned_order}/", "银行退回的原因", "payer-yan"),
    Look(
        "an account not corrected",
        "/desk/payments/{returned_order}/",
        "需要修改",
        "payer-yan",
        press_on("更正账户"),
    ),
    Look("handed to me", "/desk/shift/", "等他带社保卡来", village.HELPER),
    Look("handed on by me", "/desk/shift/", "收回", village.SECOND_HELPER),
    Look(
        "no entry of this kind",
        "/desk/oversight/?level=red&state=unclosed",
        "没有符合条件的记录",
        people.SUPERVISOR,
    ),
    Look(
        "struck off without a reason",
        "/desk/oversight/{entry}/",
        "请写明销号的理由",
        people.SUPERVISOR,
        press_on("反馈属实，销号"),
    ),
)
