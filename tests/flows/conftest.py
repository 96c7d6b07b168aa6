"""What tests of flows share."""

from tests.documents.conftest import read_pdf

__all__ = ["read_pdf"]
