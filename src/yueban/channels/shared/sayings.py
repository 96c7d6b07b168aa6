"""What services say in Chinese, told in English on an English page: sentences known by their shape, else their words.

A sentence that is not known here stays as it is and is marked as Chinese on its way out (passages.py).
"""

import functools
import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from yueban.channels.shared.english import is_english

SAYINGS = (
    # limits and lights
    gettext_noop("即办"),
    gettext_noop("%(n)s个工作日"),
    gettext_noop("%(n)s个自然日"),
    gettext_noop("%(n)s分钟"),
    gettext_noop("%(n)s小时"),
    gettext_noop("还有%(n)s个工作日（%(month)s月%(day)s日前）"),
    gettext_noop("已超%(n)s个工作日（应于%(month)s月%(day)s日前）"),
    gettext_noop("今天到期（%(month)s月%(day)s日）"),
    # what happens next
    gettext_noop("%(who)s将在1个工作日内收件，您现在不用做什么。"),
    gettext_noop("%(who)s正在核对材料，%(month)s月%(day)s日前告诉您结果。"),
    gettext_noop("请您补材料，%(month)s月%(day)s日前补齐后马上继续办理。"),
    gettext_noop("%(who)s正在审查和核查，%(month)s月%(day)s日前办结，您不用做什么。"),
    gettext_noop("审查已完成，%(who)s正在作出决定，%(month)s月%(day)s日前办结。"),
    gettext_noop("已转到上级的业务系统办理，%(month)s月%(day)s日前办结，您不用做什么；编号见办理经过。"),
    gettext_noop("已准予，决定文书可以查看和下载；需要纸质的，请到窗口领取。"),
    gettext_noop("已准予，电子证照现在就能用；需要纸质的，请到窗口领取。"),
    gettext_noop("未准予。理由、申请复议和提起诉讼的办法都写在决定书里。"),
    gettext_noop("公示中收到异议，%(who)s正在核实；答复之后接着办理，您不用做什么。"),
    gettext_noop("正在公示，到%(month)s月%(day)s日24时没有异议的，接着作出决定。您不用做什么。"),
    gettext_noop("不予受理，理由和救济途径见不予受理通知书。"),
    gettext_noop("申请已退回，理由见办理经过。还要办的，可以重新申请。"),
    gettext_noop("已办结，办理结果已送达。"),
    gettext_noop("申请已经撤回，这件办件已结束。还要办的，可以重新申请。"),
    gettext_noop("没有在期限内补齐材料，办理已终止。材料备齐后，可以重新申请。"),
    gettext_noop("办理已终止，理由见终止办理通知书。"),
    gettext_noop("准予的结果已经撤销，理由和救济途径见撤销决定书。"),
    gettext_noop("有材料没有核到，请您承诺或者上传；别的环节照常在办。"),
    gettext_noop("请您补交容缺的材料，%(month)s月%(day)s日前补齐后才能作决定。"),
    gettext_noop("作出决定之前，您可以要求听证，请在%(month)s月%(day)s日前提出。"),
    gettext_noop("特别程序进行中，计划%(month)s月%(day)s日前结束；这段时间不计入办理期限。"),
    # a bundle and its children
    gettext_noop("%(who)s将在1个工作日内一次收件，您现在不用做什么。"),
    gettext_noop("%(n)s项全部办成，结果都在下面。"),
    gettext_noop(
        "已办结，等一起发证：同一件事的其他事项有结果后一起发给您，最晚%(month)s月%(day)s日，您不用做什么。"
    ),
    gettext_noop("最晚%(month)s月%(day)s日和同一件事的其他事项一起发给您。"),
    gettext_noop("和同一件事的其他事项一起发证。"),
    gettext_noop("%(n)s项已办成，%(m)s项正在办，您不用做什么。"),
    gettext_noop("%(n)s项已办结，等一起发证，%(m)s项正在办，您不用做什么。"),
    gettext_noop("%(n)s项正在办，您不用做什么。"),
    gettext_noop("%(n)s项正在办，%(m)s项等前一项办好后自动开始，您不用做什么。"),
    gettext_noop("%(names)s办成后自动开始，不用您再跑、再填。"),
    gettext_noop("这件事已经按您的要求撤回，以后可以重新申请。"),
    gettext_noop("没有办成，每一项的理由和救济途径写在下面。"),
    *(gettext_noop("已经办成。"), gettext_noop("已经撤回。"), gettext_noop("办理已终止。")),
    *(gettext_noop("没有开始办理。"), gettext_noop("已办结，等一起发证"), gettext_noop("同步发证")),
    # what happened
    gettext_noop("提交申请"),
    gettext_noop("系统"),
    gettext_noop("开始公示"),
    gettext_noop("收到异议"),
    gettext_noop("核查中"),
    gettext_noop("%(name)s完成"),
    gettext_noop("一次告知需要补正的全部内容，见补正告知书。"),
    gettext_noop("材料齐全，已出具受理通知书。"),
    gettext_noop("已出具收件凭证。"),
    gettext_noop("容缺的材料已补齐。"),
    gettext_noop("没有在承诺的期限内补交，见终止办理通知书。"),
    gettext_noop("五个工作日内可以要求听证，见听证告知书。"),
    gettext_noop("五个工作日内没有要求听证，接着办理。"),
    gettext_noop("已出具撤回确认书。"),
    gettext_noop("证照已生成，可查看和下载。"),
    # how a material is satisfied
    gettext_noop("需您提交"),
    gettext_noop("可承诺代替"),
    gettext_noop("由系统调取电子证照，不用您交。"),
    gettext_noop("按规定不再要这份材料（%(basis)s）。"),
    gettext_noop("由系统向%(source)s查询，不用您交。"),
    gettext_noop("由部门核对%(subject)s，不用您交。"),
    gettext_noop("您可以书面承诺代替，部门事后核查。"),
    gettext_noop("您在网上填写后自动生成，不用另交。"),
    gettext_noop("请您上传，或到窗口提交。"),
    # stages of life and business that items carry
    *(
        gettext_noop("出生"),
        gettext_noop("教育"),
        gettext_noop("就业"),
        gettext_noop("生活"),
        gettext_noop("置业"),
    ),
    *(gettext_noop("救助"), gettext_noop("养老")),
    *(gettext_noop("准入准营"), gettext_noop("工程建设"), gettext_noop("经营发展")),
)
PART = re.compile(r"%\\\((\w+)\\\)s|%\((\w+)\)s")


def said(text: str) -> str:
    """The English of what a service says, on an English page."""
    if not text or not is_english():
        return text
    english = _(text)
    if english != text:
        return english
    for saying, shape in _shapes():
        match = shape.fullmatch(text)
        if match:
            return _(saying) % match.groupdict()
    return text


@functools.cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, _shape(one)) for one in SAYINGS if "%(" in one)


def _shape(saying: str) -> re.Pattern[str]:
    """Numbers where numbers stand, anything but nothing where names stand."""
    numbers = {"n", "m", "month", "day"}
    return re.compile(PART.sub(lambda part: _group(part[1] or part[2], numbers), re.escape(saying)))


def _group(name: str, numbers: set[str]) -> str:
    return rf"(?P<{name}>\d+)" if name in numbers else rf"(?P<{name}>.+?)"
