"""The embedded server takes a quarter of what memory there is, within bounds."""

import pytest

from yueban.postgres import memory


@pytest.mark.parametrize(
    ("physical", "limit", "expected"),
    [
        (256 << 20, None, "128MB"),
        (4 << 30, None, "1024MB"),
        (64 << 30, None, "2048MB"),
        (64 << 30, "2147483648", "512MB"),
        (4 << 30, "max", "1024MB"),
    ],
)
def test_a_quarter_of_the_memory_or_of_the_containers_limit(monkeypatch, tmp_path, physical, limit, expected):
    monkeypatch.setattr(memory, "_physical", lambda: physical)
    path = tmp_path / "memory.max"
    if limit is not None:
        path.write_text(f"{limit}\n")
    monkeypatch.setattr(memory, "LIMITS", (path,))
    assert memory.shared_buffers() == expected
