"""For load balancers: `/healthz` answers while the process lives, `/readyz` when it can serve."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Migrations change only with a new release, that is with a new process: asked once per process.
_migrated = False


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process lives; nothing else is asked, so that a slow database does not get it killed."""
    return JsonResponse({"ok": True})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """The database answers and has all migrations; otherwise 503 and the name of what is missing."""
    missing = _find_missing()
    return JsonResponse({"ok": missing is None, "missing": missing}, status=200 if missing is None else 503)


def _find_missing() -> str | None:
    global _migrated
    try:
        if not _migrated:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        else:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
    except DatabaseError:
        return "database"
    return None if _migrated else "migrations"
