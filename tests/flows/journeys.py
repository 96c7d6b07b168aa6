"""A whole case carried through the real addresses with the test client, every step by the person whose it is."""

from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import people
from tests.channels.visitors import hidden, visitor
from yueban.approvals import selectors as approvals
from yueban.cases.models import Case
from yueban.catalogue import selectors as catalogue
from yueban.documents import selectors as documents
from yueban.documents import services as document_services
from yueban.flows import apply
from yueban.kernel.reference import Reference


def carry_a_case() -> Case:
    """From the situation questions to delivery, a supplement included; documents are made on the way."""
    number = _apply()
    client = visitor(people.OWNER)
    client.post(f"/apply/{number}/preview", {"agreed": "1"})
    case = Case.objects.get(application__number=number)
    act(people.CLERK, case, "receive")
    act(people.CLERK, case, "supplement", {"what-safety-rules": "缺少本单位盖章"})
    upload = SimpleUploadedFile("制度.pdf", people.PDF + b"sealed")
    client.post(f"/my/cases/{case.number}/supplement/safety-rules", {"file": upload})
    client.post(f"/my/cases/{case.number}/supplement", {})
    act(people.CLERK, case, "accept")
    for username, name in (
        (people.VEHICLE_CHECKER, "check"),
        (people.QUALIFICATION_CHECKER, "check"),
        (people.REVIEWER, "approve"),
    ):
        act(username, case, name, {"opinion": "核对无误"})
    act(people.DECIDER, case, "grant")
    act(people.CLERK, case, "deliver", {"method": "窗口领取", "proof": "本人签收"})
    for document in documents.documents_of(Reference("case", case.number)):
        document_services.render_document(document.pk)
    case.refresh_from_db()
    return case


def _apply() -> str:
    client = visitor(people.OWNER)
    party = people.company_of(people.actor(people.OWNER))
    begun = {"apply.version": people.freight().pk, "apply.party": party} | people.ANSWERS
    address = client.post("/items/road-freight-permit/start", begun)["Location"]
    number = address.rstrip("/").rsplit("/", 1)[-1]
    form = dict(catalogue.flat(people.freight().compiled, people.FORM))
    client.post(address, form | {"revision": hidden(client.get(address).content, "revision")})
    for material in apply.check(people.actor(people.OWNER), number).materials:
        if material.is_missing:
            upload = SimpleUploadedFile(f"{material.key}.pdf", people.PDF + material.key.encode())
            client.post(f"/apply/{number}/materials/{material.key}", {"file": upload})
    return number


def act(username: str, case: Case, name: str, words: Mapping[str, str] | None = None) -> None:
    """Press one button of the desk, every point of a checklist answered in the case's favour."""
    case.refresh_from_db()
    task = approvals.inbox(people.actor(username)).filter(reference_number=case.number).first()
    points = {f"check-{index}": "conforms" for index in range(len(task.checks))} if task else {}
    form = {"revision": str(case.revision), "key": f"{username}-{name}", "task": str(task.pk) if task else ""}
    answer = visitor(username).post(f"/desk/cases/{case.number}/{name}", form | points | dict(words or {}))
    assert answer.status_code == 302, f"{username} could not {name}"
