"""The accounts app."""

from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.backends.signals import connection_created


class AccountsConfig(AppConfig):
    """Registers the accounts app, and puts the second wall around every request."""

    name = "yueban.accounts"

    def ready(self) -> None:
        """A request begins and ends as nobody; so does a connection opened in the middle of one."""
        from yueban.accounts import walls

        request_started.connect(walls.begin_request, dispatch_uid="walls")
        request_finished.connect(walls.end_request, dispatch_uid="walls")
        connection_created.connect(walls.tell_new_connection, dispatch_uid="walls")
