"""What can be wrong with an index or with whoever turns texts into vectors."""


class IndexDamaged(Exception):
    """A file of the index is missing, cut short or altered; `name` says which."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"检索索引的文件 {name} {why}，不能使用。请重建索引；重建前按旧索引或只按字词检索。")
        self.name = name


class IndexBusy(Exception):
    """Another process builds the same index."""


class EmbedderFailed(Exception):
    """No vectors came: the model cannot be made or the endpoint does not answer as it should."""
