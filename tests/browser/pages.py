"""Every page of portal and desk by the name of its address, and every state worth looking at."""

from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests import bundles, partners, people, village
from tests.browser.acts import ANSWERED, SITUATION, fill, press
from tests.browser.consult_pages import CONSULT_PAGES, CONSULT_STATES
from tests.browser.knowledge_pages import KNOWLEDGE
from tests.browser.look import Look, press_on
from tests.browser.turn_pages import TURNS

ITEM_EDITOR = "editor-lou"
OWNER, CLERK, DECIDER = people.OWNER, people.CLERK, people.DECIDER

VILLAGERS_ANSWERED = f"/desk/intake/people/lin-person/items/{village.ITEM}/?" + "&".join(
    f"{name}={value}" for name, value in village.ANSWERS.items()
)
VILLAGERS_ITEM = f"/desk/intake/people/lin-person/items/{village.ITEM}/"
COMPANYS_BUNDLE = "/desk/intake/people/shili-transport/bundles/goods-transport/"
COMPANYS_ANSWERED = f"{COMPANYS_BUNDLE}?{urlencode(bundles.GOODS)}"
GOODS = "/bundles/goods-transport/"
# By the names of the URLconf: one look each, at both widths.
PAGES = (
    *CONSULT_PAGES,
    Look("portal:home", "/", "您想办什么？"),
    Look("portal:search", "/search?q=货运", "道路普通货物运输经营许可"),
    Look("portal:items", "/items/", "全部事项"),
    Look("portal:guide", "/items/road-freight-permit/?division=330602000000", "谁可以办"),
    Look("portal:situation", SITUATION, "第 1 个问题"),
    Look("portal:bundles", "/bundles/", "项合办"),
    Look("portal:bundle", f"{GOODS}?division=330602000000", "合起来办省了什么"),
    Look("portal:bundle-questions", f"{GOODS}questions?division=330602000000", "第 1 个问题"),
    Look("portal:bundle-case", "/my/bundles/{bundle}/", "各办到哪一步", OWNER),
    Look("desk:bundle-case", "/desk/bundle-cases/{bundle}/", "一并收件受理", CLERK),
    Look("portal:form", "/apply/{draft_new}/", "拟聘用驾驶员", OWNER),
    Look("portal:materials", "/apply/{draft_full}/materials", "已上传", people.STRANGER),
    Look("portal:preview", "/apply/{draft_full}/preview", "核对并提交", people.STRANGER),
    Look("portal:my", "/my/", "还没提交", OWNER),
    Look("portal:messages", "/my/messages", "已受理", OWNER),
    Look("portal:standing", "/my/standing", "一次登录", "shao"),
    Look("portal:family", "/my/family", "赵小样", people.CITIZEN),
    Look("portal:unproved", "/my/cases/{unproved}/unproved", "没有核到", OWNER),
    Look("portal:object-to-answer", "/my/answers/{answer}/object", "哪里不对", people.CITIZEN),
    Look("portal:object-to-value", "/my/facts/contact.name/object", "哪里不对", people.CITIZEN),
    Look("portal:enterprise-facts", "/my/enterprise", "标签和由来", OWNER),
    Look("portal:push-settings", "/my/push", "免打扰时段", OWNER),
    Look("portal:facts", "/my/facts", "信息不对，怎么更正", OWNER),
    Look("portal:looks", "/my/looks", "还没有记录", people.CITIZEN),
    Look("portal:mandates", "/my/mandates/", "授权出去的", "sun"),
    Look("portal:mandate-new", "/my/mandates/new", "可以办哪些事项", OWNER),
    Look("portal:case", "/my/cases/{ready}/", "办到哪一步", OWNER),
    Look("portal:supplement", "/my/cases/{supplementing}/supplement", "要补什么", OWNER),
    Look("portal:policies", "/policies/?q=数字化", "给谁、给多少"),
    Look("portal:offer", "/policies/digital/", "依据的原话", OWNER),
    Look(
        "portal:calculator",
        "/policies/digital/calculator?enterprise.digital_investment=2000000",
        "600,000.00 元",
    ),
    Look("portal:matches", "/my/policies/", "我的申报", OWNER),
    Look("portal:claim-new", "/my/policies/digital/claim", "所填内容真实", people.STRANGER),
    Look("portal:claim", "/my/claims/{claim}/", "金额怎么来的", OWNER),
    Look("portal:claims", "/my/claims/", "我的申报", OWNER),
    Look("portal:recovery", "/my/recoveries/{recovery}/", "为什么追回", OWNER),
    Look("portal:claim-correction", "/my/claims/{claim_to_mend}/correction", "补正后再次提交", OWNER),
    Look("portal:consent", "/my/consents/{consent}/", "确认享受", OWNER),
    Look("portal:notices", "/notices/", "有异议的，可以在公示期内提出"),
    Look("portal:notice", "/notices/{notice}/", "提出异议"),
    Look("portal:tickets", "/tickets/", "查工单"),
    Look("portal:ticket", "/tickets/{ticket_answered}?code={ticket_code}", "解决了吗？"),
    Look("portal:rate", "/rate/{rating_code}", "评价这次服务"),
    Look("portal:progress", "/progress", "不用登录，只显示办到哪一步"),
    Look("portal:levels", "/levels/", "各办哪些事"),
    Look("portal:outlets", "/outlets/?county=330602000000", "全部网点"),
    Look("portal:outlet", "/outlets/centre-330602011/", "这里能办什么"),
    Look("portal:place", "/place?in=330602011000", "您在哪个村、社区？"),
    Look("portal:sign-in", "/sign-in", "办事的人"),
    Look("portal:verify-form", "/verify", "扫描二维码"),
    Look("portal:verify", "/v/{certificate}", "证照真实有效"),
    Look("portal:about-demo", "/about/demo", "哪些是真的"),
    Look("portal:privacy", "/about/privacy", "隐私政策"),
    Look("portal:sitemap", "/about/sitemap", "站点地图"),
    Look("portal:report-error", "/about/report-error", "网站找错"),
    Look("desk:sign-in", "/desk/sign-in", "工作人员登录"),
    Look("desk:inbox", "/desk/", "按时限排列", CLERK),
    Look("desk:done", "/desk/done/", "最近办的在前", CLERK),
    Look("desk:cases", "/desk/cases/", "督办", people.SUPERVISOR),
    Look("desk:case", "/desk/cases/{received}/", "核对材料", CLERK),
    Look("desk:claims", "/desk/claims/", "新的在前", people.REVIEWER),
    Look("desk:claim", "/desk/claims/{claim}/", "符合，转下一步", people.REVIEWER),
    Look("desk:auto-lists", "/desk/auto-lists/", "生成名单", people.REVIEWER),
    Look("desk:auto-list", "/desk/auto-lists/{auto_list}/", "复核通过，公示", DECIDER),
    Look("desk:intake", "/desk/intake/", "身份证号或姓名", village.HELPER),
    Look("desk:intake-person", "/desk/intake/people/lin-person/", "已有证照", village.HELPER),
    Look("desk:intake-item", VILLAGERS_ITEM, "您现在怎么干活挣钱", village.HELPER),
    Look("desk:intake-bundle", COMPANYS_BUNDLE, "总质量都在4.5吨及以下吗", CLERK),
    Look("desk:draft", "/desk/intake/drafts/{assisted_draft}/", "授权委托", village.HELPER),
    Look("desk:handed-in", "/desk/intake/cases/{assisted}/", "打印凭证", village.HELPER),
    Look("desk:villagers", "/desk/villagers/", "该办什么", village.HELPER),
    Look("desk:shift", "/desk/shift/", "移交什么", village.HELPER),
    Look("desk:bulk", "/desk/bulk/", "一次接办、转办", people.REVIEWER),
    Look("desk:prints", "/desk/prints/", "合并打印勾选的", people.REVIEWER),
    Look("desk:workload", "/desk/workload/", "本周办结", DECIDER),
    Look("desk:phrases", "/desk/phrases/", "同意，材料齐全", people.REVIEWER),
    Look("desk:substitutes", "/desk/substitutes/", "代岗中", DECIDER),
    Look("desk:wordings", "/desk/wordings/?kind=acceptance", "待启用", DECIDER),
    Look("desk:inspection", "/desk/inspections/{inspection}/", "一同核查的第二名人员", people.REVIEWER),
    Look("desk:entries", "/desk/oversight/", "规则每小时查一遍", people.SUPERVISOR),
    Look("desk:entry", "/desk/oversight/{entry}/", "发现了什么", people.SUPERVISOR),
    Look("desk:people", "/desk/staff/", "人员与岗位", "admin-su"),
    Look("desk:person", "/desk/staff/clerk-zhou/", "现有岗位", "admin-su"),
    Look("desk:post-requests", "/desk/staff/requests/", "两步不能是同一个人", "admin-an"),
    Look("desk:agencies", "/desk/staff/agencies/", "机构信息", "admin-su"),
    Look("desk:agency", "/desk/staff/agencies/yuecheng-transport/", "办公时间", "admin-su"),
    Look("desk:security", "/desk/staff/security/", "登录失败", "admin-an"),
    Look("desk:audit-search", "/desk/audit/search/", "用途和批准依据", "auditor-shen"),
    Look("desk:live", "/desk/live/", "数据截止", people.SUPERVISOR),
    Look("desk:verify-case", "/desk/cases/{ready}/verify", "没有被改动过", people.SUPERVISOR),
    Look("desk:payments", "/desk/payments/", "张支付单", people.SUPERVISOR),
    Look("desk:payment", "/desk/payments/{order}/", "怎么算的", people.SUPERVISOR),
    Look("desk:budgets", "/desk/budgets/", "合计等于预算", "payer-xi"),
    Look("desk:budget", "/desk/budgets/digital-economy/2026/", "等待编入批次", "payer-xi"),
    Look("desk:without-line", "/desk/without-line/", "没有预算项目的申报", "payer-xi"),
    Look("desk:held-payments", "/desk/held-payments/", "暂缓拨付", "payer-xi"),
    Look("desk:batches", "/desk/batches/", "个批次", "payer-xi"),
    Look("desk:batch", "/desk/batches/{waiting_batch}/", "复核通过", "payer-lang"),
    Look("desk:recoveries", "/desk/recoveries/", "迁出", "payer-xi"),
    Look("desk:recovery", "/desk/recoveries/{recovery}/", "登记退款", "payer-xi"),
    Look("desk:recovery-new", "/desk/payments/{paid_order}/recovery", "查实的情况", "payer-xi"),
    Look("desk:relays", "/desk/relays/", "运行系统办件", people.CLERK),
    Look("desk:tags", "/desk/tags/", "标签目录", people.CLERK),
    Look("desk:levels", "/desk/levels/", "近一年没有收件", people.CLERK),
    Look("desk:push", "/desk/push/", "在用的惠企事项", "policy-gong"),
    Look("desk:push-offer", "/desk/push/{pushed_offer}/?preview=1", "推送给谁", "policy-gong"),
    Look("desk:push-sent", "/desk/push/sends/{push_sent}/", "推送进度", "policy-gong"),
    Look("desk:policies", "/desk/policies/", "政策管理", "policy-ding"),
    *KNOWLEDGE,
    Look("desk:policy-new", "/desk/policies/new", "第一步：读原文", "policy-ding"),
    Look("desk:policy", "/desk/policies/test-manufacturing/", "由此起草", "policy-ding"),
    Look("desk:offer", "/desk/offers/{offer_draft}/", "保存并送审", "policy-ding"),
    Look("desk:offer-sign", "/desk/offers/{offer_reviewing}/sign/", "试算和签发", "policy-gong"),
    Look("desk:items", "/desk/items/", "从目录认领", ITEM_EDITOR),
    Look("desk:items-directory", "/desk/items/directory/", "锁定的要素不能改", ITEM_EDITOR),
    Look("desk:items-new", "/desk/items/new", "网址中的名称", ITEM_EDITOR),
    Look("desk:bundles", "/desk/bundles/", "一件事", ITEM_EDITOR),
    Look("desk:bundle", "/desk/bundles/goods-transport/", "普通货物运输经营准入", ITEM_EDITOR),
    Look("desk:items-same", "/desk/items/same-standard/?all=1", "同标准比对", ITEM_EDITOR),
    Look("desk:item-version", "/desk/items/{item_checking}/", "复核通过，签发", "editor-teng"),
    Look("desk:item-diff", "/desk/items/{item_draft}/diff", "与别的版本比较", ITEM_EDITOR),
    Look("desk:item-edit", "/desk/items/{item_draft}/edit/materials/", "申请材料", ITEM_EDITOR),
    Look("desk:item-preview", "/desk/items/{item_draft}/preview/", "自助机", ITEM_EDITOR),
    Look(
        "desk:item-preview-frame",
        "/desk/items/{item_draft}/preview/frame?part=form",
        "拟聘用驾驶员",
        ITEM_EDITOR,
    ),
    Look("desk:item-exchange", "/desk/items/exchange/", "事项表格", people.EDITOR),
    Look("desk:tickets", "/desk/tickets/", "张等着答复", CLERK),
    Look("desk:ticket", "/desk/tickets/{ticket}/", "转来之前的对话", CLERK),
    Look("desk:ratings", "/desk/ratings/", "看不到是谁评价的", people.SUPERVISOR),
    Look("desk:rating", "/desk/ratings/{rating}/", "评价人受保护", people.SUPERVISOR),
    Look("desk:audit", "/desk/audit/", "验证审计链", people.SUPERVISOR),
    Look("desk:figures", "/desk/figures/", "按事项", people.DECIDER),
    Look("desk:figure-cases", "/desk/figures/cases?figure=supplement&part=1", "分子", people.DECIDER),
    Look("desk:export", "/desk/exports/{export}/", "文件已生成", people.SUPERVISOR),
    Look("desk:exports", "/desk/exports/", "我的导出", people.SUPERVISOR),
    Look("desk:samples", "/desk/figures/samples/", "随机抽取", people.SUPERVISOR),
    Look("desk:sample", "/desk/figures/samples/{sample}/", "怎么抽的", people.SUPERVISOR),
    Look("desk:sample-check", "/desk/figures/samples/{sample}/{sampled}/", "发现了什么", people.SUPERVISOR),
    Look("desk:data-objection", "/desk/data-objections/{data_objection}/", "结论是什么", "checker-qi"),
    Look("desk:api-keys", "/desk/keys/", "份待审批", partners.ADMIN),
    Look("desk:key-requests", "/desk/keys/requests/", "待审批", partners.SECURITY),
    Look("desk:key-request-new", "/desk/keys/new", "提出申请", partners.ADMIN),
    Look("desk:key-request", "/desk/keys/requests/{key_asked}/", "审批意见", partners.SECURITY),
    Look("desk:api-key", "/desk/keys/{key}/", "吊销后立即失效", partners.ADMIN),
    Look("desk:webhook", "/desk/webhooks/{webhook}/", "三天未送达", partners.ADMIN),
)


def _wrong_file(page: Page) -> None:
    with page.expect_navigation():
        page.locator("input[type=file]").first.set_input_files(
            {"name": "程序.pdf", "mimeType": "application/pdf", "buffer": b"MZ no PDF"}
        )


def _ask_progress(page: Page) -> None:
    fill(page, {"number": "1", "phone_tail": "0000"})
    press(page, "查进度", exact=True)


def _suggestions(page: Page) -> None:
    page.get_by_label("搜索事项").press_sequentially("huoyun")
    page.locator("[data-suggestions] a").first.wait_for()


def _sign_out_and_send(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")
    fill(page, {"drivers-0-driver.name": "孙驾驶"})
    press(page, "保存，下一步")


def _find(who: str) -> Callable[[Page], None]:
    def find(page: Page) -> None:
        fill(page, {"who": who})
        press(page, "查找", exact=True)

    return find


def _begin_and_hand_in(page: Page) -> None:
    press(page, "开始填写")
    press(page, "提交并收件")


def _two_letters(page: Page) -> None:
    page.get_by_label("办什么").press_sequentially("lh")
    page.locator("#items a").first.wait_for()


def _paper(name: str) -> str:
    return "/desk/cases/{deciding}/?paper=" + name


# States of those pages, at the width of a phone.
PORTAL_STATES = (
    *CONSULT_STATES,
    Look("case with a notice", "/my/cases/{announced}/", "看公示内容", OWNER),
    Look("objection left empty", "/notices/{notice}/", "还有内容要填", None, press_on("提交异议")),
    Look("to be rated", "/my/cases/{delivered}/", "您对这次服务满意吗", OWNER),
    Look("rated badly", "/my/cases/{rated}/", "您的评价待核实", OWNER),
    Look("ticket not found", "/tickets/{ticket}?code=0", "没有查到"),
    Look(
        "asked again without words",
        "/tickets/{ticket_answered}?code={ticket_code}",
        "请写下还想问什么",
        None,
        press_on("再问一次"),
    ),
    Look("rating left empty", "/rate/{rating_code}", "还有内容要选", None, press_on("提交评价")),
    Look("case with a payment", "/my/cases/{ready}/", "正在复核和安排支付", OWNER),
    Look("home with things to do", "/", "请补材料", OWNER),
    Look("home of a citizen", "/?for=person", "个人办事", people.CITIZEN),
    Look("suggestions while typing", "/", "道路普通货物运输经营许可", None, _suggestions),
    Look("nothing found", "/search?q=xyzzy", "没有找到相符的事项"),
    Look("guide of several offices", "/items/company-registration/", "谁可以办"),
    Look("question left open", SITUATION, "请选一项", None, press_on("下一步")),
    Look("may go ahead, a stranger", ANSWERED, "登录并开始填写"),
    Look("may go ahead, signed in", ANSWERED, "开始填写", OWNER),
    Look("may not in this name", ANSWERED, "换一个账号登录", people.CITIZEN),
    Look("need not apply", SITUATION + "&vehicle_mass=light", "无需办理"),
    Look("elsewhere", SITUATION + "&vehicle_mass=heavy&cargo_kind=dangerous", "去哪里办"),
    Look("form with errors", "/apply/{draft_half}/", "处需要修改", OWNER, press_on("保存，下一步")),
    Look("materials missing", "/apply/{draft_half}/materials", "待上传", OWNER),
    Look("file refused", "/apply/{draft_half}/materials", "文件没有传上", OWNER, _wrong_file),
    Look("not complete", "/apply/{draft_half}/preview", "没有填好", OWNER),
    Look(
        "not declared", "/apply/{draft_full}/preview", "请先勾选声明", people.STRANGER, press_on("提交申请")
    ),
    Look("sent after the session ended", "/apply/{draft_half}/", "已经留住", OWNER, _sign_out_and_send),
    Look("nothing of mine", "/my/", "还没有办件", people.CITIZEN),
    Look("no messages", "/my/messages", "还没有消息", people.CITIZEN),
    Look("just submitted", "/my/cases/{applied}/?submitted=1", "已经提交", OWNER),
    Look("supplement asked", "/my/cases/{supplementing}/", "去补材料", OWNER),
    Look(
        "supplement incomplete", "/my/cases/{supplementing}/supplement", "还没有", OWNER, press_on("提交补正")
    ),
    Look("accepted", "/my/cases/{accepted}/", "正在生成", OWNER),
    Look("deciding", "/my/cases/{deciding}/", "办到哪一步", OWNER),
    Look("refused", "/my/cases/{refused}/", "不予许可", OWNER),
    Look("delivered", "/my/cases/{delivered}/", "送达回证", OWNER),
    Look("withdrawn", "/my/cases/{withdrawn}/", "撤回", OWNER),
    Look("not accepted", "/my/cases/{not_accepted}/", "不予受理", OWNER),
    Look("returned", "/my/cases/{returned}/", "与前一件重复", OWNER),
    Look("progress not found", "/progress", "没有查到", None, _ask_progress),
    Look("document genuine", "/v/{decision_grant}", "是本平台出具的文书"),
    Look("code unknown", "/v/" + "0" * 32, "没有查到"),
    Look("code mistyped", "/verify?code=12", "请对照纸面再输一次"),
    Look("how pages are shown", "/view", "字号和对比度"),
    Look("no such page", "/nowhere", "没有这个网页"),
    Look("case of another", "/my/cases/{ready}/", "没有找到", people.STRANGER),
)
DESK_STATES = (
    Look("ticket taken", "/desk/tickets/{ticket_taken}/", "答复内容", CLERK),
    *TURNS,
    Look("to hand on", "/desk/cases/{accepted}/?act=hand-on", "时限继续计算", people.REVIEWER),
    Look("to ask for signatures", "/desk/cases/{accepted}/?act=countersign", "每一方都要签", people.REVIEWER),
    Look("to send back", "/desk/cases/{deciding}/?act=send-back", "意见都保留", DECIDER),
    Look("to sign", "/desk/cases/{countersigned}/", "请您会签", "reviewer-feng"),
    Look(
        "inspection incomplete",
        "/desk/inspections/{inspection}/",
        "请填写核查地点",
        people.REVIEWER,
        press_on("签名，请第二人确认"),
    ),
    Look("nothing ticked", "/desk/bulk/", "请至少勾选一件", people.REVIEWER, press_on("接办勾选的")),
    Look("nothing to be done at once", "/desk/bulk/", "没有可以批量办理的", people.OTHER_COUNTY),
    Look("nothing to print", "/desk/prints/", "没有等打印的文书", people.OTHER_COUNTY),
    Look("no phrases", "/desk/phrases/", "还没有常用语", people.OTHER_COUNTY),
    Look("a list to export", "/desk/exports/?new=1", "开始生成", people.SUPERVISOR),
    Look("an export under way", "/desk/exports/?new=1", "正在生成", people.SUPERVISOR, press_on("开始生成")),
    Look("nobody stands in", "/desk/substitutes/", "现在没有人代岗", people.OTHER_COUNTY),
    Look("a substitute not chosen", "/desk/substitutes/", "请选择日期", DECIDER, press_on("安排代岗")),
    Look("to answer an objection", "/desk/cases/{announced}/", "核实情况和理由", people.REVIEWER),
    Look("paper notices", "/desk/cases/{announced}/?paper=notices", "公示编号", people.REVIEWER),
    Look("to end without a decision", "/desk/cases/{received}/?act=terminate", "终止后不能恢复", CLERK),
    Look("nothing to hand over", "/desk/shift/", "没有要移交的", people.CLERK),
    Look(
        "shift without a colleague chosen", "/desk/shift/", "请选择同一岗位", village.HELPER, press_on("移交")
    ),
    Look("nobody has anything due", "/desk/villagers/", "现在没有该办的事", village.NEIGHBOUR),
    Look("press a case", "/desk/cases/{accepted}/", "发出督办", people.SUPERVISOR),
    Look("cases of one light", "/desk/cases/?light=green", "正常", people.SUPERVISOR),
    Look(
        "intake of an unknown number",
        "/desk/intake/",
        "登记一位新的办事人",
        village.CLERK,
        _find("99999919900101001X"),
    ),
    Look("a company unknown", "/desk/intake/", "登记一家新的企业", CLERK, _find("91330600MA2B9AAA7M")),
    Look("a company at the window", "/desk/intake/people/shili-transport/", "法定代表人", CLERK),
    Look("a bundle may go ahead", COMPANYS_ANSWERED, "开始填写", CLERK),
    Look(
        "who comes for a company",
        COMPANYS_ANSWERED,
        "请选择谁来办",
        CLERK,
        _begin_and_hand_in,
    ),
    Look("intake of two of one name", "/desk/intake/", "同名的有 2 位", village.HELPER, _find("王同名")),
    Look(
        "intake of another village",
        "/desk/intake/",
        "不在您的服务区域",
        village.NEIGHBOUR,
        _find(village.ID_NUMBER),
    ),
    Look("items by two letters", "/desk/intake/people/lin-person/", "灵活就业", village.HELPER, _two_letters),
    Look("question known", VILLAGERS_ITEM, "已知，不用问", village.HELPER),
    Look("may go ahead at the desk", VILLAGERS_ANSWERED, "可以办", village.HELPER),
    Look(
        "draft not complete",
        "/desk/intake/drafts/{assisted_draft}/",
        "请先把声明读给",
        village.HELPER,
        press_on("提交并收件"),
    ),
    Look(
        "draft without a signature",
        "/desk/intake/drafts/{assisted_draft}/",
        "还没有签名",
        village.HELPER,
        press_on("确认签名"),
    ),
    Look("nothing to do", "/desk/", "都办完了", people.OTHER_COUNTY),
    Look("nothing fits the filter", "/desk/?text=xyzzy", "没有符合条件的待办", CLERK),
    Look("nothing done yet", "/desk/done/", "还没有办结的事", people.OTHER_COUNTY),
    Look("no cases", "/desk/cases/", "还没有办件", people.OTHER_COUNTY),
    Look("no post", "/desk/", "只对工作人员开放", OWNER),
    Look("to receive", "/desk/cases/{applied}/", "收件后出具收件凭证", CLERK),
    Look("supplement already asked", "/desk/cases/{supplied}/", "已一次告知过补正", CLERK),
    Look("ask for a supplement", "/desk/cases/{received}/?act=supplement", "依法只能告知一次", CLERK),
    Look(
        "supplement without words",
        "/desk/cases/{received}/?act=supplement",
        "还没有写明要补什么",
        CLERK,
        press_on("一次告知补正"),
    ),
    Look("refuse acceptance", "/desk/cases/{received}/?act=refuse-acceptance", "不属于本机关职权", CLERK),
    Look("return", "/desk/cases/{received}/?act=return", "用于重复提交", CLERK),
    Look("waiting for others", "/desk/cases/{supplementing}/", "等申请人补正材料", CLERK),
    Look("to review", "/desk/cases/{accepted}/", "另有 2 项意见", people.REVIEWER),
    Look("points left open", "/desk/cases/{accepted}/", "个要点没有核对", people.REVIEWER, press_on("同意")),
    Look("to check", "/desk/cases/{accepted}/", "送出核查意见", people.VEHICLE_CHECKER),
    Look("to decide", "/desk/cases/{deciding}/", "先看决定书", DECIDER),
    Look("grant", "/desk/cases/{deciding}/?act=grant", "签发《准予行政许可决定书》", DECIDER),
    Look("refuse", "/desk/cases/{unlike}/?act=refuse", "不予许可的理由", DECIDER),
    Look("to deliver", "/desk/cases/{ready}/", "记录送达", CLERK),
    Look("ended", "/desk/cases/{delivered}/", "现在不用您办", CLERK),
    Look("as a supervisor", "/desk/cases/{refused}/", "不能改动的事件链", people.SUPERVISOR),
    Look("all records proved", "/desk/audit/", "全部完整", people.SUPERVISOR, press_on("开始验证")),
    *(
        Look(f"paper {name}", _paper(name), "决定", DECIDER)
        for name in (
            "m-safety-rules",
            "m-business-licence",
            "m-vehicle-licence",
            "opinions",
            "timeline",
            "clocks",
        )
    ),
    Look("key left empty", "/desk/keys/new", "请选择本区划内的单位", partners.ADMIN, press_on("提出申请")),
    Look("key to be taken", "/desk/keys/requests/{key_ready}/", "取用密钥", partners.ADMIN),
    Look(
        "key refused without words",
        "/desk/keys/requests/{key_asked}/",
        "请写明审批意见",
        partners.SECURITY,
        press_on("不同意"),
    ),
    Look("paper documents", "/desk/cases/{ready}/?paper=documents", "受理通知书", CLERK),
    Look("case of another county", "/desk/cases/{ready}/", "没有找到", people.OTHER_COUNTY),
)
