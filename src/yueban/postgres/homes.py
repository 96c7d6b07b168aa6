"""Where a server's files may lie: in the folder asked for, or where the account can reach them."""

import hashlib
import os
import tempfile
from pathlib import Path

from yueban.postgres.account import Account
from yueban.postgres.errors import PostgresError

SYSTEM_HOME = Path("/var/lib")


def find_home(account: Account, wanted: Path) -> Path:
    """A folder of our own that the account can enter; made when missing.

    `wanted` unless a folder above it is closed to the account (a clone in root's home): then one named
    after `wanted` under /var/lib, else under the system's temporary folder. Nothing above is changed.
    """
    name = f"yueban-{hashlib.sha256(str(wanted).encode()).hexdigest()[:12]}"
    for home in (wanted, SYSTEM_HOME / name, Path(tempfile.gettempdir()) / name):
        try:
            home.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if home.stat().st_uid == os.geteuid() and _is_open(account, home):
            return home
    raise PostgresError(
        f"找不到数据库可以使用的文件夹(试过 {wanted} 和 {SYSTEM_HOME / name})。请把项目放到普通用户可进入的文件夹。"
        " / No folder that the database can use; put the project where a normal user can enter."
    )


def _is_open(account: Account, home: Path) -> bool:
    if account.switches:
        home.chmod(0o755)  # our own folder, whatever the umask was
    return account.can_enter(home)
