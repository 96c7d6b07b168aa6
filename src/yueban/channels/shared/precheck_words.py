"""What a machine said of an upload, in words for a page: what it doubts, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yueban.channels.shared.english import is_english
from yueban.channels.shared.templatetags.chinese_dates import han_date
from yueban.files.models import StoredFile
from yueban.prechecks import selectors as prechecks
from yueban.prechecks.choices import Doubt, PrecheckState
from yueban.prechecks.models import Precheck


@dataclass(frozen=True)
class Told:
    """One line, with a light where it found something or nothing; the doubts; whether the page asks again."""

    light: str
    word: str
    doubts: tuple[str, ...] = ()
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
            doubts = tuple(_sentence(one, precheck) for one in precheck.findings)
            return Told("yellow", _("机器看了，请您再看一眼"), doubts)
        case PrecheckState.ABSENT:
            return Told("", _("这里没有装机器预检，由工作人员查看"))
    return Told("", _("机器没能看这个文件，由工作人员查看"))


def _sentence(finding: Mapping[str, str], precheck: Precheck) -> str:
    wanted = _("或").join(prechecks.names_serving(precheck.material))
    match finding["doubt"]:
        case Doubt.NO_TEXT:
            return _("几乎没有看到字。请在亮处放平，重拍一张；本来就没有字的，就用这张。")
        case Doubt.OTHER_DOCUMENT:
            return _("这张看起来是%(seen)s，这里要的是%(wanted)s。换一张，或者确认没拿错，就用这张。") % {
                "seen": prechecks.name_of(precheck.seen),
                "wanted": wanted,
            }
        case Doubt.NOT_RECOGNISED:
            return _("没有认出这是%(wanted)s。请看看拿对了没有、拍全了没有；没错的，就用这张。") % {
                "wanted": wanted
            }
        case Doubt.OTHER_NAME:
            return _(
                "上面的名字像是“%(said)s”，和填写的不一样。请看看是不是拿了别人的；没错的，就用这张。"
            ) % {"said": finding["said"]}
        case Doubt.BAD_NUMBER:
            return _("上面的号码（%(said)s）校验位对不上，可能没有拍清楚，也可能号码有误。请对照原件。") % {
                "said": finding["said"]
            }
    return _("上面写的有效期到%(day)s，已经过期。有新的请换新的；没有的，窗口会告诉您怎么办。") % {
        "day": _day(finding["on"])
    }


def _day(written: str) -> str:
    day = date.fromisoformat(written)
    return written if is_english() else str(han_date(day))
