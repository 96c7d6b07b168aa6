"""Systems of agencies with their keys, and an application as they send it."""

import json
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import people
from yueban.accounts.choices import Scope
from yueban.accounts.models import ApiKey, ApiKeyRequest
from yueban.flows import api_keys
from yueban.kernel import clock

ADMIN, SECURITY = "admin-su", "admin-an"
HALL, TRANSPORT, ELSEWHERE = "yuecheng-government-services", "yuecheng-transport", "zhuji-government-services"
NUMBERS = count(1)
ALL = tuple(str(scope) for scope in Scope)
API = "/api/v1"
APPLICATION: dict[str, Any] = {
    "applicant": {"kind": "enterprise", "name": "示例运输有限公司", "id_number": "91999999MA990001XD"},
    "item": "road-freight-permit",
    "division": "330602000000",
    "answers": people.ANSWERS,
    "form": people.FORM,
    "consent": True,
}


@dataclass
class System:
    """A program with a key."""

    key: ApiKey
    secret: str
    sent: int = 0

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """A request with the key, a body as JSON."""
        headers = {"Authorization": f"Bearer {self.secret}", **headers}
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(Client(), method)(f"{API}{path}", headers=headers, **data)

    def get(self, path: str) -> Any:
        """GET; the answer's content where it went well."""
        response = self.ask("get", path)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def post(self, path: str, body: object = None, key: str = "") -> Any:
        """POST a command under an idempotency key of its own, or the one given."""
        self.sent += 1
        headers = {"Idempotency-Key": key or f"c{self.sent}"}
        return self.ask("post", path, {} if body is None else body, **headers)

    def upload(self, path: str, material: str, content: bytes = people.PDF, name: str = "材料.pdf") -> Any:
        """POST a file."""
        data = {"material": material, "file": SimpleUploadedFile(name, content)}
        return Client().post(f"{API}{path}", data, headers={"Authorization": f"Bearer {self.secret}"})

    def started(self, **changes: object) -> str:
        """The number of a new application."""
        response = self.post("/applications", APPLICATION | changes)
        assert response.status_code == 201, response.content.decode()
        return str(response.json()["number"])

    def ready(self) -> str:
        """The number of an application with all its files."""
        number = self.started()
        for material in self.get(f"/applications/{number}")["materials"]:
            if material["is_missing"]:
                content = people.PDF + material["key"].encode()
                assert (
                    self.upload(f"/applications/{number}/files", material["key"], content).status_code == 201
                )
        return number

    def submitted(self) -> str:
        """The number of a case."""
        response = self.post(f"/applications/{self.ready()}/submit")
        assert response.status_code == 201, response.content.decode()
        return str(response.json()["number"])


def asked(agency: str = HALL, *scopes: str, days: int = 90) -> ApiKeyRequest:
    """A request for a key that waits for approval."""
    return api_keys.request_key(
        people.actor(ADMIN, channel="desk"),
        name=f"测试业务系统{next(NUMBERS)}",
        agency_code=agency,
        scopes=scopes or ALL,
        expires_on=clock.today() + timedelta(days=days),
        reason="接入本单位的业务系统",
    )


def approved(agency: str = HALL, *scopes: str, days: int = 90) -> ApiKeyRequest:
    """A request that was approved and waits to be taken."""
    found = asked(agency, *scopes, days=days)
    security = people.actor(SECURITY, channel="desk")
    return api_keys.review_request(security, found.number, is_approved=True, words="已核对系统和权限")


def system(agency: str = HALL, *scopes: str, days: int = 90) -> System:
    """A system of an agency, with every scope unless some are named; its key was made by two people."""
    number = approved(agency, *scopes, days=days).number
    made = api_keys.take_key(people.actor(ADMIN, channel="desk"), number)
    return System(made.key, made.secret)
