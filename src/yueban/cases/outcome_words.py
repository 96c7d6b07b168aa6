"""Words of a decision by the kind of item: only a permit is 准予许可; a benefit is 给付, a filing 备案."""

from dataclasses import dataclass

from yueban.cases.models import Case


@dataclass(frozen=True, kw_only=True)
class OutcomeWords:
    """What a yes and a no are called on buttons, in documents and in their numbers."""

    grant: str
    refuse: str
    grant_title: str
    refuse_title: str
    granted: str
    refused: str
    number_word: str
    refusal_number_word: str

    def title(self, *, is_granted: bool) -> str:
        """The heading of the document that decides."""
        return self.grant_title if is_granted else self.refuse_title

    def word(self, *, is_granted: bool) -> str:
        """The word in the document's number: 绍越交运 许 字〔2026〕1号."""
        return self.number_word if is_granted else self.refusal_number_word


def _words(act: str, paper: str, *, number_word: str) -> OutcomeWords:
    return OutcomeWords(
        grant=f"予以{act}",
        refuse=f"不予{act}",
        grant_title=f"{act}{paper}",
        refuse_title=f"不予{act}{paper}",
        granted=f"予以{act}",
        refused=f"不予{act}",
        number_word=number_word,
        refusal_number_word=f"不{number_word}",
    )


PERMIT = OutcomeWords(
    grant="准予许可",
    refuse="不予许可",
    grant_title="准予行政许可决定书",
    refuse_title="不予行政许可决定书",
    granted="准予行政许可",
    refused="不予行政许可",
    number_word="许",
    refusal_number_word="不许",
)
REGISTRATION = _words("登记", "通知书", number_word="登")
CONFIRMATION = _words("确认", "决定书", number_word="确")
BENEFIT = _words("给付", "决定书", number_word="给")
FILING = _words("备案", "通知书", number_word="备")
SERVICE = _words("办理", "结果通知书", number_word="办")
_BY_CLOCK_SET = {"permit": PERMIT, "grant": BENEFIT, "filing": FILING, "service": SERVICE}


def outcome_words(case: Case) -> OutcomeWords:
    """The words for this case, from the legal basis of its item (domain.md §12: the words for no differ)."""
    kind = case.item_version.compiled.clocks.kind
    if kind == "registration":
        return REGISTRATION if "登记" in case.item_name else CONFIRMATION
    return _BY_CLOCK_SET[kind]
