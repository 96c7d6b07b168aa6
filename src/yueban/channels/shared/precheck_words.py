"""What a machine said of an upload, in words for a page: what it doubts, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yueban.channels.shared.english import is_english
from yueban.channels.shared.templatetags.chinese_dates import han_date
from yueban.files.models import StoredFile
from yueban.prechecks import selectors as prechecks
from yueban.prechecks.choices import Doubt, PrecheckState
from yueban.prechecks.models import Precheck

_SENTENCES = {
    Doubt.NO_TEXT: (
        gettext_noop("几乎没有看到字。"),
        gettext_noop("请在亮处放平，重拍一张；本来就没有字的，就用这张。"),
    ),
    Doubt.OTHER_DOCUMENT: (
        gettext_noop("这张看起来是%(seen)s，这里要的是%(wanted)s。"),
        gettext_noop("换一张，或者确认没拿错，就用这张。"),
    ),
    Doubt.NOT_RECOGNISED: (
        gettext_noop("没有认出这是%(wanted)s。"),
        gettext_noop("请看看拿对了没有、拍全了没有；没错的，就用这张。"),
    ),
    Doubt.OTHER_NAME: (
        gettext_noop("上面的名字像是“%(said)s”，和填写的不一样。"),
        gettext_noop("请看看是不是拿了别人的；没错的，就用这张。"),
    ),
    Doubt.BAD_NUMBER: (
        gettext_noop("上面的号码（%(said)s）校验位对不上。"),
        gettext_noop("可能没有拍清楚，也可能号码有误，请对照原件。"),
    ),
    Doubt.EXPIRED: (
        gettext_noop("上面写的有效期到%(day)s，已经过期。"),
        gettext_noop("有新的请换新的；没有的，窗口会告诉您怎么办。"),
    ),
}


@dataclass(frozen=True)
class Said:
    """What was seen, for everybody; what to do, for whoever puts the file up."""

    seen: str
    advice: str


@dataclass(frozen=True)
class Told:
    """One line, with a light where it found something or nothing; the doubts; whether the page asks again."""

    light: str
    word: str
    doubts: tuple[Said, ...] = ()
    is_watched: bool = False


def told_of(file: StoredFile) -> Told | None:
    """What is to be said of this file; None where no machine was asked."""
    precheck: Precheck | None = getattr(file, "precheck", None)
    if precheck is None:
        return None
    match precheck.state:
        case PrecheckState.WAITING if precheck.is_watched:
            return Told("", _("机器正在看，几秒钟就好；不用等，接着办就行"), is_watched=True)
        case PrecheckState.WAITING:
            return Told("", _("机器还没有看完，不影响您提交"))
        case PrecheckState.FINE if prechecks.names_serving(precheck.material):
            return Told("green", _("机器看过，没有看出问题"))
        case PrecheckState.FINE:
            return Told("green", _("机器看过，字看得清"))
        case PrecheckState.DOUBTS:
            doubts = tuple(_told(one, precheck) for one in precheck.findings)
            return Told("yellow", _("机器看了，请您再看一眼"), doubts)
        case PrecheckState.ABSENT:
            return Told("", _("这里没有装机器预检，由工作人员查看"))
    return Told("", _("机器没能看这个文件，由工作人员查看"))


def _told(finding: Mapping[str, str], precheck: Precheck) -> Said:
    seen, advice = _SENTENCES[Doubt(finding["doubt"])]
    values = {
        "seen": prechecks.name_of(precheck.seen),
        "wanted": _("或").join(prechecks.names_serving(precheck.material)),
        "said": finding["said"],
        "day": _day(finding["on"]),
    }
    return Said(_(seen) % values, (" " if is_english() else "") + _(advice))


def _day(written: str) -> str:
    if not written or is_english():
        return written
    return str(han_date(date.fromisoformat(written)))
