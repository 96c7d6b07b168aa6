"""A visitor without a browser: reads pages over HTTP, fills in the forms it finds there, and presses buttons."""

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

Fields = dict[str, list[str]]
TIMEOUT_S = 60
UNSENT = frozenset({"submit", "button", "image", "file", "reset"})


@dataclass
class Form:
    """A form as the page shows it: where it goes, what it would send, its buttons and its choices."""

    action: str
    method: str
    fields: Fields = field(default_factory=dict)
    buttons: list[Mapping[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Page:
    """What came back: where, status, text, forms and links."""

    address: str
    status: int
    body: bytes
    forms: list[Form]
    links: list[tuple[str, str]]
    content_type: str = ""

    @property
    def text(self) -> str:
        """The source of the page."""
        return self.body.decode("utf-8", "replace")

    def form_to(self, part: str) -> Form:
        """The form one of whose buttons leads to an address with this part; raises LookupError."""
        for form in self.forms:
            if part in form.action or any(part in button.get("formaction", "") for button in form.buttons):
                return form
        raise LookupError(f"{self.address}（{self.status}）上没有通向“{part}”的表单")

    def link_to(self, part: str) -> str:
        """The first link whose address has this part; raises LookupError."""
        for address, _text in self.links:
            if part in address:
                return address
        raise LookupError(f"{self.address}（{self.status}）上没有通向“{part}”的链接")


class _Reader(HTMLParser):
    """Collects forms and links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(found.get("action", ""), found.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and "href" in found:
            self.links.append((found["href"], found.get("title", "")))
        elif self._form is not None:
            self._read_control(tag, found, self._form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None and self._form is not None:
            self._form.fields[self._area] = [self._form.fields[self._area][0] + data]

    def _read_control(self, tag: str, found: dict[str, str], form: Form) -> None:
        name = found.get("name", "")
        if tag == "button":
            form.buttons.append(found)
        elif tag == "input" and name:
            self._read_input(found, form, name)
        elif tag == "textarea" and name:
            self._area = name
            form.fields[name] = [""]
            form.names.add(name)
        elif tag == "select" and name:
            self._select = name
            form.names.add(name)
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(found.get("value", ""))
            if "selected" in found:
                form.fields[self._select] = [found.get("value", "")]

    @staticmethod
    def _read_input(found: dict[str, str], form: Form, name: str) -> None:
        kind = found.get("type", "text")
        form.names.add(name)
        if kind == "file":
            form.files.append(name)
        elif kind in {"radio", "checkbox"}:
            form.choices.setdefault(name, []).append(found.get("value", "on"))
            if "checked" in found:
                form.fields.setdefault(name, []).append(found.get("value", "on"))
        elif kind not in UNSENT:
            form.fields.setdefault(name, []).append(found.get("value", ""))


class Visitor:
    """One person at one device, which may say what it is: keeps his cookies, follows redirects."""

    def __init__(self, base_url: str, *, device: str = "") -> None:
        self.base_url = base_url
        self._device = device
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._jar), urllib.request.ProxyHandler({})
        )

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies he carries."""
        return {cookie.name: cookie.value or "" for cookie in self._jar}

    def get(self, address: str) -> Page:
        """Read a page."""
        return self._open(urllib.request.Request(self._absolute(address)))

    def send(
        self,
        page: Page,
        form: Form,
        values: Mapping[str, str | list[str]] | None = None,
        *,
        button: str = "",
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Page:
        """Fill in a form and press a button: `button` is a part of its own address or its `name=value`.

        Raises LookupError for a field the form does not have, as a person would look for it in vain.
        """
        unknown = set(values or {}) - form.names
        if unknown:
            raise LookupError(f"{page.address} 的表单里没有这些栏目：{'、'.join(sorted(unknown))}")
        fields = {name: list(found) for name, found in form.fields.items()}
        for name, value in (values or {}).items():
            fields[name] = value if isinstance(value, list) else [value]
        action = _press(form, fields, button)
        target = urllib.parse.urljoin(page.address, action or page.address)
        if form.method == "get":
            query = urllib.parse.urlencode(fields, doseq=True)
            return self.get(f"{target.partition('?')[0]}?{query}")
        return self._open(self._request(target, page, fields, files or {}))

    def _request(
        self, target: str, page: Page, fields: Fields, files: Mapping[str, tuple[str, bytes]]
    ) -> urllib.request.Request:
        headers = {"Referer": page.address, "Origin": self.base_url}
        if not files:
            body = urllib.parse.urlencode(fields, doseq=True).encode()
            return urllib.request.Request(target, body, headers)
        boundary = uuid.uuid4().hex
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
        return urllib.request.Request(target, _multipart(boundary, fields, files), headers)

    def _absolute(self, address: str) -> str:
        return urllib.parse.urljoin(self.base_url + "/", address)

    def _open(self, request: urllib.request.Request) -> Page:
        if self._device:
            request.add_header("User-Agent", self._device)
        try:
            answer = self._opener.open(request, timeout=TIMEOUT_S)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            body = answer.read()
            kind = answer.headers.get("Content-Type", "")
            reader = _Reader()
            if "html" in kind:
                reader.feed(body.decode("utf-8", "replace"))
            return Page(answer.geturl(), answer.status, body, reader.forms, reader.links, kind)


def _press(form: Form, fields: Fields, button: str) -> str:
    """The address the button sends to; a named button sends its value along."""
    for found in form.buttons:
        if button and button in found.get("formaction", ""):
            return found["formaction"]
        if button and button == f"{found.get('name', '')}={found.get('value', '')}":
            fields[found["name"]] = [found.get("value", "")]
    return form.action


def _multipart(boundary: str, fields: Fields, files: Mapping[str, tuple[str, bytes]]) -> bytes:
    parts = []
    for name, values in fields.items():
        for value in values:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            parts.append(head.encode() + value.encode() + b"\r\n")
    for name, (filename, content) in files.items():
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        parts.append(head.encode() + content + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])
