"""Background work of documents."""

from yueban.documents import services
from yueban.jobs.registry import handler


@handler(services.RENDER_JOB)
def render(document_id: int) -> None:
    """Make the PDF of an issued document; running again changes nothing."""
    services.render_document(document_id)
