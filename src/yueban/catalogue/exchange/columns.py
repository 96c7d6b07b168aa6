"""The tables of an item: national heading, national field, place in the standard; JSON and Excel both follow it.

``field`` "" = the national form has no such column: Excel shows it, JSON keeps it in the extension table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from yueban.catalogue.exchange.codecs import (
    Answer,
    BasicCode,
    Choice,
    Code,
    Codec,
    Codes,
    Day,
    Flag,
    Ladder,
    Lines,
    Number,
    RuleWords,
    Text,
    Words,
)
from yueban.kernel.periods import Unit

Path = tuple[str, ...]
UNITS = Choice({str(unit): str(unit) for unit in Unit})
CLOCK_SETS = Choice(
    {
        "permit": "行政许可",
        "registration": "确认登记",
        "filing": "备案",
        "grant": "给付",
        "service": "公共服务",
    }
)
REVIEWS = Choice({"前审后批": "前审后批", "即审即办": "即审即办"})
DEPTHS = Choice({"I": "I", "II": "II", "III": "III", "IV": "IV"})
CLASSES = Choice({"holding": "已持有的证照", "proof": "证明", "application": "申请材料", "other": "其他材料"})
STEPS = Choice(
    {
        "check": "协查",
        "review": "审查",
        "visit": "现场核查",
        "inspect": "现场核查（两人）",
        "countersign": "会签",
        "records": "信息核查",
        "publicity": "公示",
        "decide": "决定",
    }
)
STEP_ROLES = Choice({"reviewer": "审查人员", "checker": "协查人员", "decider": "决定人", "clerk": "窗口人员"})
ENDS = Choice(
    {"proceed": "可以办理", "not_needed": "无需办理", "not_eligible": "不能办理", "elsewhere": "到别处办理"}
)
LEVELS = Choice({"city": "市", "county": "县（市、区）", "town": "镇（街道）", "village": "村（社区）"})
ACTS = Choice({"intake": "受理", "pre_check": "初审", "decide": "办结"})
DELEGATIONS = Choice({"委托": "委托", "授权": "授权", "下放": "下放"})


@dataclass(frozen=True, slots=True)
class Column:
    """One element: its heading, its place in the row, how it is written."""

    title: str
    path: Path
    codec: Codec
    field: str = ""
    part: str = "basic"
    is_required: bool = False
    note: str = ""
    families: tuple[str, ...] = ("general", "public")
    is_of_parent: bool = False

    @property
    def name(self) -> str:
        """Its place as text: statutory.amount."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Table:
    """A list within an item; ``child`` = each row of it is a list in turn (questions and their options)."""

    name: str
    title: str
    path: Path
    columns: tuple[Column, ...]
    child: str = ""
    key: str = ""
    suffix: str = ""
    match: str = ""


def _column(title: str, path: str, codec: Codec | None = None, field: str = "", **more: Any) -> Column:
    return Column(title, tuple(path.split(".")), codec or Text(), field, **more)


C = _column
GENERAL = ("general",)
# 事项: one row an item.
ITEM = Table(
    "item",
    "事项",
    (),
    (
        C("事项标识", "key", is_required=True, note="小写字母、数字和短横线；已有事项请勿改动"),
        C("事项名称", "name", None, "task_name", is_required=True),
        C("英文名称", "name_en"),
        C("事项简介", "summary", is_required=True, note="一句话说清给谁办、得到什么"),
        C("英文简介", "summary_en"),
        C("别名", "aliases", Words(), note="群众常说的叫法，用逗号分开"),
        C("基本编码", "catalog_code", BasicCode(), "catalog_code", is_required=True, note="12 位"),
        C("地方基本编码", "local_catalog_code", None, "local_catalog_code"),
        C("事项类型", "type", Code("item-type"), "task_type", is_required=True),
        C(
            "权力来源",
            "power_source",
            Code("power-source"),
            "power_source",
            is_required=True,
            families=GENERAL,
        ),
        C("行使层级", "levels", Codes("use-level"), "use_level", is_required=True, note="多个用逗号分开"),
        C("权限划分", "division_of_power"),
        C("实施主体类别", "agency_kind", is_required=True, note="部门类别代码，例如 transport"),
        C("认领部门", "adopted_by", Words(), is_required=True, note="部门代码，用逗号分开"),
        C("实施主体性质", "agency_nature", Code("agency-nature"), "dept_type", is_required=True),
        C("委托部门", "entrusted_by", None, "entrust_name", note="性质为受委托组织时必填"),
        C("联办机构", "co_agencies", Words(), "other_dept", part="extend"),
        C("业务指导部门", "guided_by"),
        C("服务对象", "targets", Codes("service-target"), "server_type", is_required=True),
        C("申请人说明", "applicants", Lines(), note="每行一条"),
        C("面向自然人主题", "topics.person", Codes("person-topic"), "user_topic_type", part="extend"),
        C("面向法人主题", "topics.enterprise", Codes("enterprise-topic"), "corp_topic_type", part="extend"),
        C("个人生命周期", "life_stage.person"),
        C("企业生命周期", "life_stage.enterprise"),
        C("办件类型", "handling", Code("handling-type"), "project_type", is_required=True),
        C("审查类型", "review_mode", REVIEWS, is_required=True),
        C("时限依据类别", "clock_set", CLOCK_SETS, is_required=True, note="决定适用哪一套法定时限"),
        C("法定办结时限", "statutory.amount", Number(), "anticipate_day", is_required=True),
        C("法定办结时限单位", "statutory.unit", UNITS, "anticipate_type", is_required=True),
        C("法定办结时限说明", "statutory.note", None, "anticipate_explain"),
        C("法定时限有法律规定", "statutory.by_law", Flag()),
        C(
            "承诺办结时限",
            "promised.amount",
            Number(),
            "promise_day",
            is_required=True,
            note="不超过法定；即办填 0",
        ),
        C("承诺办结时限单位", "promised.unit", UNITS, "promise_type", is_required=True),
        C("承诺办结时限说明", "promised.note", None, "promise_explain"),
        C("受理条件", "conditions", Lines(), "accept_condition", is_required=True, note="每行一条"),
        C("办理形式", "handling_forms", Codes("handling-form"), "handle_type", is_required=True),
        C("到办事现场次数", "visits.count", Number(), "limit_scene_num", is_required=True),
        C("必须现场办理原因", "visits.reason", None, "limit_scene_explain", part="extend"),
        C("是否网办", "online.available", Flag(), "is_online", part="extend", is_required=True),
        C("网上办理深度", "online.depth", DEPTHS, "online_handle_depth", part="extend"),
        C("网办地址", "online.address", None, "online_handle_url", part="extend"),
        C("运行系统层级", "runs_in.level", note="国家级、省级、市级；不在别的系统办理的留空"),
        C("运行系统名称", "runs_in.name"),
        C("运行系统说明", "runs_in.note"),
        C("通办范围", "reach", Words(), "handle_area", part="extend"),
        C("是否收费", "fee.charged", Flag(), "is_fee", is_required=True),
        C("收费依据", "fee.basis", None, "fee_basis"),
        C("是否支持网上支付", "fee.pay_online", Flag(), "is_pay_online", part="extend"),
        C("数量限制", "quantity_limit", None, "limit_explain", part="extend", families=GENERAL),
        C("中介服务", "intermediary.name", None, "service_type", part="extend", note="只填法定中介"),
        C("中介服务内容", "intermediary.content"),
        C("中介服务依据", "intermediary.basis"),
        C("审批结果类型", "result.type", Code("result-type"), "result_type", part="extend", is_required=True),
        C("审批结果名称", "result.name", None, "result_name", part="extend", is_required=True),
        C("审批结果英文名称", "result.name_en"),
        C("证照类型", "result.certificate_type"),
        C("结果有效期", "result.validity.amount", Number()),
        C("结果有效期单位", "result.validity.unit", UNITS),
        C("审批结果样本", "result.sample", None, "result_guid", part="extend"),
        C("没有样本的理由", "result.no_sample_reason", note="没有证照类型、也没有样本的才填"),
        C("是否告知承诺制", "promise_system", Flag()),
        C("情形起点", "situation.start", note="“情形”表里第一个问题的标识"),
        C("权利", "rights", Lines()),
        C("义务", "duties", Lines()),
        C("行政复议部门", "remedies.review.body"),
        C("行政复议地址", "remedies.review.address"),
        C("行政复议电话", "remedies.review.phone"),
        C("行政诉讼法院", "remedies.litigation.court"),
        C("行政诉讼地址", "remedies.litigation.address"),
        C("行政诉讼电话", "remedies.litigation.phone"),
        C("申诉渠道", "remedies.appeal"),
        C("咨询方式", "consult.phone", None, "link_way", is_required=True, note="电话，带区号"),
        C("咨询地址", "consult.address"),
        C("网上咨询", "consult.online"),
        C("咨询邮箱", "consult.email"),
        C(
            "监督投诉方式",
            "supervise.phone",
            None,
            "supervise_way",
            is_required=True,
            note="不能与咨询方式相同",
        ),
        C("投诉地址", "supervise.address"),
        C("网上投诉", "supervise.online"),
        C("投诉邮箱", "supervise.email"),
        C("结果送达方式", "delivery", Words(), is_required=True, note="窗口领取、邮寄、网上自行打印等"),
        C("计划生效日期", "effective_on", Day(), "plan_effective_date"),
        C("计划取消日期", "cancel_on", Day(), "plan_cancel_date"),
    ),
)
BASIS = Table(
    "basis",
    "设定依据",
    ("basis",),
    (
        C("法律法规名称", "law", None, "law_name", is_required=True),
        C("依据文号", "number", None, "law_number"),
        C("条款号", "article", None, "clause"),
        C("条款内容", "text", None, "content", note="原文；没有核实的留空"),
        C("颁布机关", "issuer", None, "organ"),
        C("实施日期", "effective_on", Day(), "effective_date"),
    ),
)
MATERIALS = Table(
    "materials",
    "申请材料",
    ("materials",),
    (
        C("材料标识", "key", is_required=True, note="小写字母、数字和短横线"),
        C("材料字典", "canonical", is_required=True, note="材料字典里的标识"),
        C("材料名称", "name", None, "material_name", is_required=True),
        C("材料英文名称", "name_en"),
        C("材料类型", "type", Code("material-type"), "material_type", is_required=True),
        C("材料形式", "format", Code("material-format"), "material_format", is_required=True),
        C("材料必要性", "necessity", Code("material-necessity"), "is_need", is_required=True),
        C("来源渠道", "source", Code("material-source"), "source_type", is_required=True),
        C("来源渠道说明", "issuer", None, "source_explain", note="出具机构"),
        C("原件份数", "originals", Number(), "page_num"),
        C("复印件份数", "copies", Number(), "page_copynum"),
        C("纸质材料规格", "page_format", None, "page_format"),
        C("要求提供材料的依据", "basis", None, "by_law"),
        C("填报须知", "notes", None, "fill_explain"),
        C("受理标准", "acceptance", Lines(), "accept_stand", note="每行一条"),
        C("适用条件", "when", RuleWords(), note="只供阅读；清空即不分情形都要"),
        C("免提交方式", "satisfy", Ladder(), is_required=True, note="从好到次，每行一种"),
        C("容缺补正期限（工作日）", "deferral_days", Number()),
        C("不能免提交的原因", "no_exemption_reason"),
        C("空白表格", "blank_form", None, "form_guid"),
        C("示例样表", "example", None, "example_guid"),
        C("材料类别", "class", CLASSES, is_required=True),
    ),
    key="key",
    suffix="material",
    match="name",
)
FEES = Table(
    "fees",
    "收费项目",
    ("fee", "items"),
    (
        C("收费项目名称", "name", None, "fee_name", is_required=True),
        C("收费标准", "standard", None, "fee_stand", is_required=True),
        C("收费依据", "basis", None, "by_law"),
        C("是否允许减免", "reducible", Flag(), "is_desc"),
        C("允许减免依据", "reduction", None, "desc_explain"),
    ),
    suffix="fee_project",
    match="name",
)
QUESTIONS = Table(
    "faq",
    "常见问题",
    ("faq",),
    (
        C("问题", "q", None, "question", is_required=True),
        C("答案", "a", None, "answer", is_required=True),
    ),
    suffix="questions",
    match="q",
)
SPECIAL = Table(
    "special",
    "特别程序",
    ("special_procedures",),
    (
        C("特别程序名称", "name", None, "special_name", is_required=True),
        C("特别程序时限", "days", Number(), "special_time", is_required=True),
        C("特别程序时限单位", "unit", UNITS, "special_time_type"),
        C("特别程序依据", "basis", None, "by_law"),
        C("是否计入时限", "counted", Flag(), "is_count"),
        C("特别程序是否收费", "fee", Flag(), "is_fee"),
        C("特别程序种类", "kind", Code("special-procedure-kind"), "special_type"),
    ),
    suffix="special_time",
    match="name",
)
SITUATIONS = Table(
    "situations",
    "情形",
    ("situation", "questions"),
    (
        C("问题标识", "key", is_required=True, is_of_parent=True),
        C("数据元", "element", is_required=True, is_of_parent=True),
        C("情形问题", "text", is_required=True, is_of_parent=True),
        C("情形问题英文", "text_en", is_of_parent=True),
        C("问题说明", "help", is_of_parent=True),
        C("选项值", "value", Answer(), is_required=True),
        C("选项", "label", is_required=True),
        C("选项英文", "label_en"),
        C("选项说明", "help"),
        C("下一个问题", "next", note="和“到达结果”二选一"),
        C("到达结果", "end"),
    ),
    child="options",
    key="key",
)
OUTCOMES = Table(
    "outcomes",
    "情形结果",
    ("situation", "outcomes"),
    (
        C("结果标识", "key", is_required=True),
        C("结果类别", "kind", ENDS, is_required=True),
        C("告知内容", "message"),
        C("告知内容英文", "message_en"),
        C("依据", "basis"),
        C("转到事项", "item"),
        C("去哪里办", "where"),
    ),
    key="key",
)
WINDOWS = Table(
    "windows",
    "办理窗口",
    ("windows",),
    (
        C("窗口名称", "name", is_required=True),
        C("办理地点", "address"),
        C("窗口电话", "phone"),
        C("办理时间", "hours"),
        C("交通指引", "traffic"),
        C("所在区划", "division"),
        C("所属部门", "agency"),
        C("是否演示", "demo", Flag()),
    ),
)
STEPS_TABLE = Table(
    "route",
    "办理环节",
    ("route",),
    (
        C("环节标识", "key", is_required=True),
        C("顺序", "stage", Number(), is_required=True, note="同一顺序的环节同时办理"),
        C("环节类别", "kind", STEPS, is_required=True),
        C("环节名称", "name", is_required=True),
        C("环节英文名称", "name_en"),
        C("承办部门类别", "agency_kind", note="留空为实施主体"),
        C("承办岗位", "role", STEP_ROLES, is_required=True),
        C("天数", "days", Number(), is_required=True),
        C("审查要点", "checks", Lines()),
    ),
    key="key",
)
OFFERINGS = Table(
    "offerings",
    "就近办理",
    ("offerings",),
    (
        C("层级", "level", LEVELS, is_required=True),
        C("做什么", "does", ACTS, is_required=True),
        C("适用条件", "when", RuleWords(), note="只供阅读"),
        C("限于区划", "within", Words()),
        C("说明", "note"),
        C("委托或授权", "delegation.kind", DELEGATIONS),
        C("委托或授权文件", "delegation.document"),
        C("文件文号", "delegation.number"),
        C("起始日期", "delegation.since", Day()),
    ),
)
FIELDS = Table(
    "fields",
    "表单",
    ("form", "sections"),
    (
        C("栏目标识", "key", is_required=True, is_of_parent=True),
        C("栏目名称", "title", is_required=True, is_of_parent=True),
        C("栏目英文", "title_en", is_of_parent=True),
        C("栏目说明", "help", is_of_parent=True),
        C("栏目适用条件", "when", RuleWords(), is_of_parent=True),
        C("数据元", "element", is_required=True),
        C("是否必填", "required", Flag()),
        C("是否预填", "prefill", Flag()),
        C("标签", "label"),
        C("填写说明", "help"),
        C("可选代码", "only", Words()),
        C("适用条件", "when", RuleWords()),
    ),
    child="fields",
    key="key",
)
PERIODS = Table(
    "periods",
    "受理时段",
    ("intake_periods",),
    (
        C("时段名称", "name", is_required=True),
        C("开始日期", "opens_on", Day(), is_required=True),
        C("截止日期", "closes_on", Day(), is_required=True),
        C("时段说明", "note"),
    ),
)
DOUBTS = Table(
    "doubts",
    "待核",
    ("unverified",),
    (C("待核要素", "field", is_required=True), C("待核说明", "note", is_required=True)),
)
# In the order of the sheets.
LISTS = (
    BASIS,
    MATERIALS,
    FEES,
    QUESTIONS,
    SPECIAL,
    SITUATIONS,
    OUTCOMES,
    FIELDS,
    STEPS_TABLE,
    WINDOWS,
    OFFERINGS,
    PERIODS,
    DOUBTS,
)
# Parts of the standard that are there whole or not at all.
WHOLE_OR_NONE: tuple[Path, ...] = (
    ("runs_in",),
    ("intermediary",),
    ("result", "validity"),
    ("remedies", "review"),
    ("remedies", "litigation"),
    ("situation",),
)


def _national(table: Table) -> Table:
    return replace(table, columns=tuple(column for column in table.columns if column.field))


# What the national form knows of the lists: one as a text of the item's own row, the others as tables.
NATIONAL_BASIS = _national(BASIS)
NATIONAL_LISTS = tuple(_national(table) for table in (MATERIALS, FEES, QUESTIONS, SPECIAL))
