"""The papers of a case as tabs: the form, each material with how it was satisfied, and what has happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yueban.approvals.choices import TaskKind, TaskOutcome, TaskState
from yueban.approvals.models import Task
from yueban.cases import selectors as cases
from yueban.cases.choices import MaterialState
from yueban.cases.models import Case, CaseMaterial, MaterialFile
from yueban.catalogue.compiled import CompiledMaterial
from yueban.certificates import selectors as certificates
from yueban.certificates.choices import WITHOUT_HANDING_IN, CertificateStatus, SatisfactionWay
from yueban.certificates.models import Certificate, Exchange, Promise, Satisfaction
from yueban.channels.desk.form_view import Line, date_text
from yueban.kernel import masking
from yueban.kernel.reference import Reference

PLANNED = {
    "certificate": gettext_lazy("电子证照"),
    "share": gettext_lazy("数据共享"),
    "check": gettext_lazy("协查"),
    "promise": gettext_lazy("告知承诺"),
    "form": gettext_lazy("填写内容生成"),
    "upload": gettext_lazy("申请人提交"),
    "reuse": gettext_lazy("材料复用"),
    "cancelled": gettext_lazy("依规则取消"),
}
TONES = {
    MaterialState.SATISFIED: "green",
    MaterialState.PROVIDED: "closed",
    MaterialState.PENDING: "yellow",
    MaterialState.ASKED: "orange",
    MaterialState.UNPROVED: "orange",
}


@dataclass(frozen=True)
class MaterialView:
    """One material: what the standard says of it, how it was satisfied, and its files."""

    material: CaseMaterial
    standard: CompiledMaterial | None
    satisfaction: Satisfaction | None
    files: tuple[MaterialFile, ...]
    earlier_files: tuple[MaterialFile, ...]
    typed: str = ""  # what is being written into the notice of what is missing
    check: Task | None = None  # the check that stands for the material
    asked: tuple[Exchange, ...] = ()  # what data sources were asked for it, the newest first
    promise: Promise | None = None

    @property
    def way(self) -> str:
        """In words: 电子证照, 协查, 申请人提交."""
        if self.satisfaction is not None:
            return str(SatisfactionWay(self.satisfaction.way).label)
        return str(PLANNED.get(self.material.way, self.material.way))

    @property
    def is_exempt(self) -> bool:
        """Whether the applicant need not hand it in."""
        way = self.satisfaction.way if self.satisfaction else self.material.way
        return way in WITHOUT_HANDING_IN and self.material.state != MaterialState.UNPROVED

    @property
    def is_form(self) -> bool:
        """Whether what was filled in on line is the material."""
        return self.material.way == "form"

    @property
    def word(self) -> str:
        """What the tab says beside the name."""
        if self.material.state == MaterialState.ASKED:
            return _("待补正")
        if self.is_ended:
            return _("证照已失效")
        if self.material.state in (MaterialState.PENDING, MaterialState.UNPROVED):
            return self._check_word if self.material.way == "check" else _("待核查")
        return self.way

    @property
    def _check_word(self) -> str:
        """待协查 until the check is opened, and what it found once it is done."""
        state = self.check.state if self.check else TaskState.WAITING
        if state == TaskState.DONE and self.check:
            return _("协查：%(outcome)s") % {"outcome": self.check.get_outcome_display()}
        return _("协查中") if state == TaskState.OPEN else _("待协查")

    @property
    def tone(self) -> str:
        """The colour that goes with the word, by the names of the lights."""
        if self.is_ended:
            return "red"
        if self.check and self.check.outcome not in ("", TaskOutcome.CONFORMS):
            return "orange"
        return TONES.get(MaterialState(self.material.state), "closed")

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to look at."""
        return self.material.state == MaterialState.SATISFIED

    @property
    def certificate(self) -> Certificate | None:
        """The e-certificate that stands for the material."""
        return self.satisfaction.certificate if self.satisfaction else None

    @property
    def is_ended(self) -> bool:
        """Whether the certificate relied on was revoked, annulled or withheld since."""
        return self.certificate is not None and self.certificate.status != CertificateStatus.VALID

    @property
    def tried(self) -> list[str]:
        """What did not come of asking, as it was known at submission."""
        return [str(one["text"]) for one in self.material.detail.get("tried", ())]

    @property
    def certificate_lines(self) -> tuple[Line, ...]:
        """What the certificate says, identity numbers and phones masked."""
        found = self.certificate
        if found is None:
            return ()
        rows = [(str(field["name"]), found.data.get(field["key"])) for field in found.type.fields]
        return tuple(_line(label, value) for label, value in rows if value not in (None, "", []))

    @property
    def has_masked(self) -> bool:
        """Whether the certificate shows a number masked."""
        return any(line.is_masked for line in self.certificate_lines)

    @property
    def acceptance(self) -> tuple[str, ...]:
        """受理标准: the points by which the material is looked at."""
        return self.standard.acceptance if self.standard else ()


@dataclass(frozen=True)
class Tab:
    """One tab above the viewer."""

    key: str
    label: str
    word: str = ""
    tone: str = ""


def _line(label: str, value: object) -> Line:
    whole = date_text("、".join(str(one) for one in value) if isinstance(value, list) else str(value))
    shown = masking.mask_text(whole)
    return Line(label, shown, masking.STAR in shown and shown != whole, whole)


def material_views(case: Case, typed: Mapping[str, str], *, tasks: Sequence[Task] = ()) -> list[MaterialView]:
    """The materials in the order of the standard; six queries whatever their number."""
    files = Prefetch(
        "files", MaterialFile.objects.select_related("file__precheck").order_by("-added_at", "-pk")
    )
    rows = case.materials.prefetch_related(files).order_by("position", "pk")
    satisfied = {
        row.material_key: row for row in certificates.satisfactions_of(Reference("case", case.number))
    }
    standards = {material.key: material for material in case.item_version.compiled.materials}
    asked = cases.asked_for(case)
    promised = {row.material_key: row for row in certificates.promises_of(Reference("case", case.number))}
    return [
        replace(
            _view(row, standards, satisfied, typed),
            check=_check_of(row, tasks),
            asked=tuple(asked.get(row.key, ())),
            promise=promised.get(row.key),
        )
        for row in rows
    ]


def _check_of(row: CaseMaterial, tasks: Sequence[Task]) -> Task | None:
    kind = row.detail.get("agency_kind")
    return next((task for task in tasks if task.kind == TaskKind.CHECK and task.agency.kind == kind), None)


def _view(
    row: CaseMaterial,
    standards: Mapping[str, CompiledMaterial],
    satisfied: Mapping[str, Satisfaction],
    typed: Mapping[str, str],
) -> MaterialView:
    files = list(row.files.all())
    return MaterialView(
        row,
        standards.get(row.key),
        satisfied.get(row.key),
        tuple(one for one in files if one.is_current),
        tuple(one for one in files if not one.is_current),
        typed.get(f"what-{row.key}", ""),
    )


def tabs_of(materials: Sequence[MaterialView], *, documents: int, has_notice: bool = False) -> list[Tab]:
    """All tabs in their order."""
    return [
        Tab("form", _("申请表")),
        *(
            Tab(f"m-{view.material.key}", view.material.name, view.word, view.tone)
            for view in materials
            if not view.is_form
        ),
        Tab("opinions", _("审查与核查")),
        *([Tab("notices", _("公示与异议"))] if has_notice else []),
        Tab("documents", _("文书"), str(documents) if documents else ""),
        Tab("timeline", _("办理经过")),
        Tab("clocks", _("时限")),
    ]
