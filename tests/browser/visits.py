"""People at their devices: signed in without clicking, with everything the browser complains of written down."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
KIOSK_SIZES = ({"width": 1080, "height": 1920}, {"width": 1920, "height": 1080})
# What our own pages answer when something is wrong with what was sent: the browser notes the status, we mean it.
MEANT_STATUSES = ("401", "403", "404", "409", "422")
DRAWING = "/static/shared/mark.svg"
WATCH_CSP = "addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"


@dataclass
class Visits:
    """Opens pages for people; `complaints` holds every console error, CSP violation and failed part."""

    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    borrowed: Page | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def open(
        self, address: str, who: str | None = None, device: dict[str, Any] = PHONE, **options: Any
    ) -> Page:
        """A page of a new device, on which `who` has signed in before."""
        page = self.device(who, device, **options).new_page()
        page.goto(address)
        return page

    def device(
        self, who: str | None = None, device: dict[str, Any] = PHONE, **options: Any
    ) -> BrowserContext:
        """A device of its own cookies."""
        context = self.browser.new_context(base_url=self.url, locale="zh-CN", **device, **options)
        context.set_default_timeout(8000)
        self.contexts.append(context)
        if who is not None:
            self.sign_in(context, who)
        if options.get("java_script_enabled", True):
            context.add_init_script(WATCH_CSP)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("response", self._answered)
        return context

    def borrow(self, who: str | None = None, **cookies: str) -> Page:
        """The one phone that goes from hand to hand: nothing is left of who had it but what the browser cached.

        A device of its own for each look costs twice as much as the look.
        """
        page = self.borrowed
        if page is None or page.is_closed():
            page = self.borrowed = self.device().new_page()
        else:
            # A drawing of the same site: the page before has ended, and the browser needs no new process.
            page.goto(DRAWING)
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear() }")
            page.set_viewport_size(PHONE["viewport"])
        page.context.clear_cookies()
        if who is not None:
            self.sign_in(page.context, who)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]
        )
        self.complaints.clear()
        return page

    def sign_in(self, context: BrowserContext, who: str) -> None:
        """Put a signed-in session on the device."""
        if who not in self.cookies:
            from django.test import Client

            client = Client()
            client.post("/sign-in", {"username": who})
            self.cookies[who] = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": self.cookies[who], "url": self.url}])

    def borrow_kiosk(self, who: str | None = None) -> Page:
        """The same device as a registered terminal, at which `who` has just put his card on the reader."""
        from tests.channels.kiosk_visitors import at_kiosk

        page = self.borrow()
        page.set_viewport_size(KIOSK_SIZES[0])
        carried = [
            {"name": name, "value": one.value, "url": self.url} for name, one in at_kiosk(who).cookies.items()
        ]
        page.context.add_cookies([cookie for cookie in carried if cookie["value"]])
        return page

    def close(self) -> None:
        """Shut every device."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        self.borrowed = None

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        text = message.text
        if "status of" in text and any(f"status of {status}" in text for status in MEANT_STATUSES):
            return  # judged with its request in _answered
        self.complaints.append(f"console: {text} ({message.location.get('url', '')})")

    def _answered(self, response: Response) -> None:
        request = response.request
        is_own_page = request.is_navigation_request() or "hx-request" in request.headers
        if response.status >= 500 or (response.status >= 400 and not is_own_page):
            self.complaints.append(f"{response.status} {response.url}")
