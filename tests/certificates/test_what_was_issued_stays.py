"""The database refuses to change or delete what was issued, to the application and to the owner of the tables."""

import pytest

from tests import people
from yueban.certificates.models import Certificate
from yueban.documents import services as documents
from yueban.documents.models import Document

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = "is refused"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE documents_document SET title = '改过'",
        "UPDATE documents_document SET content = '{}'",
        "UPDATE documents_document SET number = number || '改'",
        "UPDATE documents_document SET issued_on = issued_on - 1",
        "DELETE FROM documents_document",
        "TRUNCATE documents_document CASCADE",
        "UPDATE certificates_certificate SET data = '{}'",
        "UPDATE certificates_certificate SET holder_id = holder_id + 1",
        "UPDATE certificates_certificate SET number = 'changed'",
        "DELETE FROM certificates_certificate",
        "TRUNCATE certificates_certificate CASCADE",
    ],
)
def test_not_even_the_owner_changes_what_was_issued(owner_connection, statement):
    people.accepted()
    with pytest.raises(Exception, match=REFUSED):
        owner_connection.execute(statement)


def test_the_pdf_comes_once_and_then_nothing_moves(owner_connection):
    case = people.accepted()
    document = Document.objects.get(subject_number=case.number, kind="acceptance")
    documents.render_document(document.pk)
    document.refresh_from_db()
    assert document.is_ready
    documents.render_document(document.pk)
    with pytest.raises(Exception, match=REFUSED):
        owner_connection.execute(
            "UPDATE documents_document SET sha256 = repeat('0', 64) WHERE id = %s", [document.pk]
        )


def test_a_certificate_may_be_revoked():
    certificate = Certificate.objects.first()
    certificate.status = "04"
    certificate.save(update_fields=["status"])
    certificate.refresh_from_db()
    assert certificate.status == "04"
