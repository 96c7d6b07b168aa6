"""The one receipt of a 一件事 says what is spared, as it was computed."""

import pytest

from tests import bundles
from yueban.documents import selectors as documents
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db


def closing_of(number: str) -> str:
    (receipt,) = documents.documents_of(Reference("bundle", number))
    return "".join(receipt.content["closing"])


def test_the_receipt_says_what_is_spared_and_what_one_visit_serves():
    version = bundles.publish_bundle(edges=[{"kind": "same_visit", "source": "a", "target": "c"}])
    told = closing_of(bundles.received(version).number)
    one, apart = version.compiled_bundle.predicted, version.compiled_bundle.parts
    assert f"填写{one.fields}项（分开办{apart.fields}项）" in told
    assert f"材料{one.materials}件（分开办{apart.materials}件）" in told
    assert "“事项A”和“事项C”一次上门。" in told
