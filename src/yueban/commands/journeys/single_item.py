"""The first journey: an enterprise applies for the road freight permit and anyone verifies what it gets.

Over real HTTP, through the pages as people see them: each step reads a page, fills in its form, presses its
button. Waiting (PDFs of the worker) is bounded. On somebody's running demo nothing but the demo cast is touched.
"""

import json
from typing import Any

from yueban.commands.visitor import Page, Visitor
from yueban.commands.walking import (
    Journey,
    Progress,
    StepFailed,
    act,
    done,
    expect,
    finish_task,
    grant,
    number_in,
    paper,
    verify_chain,
    wait_for,
)

ITEM = "road-freight-permit"
DIVISION = "330602000000"
ANSWERS = {
    "vehicle_mass": "heavy",
    "cargo_kind": "general",
    "applicant_kind": "enterprise",
    "action": "new",
    "vehicle_readiness": "owned",
}
FORM: dict[str, str | list[str]] = {
    "freight.scope": ["general"],
    "contact.id_type": "resident_id",
    "contact.name": "陈示例",
    "contact.id_number": "99999919850316001X",
    "contact.phone": "13800000001",
    "vehicles-0-vehicle.plate": "浙D00001",
    "vehicles-0-vehicle.type": "heavy_truck",
    "vehicles-0-vehicle.gross_mass": "18",
    "vehicles-0-vehicle.inspection_valid_until": "2027-06-30",
    "drivers-0-driver.name": "孙驾驶",
    "drivers-0-driver.id_number": "999999198806120058",
    "drivers-0-driver.qualification_number": "999999198806120058",
    "delivery.method": "window",
}


def walk(*, base_url: str, is_private: bool, progress: Progress) -> dict[str, Any]:
    """Walk it; the object of docs/schemas/journey.json."""
    del is_private  # no step of this journey waits for days to pass
    journey = Journey(base_url, progress)
    result: dict[str, Any] = {"cases": [], "certificates": [], "documents": [], "audit_verified": False}
    try:
        _apply(journey)
        _supplement(journey)
        _review(journey)
        _decide_and_deliver(journey)
        _verify(journey, result)
    except StepFailed as error:
        progress(str(error))
    finally:
        result["cases"] = [journey.number] if journey.number else []
    ok = (
        bool(journey.steps)
        and all(row["status"] == "ok" for row in journey.steps)
        and result["audit_verified"]
    )
    return {"journey": "single-item", "ok": ok, "steps": journey.steps, "result": result}


def _apply(journey: Journey) -> None:
    with journey.step("搜索“开货运公司”，找到事项", "企业", "portal"):
        anyone = Visitor(journey.base_url)
        found = anyone.get("/search?q=%E5%BC%80%E8%B4%A7%E8%BF%90%E5%85%AC%E5%8F%B8")
        found.link_to(f"/items/{ITEM}/")
        expect(anyone.get(f"/items/{ITEM}/?division={DIVISION}"), 200, "待核")
    owner = journey.as_person("chen")
    with journey.step("回答情形问题", "企业", "portal"):
        page = owner.get(f"/items/{ITEM}/situation?division={DIVISION}")
        for question, answer in ANSWERS.items():
            form = next(f for f in page.forms if question in f.names)
            page = expect(owner.send(page, form, {question: answer}), 200)
    with journey.step("填写申请表", "企业", "portal"):
        page = expect(owner.send(page, page.form_to("/start")), 200)
        number = page.address.rstrip("/").rpartition("/")[2]
        form = next(f for f in page.forms if "contact.phone" in f.names)
        page = owner.send(page, form, FORM)
        expect(page, 200)
        if not page.address.rstrip("/").endswith("/materials"):
            raise StepFailed("表单没有通过")
    with journey.step("上传材料，核对并提交", "企业", "portal"):
        while missing := [f for f in page.forms if f.files and "待上传" in _block_of(page, f.action)]:
            upload = missing[0]
            page = expect(owner.send(page, upload, files={"file": ("材料.pdf", paper(upload.action))}), 200)
        page = expect(owner.get(f"/apply/{number}/preview"), 200)
        page = expect(
            owner.send(page, next(f for f in page.forms if "agreed" in f.names), {"agreed": "1"}), 200
        )
        journey.number = number_in(page)


def _supplement(journey: Journey) -> None:
    clerk, owner = journey.as_person("clerk-zhou"), journey.as_person("chen")
    with journey.step("收件", "窗口", "desk"):
        act(journey, clerk, "receive")
    with journey.step("一次性告知补正", "窗口", "desk"):
        page = clerk.get(f"/desk/cases/{journey.number}/?act=supplement")
        form = page.form_to("/supplement")
        done(clerk.send(page, form, {"what-safety-rules": "缺少本单位盖章，请盖章后重新上传。"}))
    with journey.step("补交材料", "企业", "portal"):
        page = expect(owner.get(f"/my/cases/{journey.number}/supplement"), 200)
        form = page.form_to("/supplement/safety-rules")
        page = expect(owner.send(page, form, files={"file": ("制度（盖章）.pdf", paper("sealed"))}), 200)
        form = next(f for f in page.forms if f.action.endswith("/supplement"))
        expect(owner.send(page, form), 200)
    with journey.step("受理", "窗口", "desk"):
        act(journey, clerk, "accept")


def _review(journey: Journey) -> None:
    people = (
        ("车辆信息核查", "公安交管", "checker-wei", "check"),
        ("从业资格核查", "从业资格登记机构", "checker-jiang", "check"),
        ("审查", "县级交通运输局", "reviewer-zheng", "approve"),
    )
    for name, agency, username, _act_name in people:
        with journey.step(f"{name}同时到达待办", agency, "desk"):
            expect(journey.as_person(username).get("/desk/"), 200, journey.number)
    for name, agency, username, button in people:
        with journey.step(name, agency, "desk"):
            finish_task(journey, journey.as_person(username), button)


def _decide_and_deliver(journey: Journey) -> None:
    decider, clerk = journey.as_person("decider-chu"), journey.as_person("clerk-zhou")
    with journey.step("预览决定书并准予许可", "决定人", "desk"):
        grant(journey, decider)
    with journey.step("送达", "窗口", "desk"):
        page = expect(clerk.get(f"/desk/cases/{journey.number}/"), 200)
        form = page.form_to("/deliver")
        done(clerk.send(page, form, {"method": "窗口领取", "proof": "本人签收"}))


def _verify(journey: Journey, result: dict[str, Any]) -> None:
    owner = journey.as_person("chen")
    with journey.step("文书和证照的 PDF 已生成", "企业", "portal"):
        links = _documents_when_ready(owner, journey.number)
        for link in links:
            if not owner.get(link).body.startswith(b"%PDF"):
                raise StepFailed(f"{link} 不是 PDF")
    with journey.step("任何人扫码验证证照", "任何人", "portal"):
        anyone = Visitor(journey.base_url)
        for link in links:
            code = link.rstrip("/").rpartition("/")[2]
            page = expect(anyone.get(f"/v/{code}"), 200)
            if "identifier" in (answer := json.loads(anyone.get(f"/api/v1/verify/{code}").body)):
                result["certificates"].append(answer["identifier"])
            else:
                result["documents"].append(answer["number"])
        if not result["certificates"]:
            raise StepFailed(f"没有验证到证照（最后一页 {page.status}）")
    with journey.step("外人看不到这件办件", "另一家企业", "portal"):
        stranger = journey.as_person("wang")
        expect(stranger.get(f"/my/cases/{journey.number}/"), 404)
    with journey.step("验证办件记录没有被改过", "监督人员", "desk"):
        result["audit_verified"] = verify_chain(journey, journey.as_person("supervisor-shen"))


def _block_of(page: Page, action: str) -> str:
    """The source of the card that holds the upload form, to see whether it is still waited for."""
    before = page.text.partition(f'action="{action}"')[0]
    return before[before.rfind('id="m-') :]


def _documents_when_ready(owner: Visitor, number: str) -> list[str]:
    """The addresses of all documents once the worker has made every PDF."""

    def look() -> list[str] | None:
        page = expect(owner.get(f"/my/cases/{number}/"), 200)
        links = list(dict.fromkeys(link for link, _ in page.links if "/documents/" in link))
        ready = [link for link in links if owner.get(link).body.startswith(b"%PDF")]
        # Receipt, supplement notice, acceptance, decision, certificate, proof of delivery.
        return ready if len(ready) >= 6 else None

    return wait_for("六份文书", look)
