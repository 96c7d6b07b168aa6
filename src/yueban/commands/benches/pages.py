"""`yueban bench pages`: guide, search as you type and my matters, beside a bare view with the guide's bytes.

A private instance with a catalogue of a whole city (what is not real is marked synthetic), the site as
`yueban serve` runs it, one client that keeps its connection.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yueban.commands.cpu import tree_cpu_seconds
from yueban.commands.django_setup import ROOT
from yueban.commands.errors import CommandError
from yueban.commands.instance import Instance
from yueban.commands.ports import find_free_port
from yueban.commands.visitor import Visitor

ITEM = "road-freight-permit"
PLACE = "330602011000"
GUIDE = f"/items/{ITEM}/"
BARE = f"/bare/{ITEM}/"
PERSON = "chen"
COOKIES = {"yueban_place": PLACE}
WARM_UP = 40
# What people type: characters, pinyin, initials, and each with slips; letter by letter, the first six count.
TYPED_TEXT = """
开货运公司 道路运输 食品经营 开饭店 营业执照 身份证 公积金 养老机构 教师资格 失业保险 护士执业 医疗器械 居住证
户口登记 异地就医 社保登记 幼儿园许可 机动车登记 开宾馆 卖书 daolu shipin gongji yanglao huowu jiaoshi hukou
shenfen yiliao jiehun dlys spjy gjj yljg jszg sbdj jdc hkdj yyzz gssl 道路云输 饭管 公鸡金 养劳机构 教师姿格
货云公司 营业执罩 食品径营 身份正 失业保显
"""
TYPED = tuple(TYPED_TEXT.split())
KEYSTROKES = 6
Progress = Callable[[str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes; the defaults are the ones that count."""
    parser.add_argument("--items", type=int, default=1700, help="事项数 / items in the catalogue")
    parser.add_argument("--cases", type=int, default=30, help="办件数 / cases of the person")
    parser.add_argument("--requests", type=int, default=300, help="每轮的请求数 / requests a run")


@dataclass
class Timed:
    """One run of requests: each one's seconds, and the CPU seconds of site and database together."""

    seconds: list[float]
    cpu: float

    @property
    def mean_ms(self) -> float:
        """Milliseconds a request, so that 1,000 ÷ it are requests a second."""
        return statistics.fmean(self.seconds) * 1000

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds a request."""
        return self.cpu / len(self.seconds) * 1000

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 requests stay under."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)] * 1000


class Client:
    """One client over one connection that stays open."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def get(self, address: str) -> bytes:
        """The body of a page; raises CommandError for any answer but 200."""
        self._connection.request("GET", address, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise CommandError(f"{address} 返回 {answer.status} / answered {answer.status}")
        return body

    def time(self, addresses: Sequence[str]) -> Timed:
        """Ask for each address, one after the other."""
        seconds = []
        cpu = tree_cpu_seconds(os.getpid())
        for address in addresses:
            begun = time.perf_counter()
            self.get(address)
            seconds.append(time.perf_counter() - begun)
        return Timed(seconds, tree_cpu_seconds(os.getpid()) - cpu)


def measure(*, arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Make the instance, fill it, measure, throw it away."""
    with tempfile.TemporaryDirectory(prefix="yueban-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        page = folder / "page.html"
        settings = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.pages.settings",
            "BENCH_PAGE": str(page),
        }
        instance = Instance(folder / "instance", port=find_free_port(), for_children=settings)
        instance.claim()
        try:
            instance.start()
            _fill(arguments, settings, progress)
            instance.wait_for_first_page()
            return _measure(instance, page, arguments, progress)
        finally:
            instance.stop()


def _fill(arguments: argparse.Namespace, settings: dict[str, str], progress: Progress) -> None:
    progress(f"写入 {arguments.items} 个事项、{arguments.cases} 件办件 / filling the private database")
    words = ["--items", str(arguments.items), "--cases", str(arguments.cases), "--person", PERSON]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages.fill", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"测速用的数据没有写入:\n{done.stderr[-2000:]} / The data could not be written.")
    progress(f"  {done.stdout.strip()}")


def _measure(
    instance: Instance, page: Path, arguments: argparse.Namespace, progress: Progress
) -> dict[str, Any]:
    anyone = Client(instance.port, COOKIES)
    person = Client(instance.port, COOKIES | _signed_in(instance.address))
    asked = [f"/search/suggest?q={quote(text)}" for text in keystrokes()]
    anyone.get(GUIDE)
    page.write_bytes(anyone.get(GUIDE))
    # Every thread of the server opens its connection and compiles its templates before anything counts.
    for client, addresses in ((anyone, [GUIDE, BARE, *asked]), (person, ["/my/"])):
        client.time([address for address in addresses for _ in range(WARM_UP // len(addresses) + 1)])
    plan = {
        "guide": (anyone, [GUIDE] * arguments.requests),
        "bare": (anyone, [BARE] * arguments.requests),
        "search": (anyone, asked),
        "my": (person, ["/my/"] * max(arguments.requests // 5, 1)),
    }
    runs: list[dict[str, Timed]] = []
    equal = True
    for number in range(arguments.runs):
        names = list(plan) if number % 2 else list(reversed(plan))
        runs.append({name: plan[name][0].time(plan[name][1]) for name in names})
        equal = equal and _are_equal(anyone, page)
        shown = {name: round(timed.mean_ms, 2) for name, timed in runs[-1].items()}
        progress(f"  {number + 1}/{arguments.runs}  {shown} ms")
    return {**_figures(runs), "checked_equal": equal}


def _signed_in(address: str) -> dict[str, str]:
    visitor = Visitor(address)
    page = visitor.get("/sign-in")
    visitor.send(page, next(form for form in page.forms if form.fields.get("username") == [PERSON]))
    return visitor.cookies


def keystrokes() -> list[str]:
    """What the search is asked while people type, one to six keystrokes each."""
    return [word[:length] for word in TYPED for length in range(1, min(len(word), KEYSTROKES) + 1)]


def _are_equal(client: Client, page: Path) -> bool:
    """Whether both sides give the same bytes now; where an office has opened or closed meanwhile, not."""
    return client.get(GUIDE) == client.get(BARE) == page.read_bytes()


def _figures(runs: list[dict[str, Timed]]) -> dict[str, Any]:
    """Medians over the runs; ratios are taken within each run."""

    def median(name: str, figure: str) -> float:
        return float(round(statistics.median(getattr(run[name], figure) for run in runs), 3))

    def ratio(figure: str) -> float:
        each = [getattr(run["bare"], figure) / max(getattr(run["guide"], figure), 1e-9) for run in runs]
        return float(round(statistics.median(each), 3))

    ours = {f"{name}_ms": median(name, "mean_ms") for name in ("guide", "search", "my")}
    ours |= {f"{name}_p95_ms": median(name, "p95_ms") for name in ("guide", "search", "my")}
    ours |= {f"{name}_cpu_ms": median(name, "cpu_ms") for name in ("guide", "search", "my")}
    bare = {"guide_ms": median("bare", "mean_ms"), "guide_cpu_ms": median("bare", "cpu_ms")}
    return {
        "ours": ours,
        "peers": {"bare": bare},
        "ratios": {"guide_vs_bare": ratio("mean_ms"), "guide_vs_bare_cpu": ratio("cpu_ms")},
    }
