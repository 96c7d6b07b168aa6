"""A column of JSON that holds only a cipher: for forms, facts and papers that name people."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression

from yueban.vault import ciphers
from yueban.vault.keys import field_keys

SEALED = "sealed"
# Only the type checker knows the field's parameters.
if TYPE_CHECKING:
    Base = models.JSONField[Any, Any]
else:
    Base = models.JSONField


class SealedJSONField(Base):
    """JSON stored as ``{"sealed": cipher}``; rows from before it was sealed are still read.

    Nothing inside can be searched by the database: what must be found has a column or a blind index.
    """

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Encrypt on the way in."""
        if value is None or isinstance(value, Expression):
            return super().get_db_prep_value(value, connection, prepared)
        plain = json.dumps(value, cls=self.encoder or DjangoJSONEncoder, ensure_ascii=False).encode()
        cipher = base64.b64encode(ciphers.seal(plain, field_keys()[0])).decode()
        return super().get_db_prep_value({SEALED: cipher}, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Decrypt on the way out; raises Undecipherable."""
        found = super().from_db_value(value, expression, connection)
        if isinstance(found, dict) and found.keys() == {SEALED}:
            return json.loads(ciphers.open_sealed(base64.b64decode(found[SEALED]), field_keys()))
        return found
