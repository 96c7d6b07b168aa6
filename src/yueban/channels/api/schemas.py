"""What the API answers with."""

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema


class Problem(Schema):
    """Why a request was refused."""

    code: str = Field(description="稳定的错误代码")
    message: str = Field(description="哪里不对、为什么")
    hint: str = Field(description="现在该怎么办")
    data: dict[str, Any] | None = None


class Health(Schema):
    """Whether the service answers."""

    ok: bool
    version: str


class ItemRow(Schema):
    """One item of the list."""

    key: str
    name: str
    name_en: str
    summary: str
    task_code: str = Field(description="实施编码")
    agency_code: str
    agency_name: str
    division: str = Field(description="12位区划代码")
    version: int
    effective_on: date
    hash: str = Field(description="本版标准内容的杂凑值")


class ItemPage(Schema):
    """One page of items."""

    count: int
    page: int
    pages: int
    items: list[ItemRow]


class ItemDetail(ItemRow):
    """An item with its published standard."""

    guide: dict[str, Any] = Field(description="办事指南")
    situations: dict[str, Any] = Field(description="情形引导")
    form: dict[str, Any] = Field(description="表单：布局和 JSON Schema")
    materials: list[dict[str, Any]] = Field(description="申请材料")


class VerifiedDocument(Schema):
    """A document as anybody may check it: what was issued, when, by whom; never to whom."""

    is_genuine: bool
    kind: str
    title: str
    number: str
    issued_on: date
    agency_name: str
    sha256: str = Field(description="PDF 的 SHA-256；还在生成时为空")


class VerifiedCertificate(VerifiedDocument):
    """A certificate also has a status and a validity."""

    is_valid: bool
    status_name: str
    certificate_number: str
    identifier: str = Field(description="证照标识")
    valid_from: date | None
    valid_until: date | None


class VersionRow(Schema):
    """One version of an item at one agency."""

    number: int
    state: str = Field(description="published 已发布，suspended 暂停，cancelled 取消")
    effective_on: date
    effective_until: date | None = Field(description="到哪天为止（不含当天）；空为没有定")
    is_in_force: bool
    hash: str


class Versions(Schema):
    """All published versions of an item at the agency that serves the division, the newest first."""

    key: str
    agency_code: str
    versions: list[VersionRow]


class Version(VersionRow):
    """One version with its whole standard."""

    key: str
    agency_code: str
    guide: dict[str, Any]
    situations: dict[str, Any]
    form: dict[str, Any] = Field(description="表单：布局和 JSON Schema")
    materials: list[dict[str, Any]]


class ApplicantIn(Schema):
    """For whom it is asked; kind, number and name must belong together."""

    kind: Literal["person", "enterprise"] = Field(description="person 个人，enterprise 企业")
    name: str = Field(min_length=1, max_length=200, description="姓名或企业名称，与证照一致")
    id_number: str = Field(min_length=1, max_length=40, description="身份证号码或统一社会信用代码")
    phone: str = Field("", max_length=30, description="个人的手机号码，可不填")


class ApplicationIn(Schema):
    """A new application."""

    applicant: ApplicantIn
    item: str = Field(min_length=1, max_length=80, description="事项的 key")
    division: str = Field(
        "", pattern="^([0-9]{12})?$", description="按哪里的标准办，12位区划代码；不填为密钥所属单位的区划"
    )
    answers: dict[str, str] = Field(default_factory=dict, description="情形引导的答案：问题 → 选项")
    form: dict[str, Any] = Field(default_factory=dict, description="表单内容，结构见事项的 form.json_schema")
    consent: Literal[True] = Field(description="申请人已同意代为提交，并同意调用其电子证照")


class FormIn(Schema):
    """The form anew; `revision` is the one that was read last."""

    form: dict[str, Any]
    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class MaterialOut(Schema):
    """One material of an application: how it is met, and whether it is still missing."""

    key: str
    name: str
    way: str = Field(description="upload 上传；certificate 电子证照；check 部门核查")
    is_required: bool
    is_missing: bool
    is_to_sign: bool = Field(description="还没有承诺：由申请人签承诺，或者上传")
    files: int


class ApplicationOut(Schema):
    """An application as it stands."""

    number: str
    state: str = Field(description="draft 草稿，submitted 已提交")
    item: str
    item_version: int
    item_version_hash: str = Field(description="这份申请所按标准内容的杂凑值，各渠道显示的同一个")
    revision: int
    is_ready: bool = Field(description="是否可以提交")
    errors: dict[str, str] = Field(description="表单里还要改的地方：路径 → 一句话")
    materials: list[MaterialOut]
    case: str | None = Field(description="提交后的办件编号")


class FileOut(Schema):
    """A file that was taken."""

    number: str
    material: str
    name: str
    size: int
    media_type: str
    sha256: str


class RevisionIn(Schema):
    """The case as it was read last; an act on an older one is refused."""

    revision: int | None = Field(None, ge=0, le=2**31 - 1)


class AskedOut(Schema):
    """One material of the notice of what is missing."""

    material: str
    name: str
    what: str


class SupplementOut(Schema):
    """一次性告知: all that is missing, and until when."""

    due_on: date
    items: list[AskedOut]


class CaseRow(Schema):
    """Where a case stands; never whose it is."""

    number: str
    item: str
    item_name: str
    item_version: int
    item_version_hash: str = Field(description="这件办件所按标准内容的杂凑值")
    agency: str
    state: str
    state_code: str = Field(description="两位状态代码")
    state_name: str
    state_since: datetime
    applied_at: datetime
    promised_on: date | None = Field(description="承诺办结日")
    is_ended: bool
    revision: int


class CaseOut(CaseRow):
    """A case with what happens next."""

    next_step: str = Field(description="下一步，一句话")
    next_due_on: date | None
    supplement: SupplementOut | None = Field(description="等补正时，要补什么、到哪天")


class CasePage(Schema):
    """Cases in the order of their submission, the newest first; `next` leads on."""

    cases: list[CaseRow]
    next: str | None


class DocumentOut(Schema):
    """A document about a case."""

    code: str = Field(description="验证码；下载和查验都用它")
    kind: str
    title: str
    number: str
    issued_on: date
    is_ready: bool = Field(description="PDF 是否已生成")
    sha256: str


class Documents(Schema):
    """The documents about a case, in the order they were issued."""

    documents: list[DocumentOut]


class EventData(Schema):
    """What happened: numbers, kinds and states, never a person."""

    case: str
    item: str
    event: str
    event_name: str
    state: str
    state_name: str
    agency: str


class CloudEvent(Schema):
    """CloudEvents 1.0; the same that is pushed."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: str
    datacontenttype: str
    data: EventData


class EventPage(Schema):
    """Events in their order; ask again with `next`, which stays the same until something has happened."""

    events: list[CloudEvent]
    next: str


class WebhookIn(Schema):
    """Where events are to be pushed."""

    address: str = Field(min_length=1, max_length=500, description="https:// 开头的接收地址")
    kinds: list[str] = Field(
        default_factory=list, max_length=60, description="要哪些事件，如 accept、grant；空为全部"
    )


class WebhookOut(Schema):
    """An address to which events are pushed."""

    number: str
    address: str
    kinds: list[str]
    state: str = Field(description="active 推送中，paused 已暂停，ended 已停用")
    why_paused: str
    created_at: datetime
    failures: int = Field(description="连续失败次数")
    hold_until: datetime | None = Field(description="在此之前不再尝试")


class NewWebhook(WebhookOut):
    """Just made: the secret is told this once."""

    secret: str = Field(description="验签密钥，只在这里出现一次")


class Webhooks(Schema):
    """The key's addresses."""

    webhooks: list[WebhookOut]


class DeliveryOut(Schema):
    """One event on its way."""

    id: str
    event: str = Field(description="CloudEvents 的 id")
    type: str
    state: str = Field(description="pending 待送达，delivered 已送达，given_up 三天未送达，aside 停用后搁置")
    attempts: int
    next_try_at: datetime | None
    delivered_at: datetime | None
    last_status: int | None
    last_fault: str


class DeliveryPage(Schema):
    """Deliveries, the newest first; `next` leads on."""

    deliveries: list[DeliveryOut]
    next: str | None


class SendAgainIn(Schema):
    """Which deliveries to send once more."""

    deliveries: list[str] = Field(min_length=1, max_length=100)


class Count(Schema):
    """How many."""

    count: int
