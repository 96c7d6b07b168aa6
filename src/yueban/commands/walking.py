"""What journeys share: the people at their devices, steps with their times, reading pages as people do."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from yueban.commands.visitor import Page, Visitor

Progress = Callable[[str], None]
# One page with one line; reads nothing from this machine.
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
)
WAIT_S = 60
CLOCK_S = 1.2  # the other processes of a demo read its clock anew after a second
CASE_NUMBER = re.compile(r"\b(\d{23})\b")
WAITING = "waiting"
T = TypeVar("T")


class StepFailed(Exception):
    """A step did not end as the journey tells it."""


@dataclass
class Journey:
    """What happened so far."""

    base_url: str
    progress: Progress
    steps: list[dict[str, Any]] = field(default_factory=list)
    number: str = ""
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, actor: str, channel: str) -> Iterator[None]:
        """One step with its time; a failure is kept with its reason and ends the journey."""
        begun = time.perf_counter()
        row: dict[str, Any] = {"name": name, "actor": actor, "channel": channel, "status": "ok"}
        try:
            yield
        except (StepFailed, LookupError, OSError) as error:
            row["status"] = f"failed: {error}"[:300]
            raise StepFailed(f"{name}：{error}") from error
        finally:
            row["ms"] = round((time.perf_counter() - begun) * 1000, 1)
            self.steps.append(row)
            self.progress(f"  {row['status'][:60]:<6} {row['ms']:>8.0f} ms  {name}（{actor}）")

    def wait(self, name: str, actor: str, channel: str) -> None:
        """A step for which days would have to pass: noted, not done."""
        self.steps.append({"name": name, "actor": actor, "channel": channel, "status": WAITING, "ms": 0.0})
        self.progress(f"  {WAITING}              {name}（{actor}）")

    @property
    def has_failed(self) -> bool:
        """Whether there is no step, or one that did not end well."""
        return not self.steps or any(row["status"] not in {"ok", WAITING} for row in self.steps)

    def as_person(self, username: str, *, device: str = "") -> Visitor:
        """A signed-in member of the cast, at his own device."""
        if username not in self.visitors:
            visitor = Visitor(self.base_url, device=device)
            page = visitor.get("/sign-in")
            form = next(f for f in page.forms if f.fields.get("username") == [username])
            expect(visitor.send(page, form), 200)
            self.visitors[username] = visitor
        return self.visitors[username]


def pass_days(person: Visitor, count: int, *, at_once: bool = False) -> Page:
    """Press the demo clock's button so often: a working day each, or twenty; the desk on that day."""
    page = expect(person.get("/desk/"), 200)
    for _press in range(count):
        page = person.send(page, page.form_to("/clock/advance"), button="days=20" if at_once else "")
        done(page)
    time.sleep(CLOCK_S)
    return expect(person.get("/desk/"), 200)


def savings_of(journey: Journey, bundle: str) -> dict[str, dict[str, str]]:
    """What the guide of a 一件事 says it spares: by figure, together beside apart, the change and before.

    A single item stands beside nothing but what was before.
    """
    page = expect(Visitor(journey.base_url).get(f"/bundles/{bundle}/"), 200)
    rows = re.findall(r'<tr><th scope="row">([^<]+)</th>((?:<td[^>]*>[^<]*</td>)+)</tr>', page.text)
    cells = {label: re.findall(r">([^<]*)</td>", found) for label, found in rows}
    names = {2: ("together", "before"), 4: ("together", "apart", "change", "before")}
    return {label: dict(zip(names[len(found)], found, strict=True)) for label, found in cells.items()}


def act(journey: Journey, person: Visitor, name: str) -> None:
    """Press the button of a case's page that does this."""
    page = expect(person.get(f"/desk/cases/{journey.number}/"), 200)
    done(person.send(page, page.form_to(f"/{name}")))


def finish_task(journey: Journey, person: Visitor, name: str) -> None:
    """Answer every point of the checklist in the case's favour and send the opinion."""
    page = expect(person.get(f"/desk/cases/{journey.number}/"), 200)
    form = page.form_to(f"/{name}")
    points: dict[str, str | list[str]] = {
        point: next(value for value in form.choices[point] if value == "conforms") for point in form.choices
    }
    done(person.send(page, form, {**points, "opinion": "经核对，情况属实。"}, button=f"/{name}"))


def grant(journey: Journey, person: Visitor) -> None:
    """Look at the document before it is issued, then issue it."""
    page = expect(person.get(f"/desk/cases/{journey.number}/?act=grant"), 200)
    form = page.form_to("/grant")
    preview = person.send(page, form, button="/preview")
    if not preview.body.startswith(b"%PDF"):
        raise StepFailed(f"预览不是 PDF（{preview.status} {preview.content_type}）")
    done(person.send(page, form))


def verify_chain(journey: Journey, person: Visitor) -> bool:
    """Whether the supervisor reads that nothing was changed."""
    expect(person.get(f"/desk/cases/{journey.number}/verify"), 200, "没有被改动过")
    return True


def done(page: Page) -> None:
    """The act went through."""
    if page.status != 200:
        raise StepFailed(f"{page.status} {notice_of(page)}")


def expect(page: Page, status: int, text: str = "") -> Page:
    """The page, when it has this status and these words; raises StepFailed."""
    if page.status != status:
        raise StepFailed(f"{page.address} 返回 {page.status}，应为 {status}：{notice_of(page)}")
    if text and text not in page.text:
        raise StepFailed(f"{page.address} 上没有“{text}”")
    return page


def notice_of(page: Page) -> str:
    """The beginning of what the page says."""
    plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]))
    return plain[:200]


def number_in(page: Page) -> str:
    """The case number on a page."""
    found = CASE_NUMBER.search(page.address) or CASE_NUMBER.search(page.text)
    if found is None:
        raise StepFailed(f"提交后没有看到办件编号：{notice_of(page)}")
    return found.group(1)


def paper(what: str) -> bytes:
    """A PDF to be handed in."""
    line = f"BT /F 20 Tf 60 760 Td (Demo material: {what.strip('/').rpartition('/')[2]}) Tj ET".encode()
    stream = b"4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (len(line), line)
    return PAPER + stream + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def wait_for(what: str, look: Callable[[], T | None]) -> T:
    """Look again and again until there is something; raises StepFailed after a minute."""
    deadline = time.monotonic() + WAIT_S
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise StepFailed(f"{WAIT_S}秒内没有等到{what}")
        time.sleep(0.5)
    return found
