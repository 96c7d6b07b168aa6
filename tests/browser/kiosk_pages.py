"""Every screen of the kiosk by the name of its address, and states worth looking at; each at both of its sizes."""

from playwright.sync_api import Page

from tests import people
from tests.browser.acts import fill, press
from tests.browser.look import Look, press_on

OWNER = people.OWNER
ITEM = "/kiosk/items/road-freight-permit/"
BUNDLE = "/kiosk/bundles/goods-transport/"
ANSWERED = ITEM + "situation?" + "&".join(f"{name}={value}" for name, value in people.ANSWERS.items())


def _read_a_card(page: Page) -> None:
    press(page, "陈示例", exact=True)


KIOSK_PAGES = (
    Look("kiosk:home", "/kiosk/", "您想办什么"),
    Look("kiosk:register", "/kiosk/register", "用编号和密钥登记"),
    Look("kiosk:devices", "/kiosk/devices", "高拍仪"),
    Look("kiosk:sign-in", "/kiosk/card", "请把身份证放在读卡区"),
    Look("kiosk:confirm", "/kiosk/card", "是您本人吗", None, _read_a_card),
    Look("kiosk:do", "/kiosk/do/", "办哪一件"),
    Look("kiosk:find", "/kiosk/find?q=gjj", "住房公积金提取"),
    Look("kiosk:ask", "/kiosk/ask", "可以这样问"),
    Look("kiosk:services", "/kiosk/services", "核验真伪"),
    Look("kiosk:track", "/kiosk/track", "怎么查"),
    Look("kiosk:windows", "/kiosk/windows", "您在这里"),
    Look("kiosk:guide", ITEM, "要带什么"),
    Look("kiosk:details", ITEM + "details#materials", "不用您交"),
    Look("kiosk:situation", ITEM + "situation", "第 1 个问题"),
    Look("kiosk:bundles", "/kiosk/bundles/", "几项合成一件"),
    Look("kiosk:bundle", BUNDLE, "分开办合计"),
    Look("kiosk:bundle-questions", BUNDLE + "questions", "第 1 个问题"),
    Look("kiosk:bundle-case", "/kiosk/my/bundles/{bundle}/", "各办到哪一步", OWNER),
    Look("kiosk:form", "/kiosk/apply/{draft_new}/", "已为您填好", OWNER),
    Look("kiosk:materials", "/kiosk/apply/{draft_new}/materials", "不用您交", OWNER),
    Look("kiosk:review", "/kiosk/apply/{draft_full}/review", "我声明", people.STRANGER),
    Look("kiosk:my", "/kiosk/my/", "接着填", OWNER),
    Look("kiosk:case", "/kiosk/my/{applied}/?submitted=1", "已经提交", OWNER),
    Look("kiosk:papers", "/kiosk/papers/", "打印哪一份", OWNER),
    Look("kiosk:progress", "/kiosk/progress", "联系手机后四位"),
    Look("kiosk:verify", "/kiosk/verify", "输入二维码旁的核验码"),
)
NO_KIOSK_PAGES = dict.fromkeys(
    (
        f"kiosk:{name}"
        for name in (
            *("wipe", "alive", "start", "scan", "promise", "use-again", "remove-file", "slip", "print"),
            *("bundle-start", "bundle-slip", "ask-person", "ask-slip"),
        )
    ),
    "redirect",
)


def _wrong_plate(page: Page) -> None:
    fill(page, {"vehicles-0-vehicle.plate": "不是车牌"})
    press(page, "保存，下一步", exact=True)


def _wrong_code(page: Page) -> None:
    fill(page, {"code": "12"})
    press(page, "核验", exact=True)


def _put_out_of_paper(page: Page) -> None:
    case = page.url
    page.goto("/kiosk/devices")
    page.locator("li", has_text="小票打印机").get_by_role("button", name="没有纸了").click()
    page.goto(case)
    press(page, "打印凭条", exact=True)


KIOSK_STATES = (
    Look("may go ahead", ANSWERED, "刷身份证，开始填写"),
    Look("nothing found", "/kiosk/find?q=zzzz", "没有找到"),
    Look(
        "three fields of a vehicle", "/kiosk/apply/{draft_new}/?at=vehicles-0-vehicle.plate", "车辆 1", OWNER
    ),
    Look("another vehicle?", "/kiosk/apply/{draft_new}/?at=rows:vehicles", "再加一个", OWNER),
    Look(
        "a wrong plate",
        "/kiosk/apply/{draft_new}/?at=vehicles-0-vehicle.plate",
        "需要修改",
        OWNER,
        _wrong_plate,
    ),
    Look("a paper to be taken", "/kiosk/apply/{draft_new}/materials?at=safety-rules", "高拍仪", OWNER),
    Look("not complete", "/kiosk/apply/{draft_new}/review", "没有填好", OWNER),
    Look("slip printed", "/kiosk/my/{applied}/", "已经打印", OWNER, press_on("打印凭条")),
    Look("out of paper", "/kiosk/my/{applied}/", "加纸", OWNER, _put_out_of_paper),
    Look("code mistyped", "/kiosk/verify", "请对照纸面再输一次", None, _wrong_code),
    Look("no such screen", "/kiosk/items/no-such-item/", "没有找到"),
)
