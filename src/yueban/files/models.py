"""StoredFile: one upload, its bytes kept elsewhere under their SHA-256."""

from django.db import models


class StoredFile(models.Model):
    """One file that somebody handed in or the platform made; several may share the same bytes."""

    # Random, so that a number seen in one place tells nothing of another file.
    number = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=160)
    stored_at = models.DateTimeField()
    # Files lie below accounts: the uploader is kept as he was, not as a foreign key.
    uploader_user_id = models.BigIntegerField(null=True)
    uploader_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.name
