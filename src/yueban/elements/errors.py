"""What can go wrong with elements."""

from yueban.kernel.errors import NotFound


class CodeListNotFound(NotFound):
    """No code list of this key is loaded."""

    code = "element.code_list_not_found"
