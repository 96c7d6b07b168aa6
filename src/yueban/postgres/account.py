"""Under which account the server runs: PostgreSQL refuses root, so root lends it an unprivileged one."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from yueban.postgres.errors import PostgresError

# initdb asks the system for the account's name, so it needs an entry in passwd.
CANDIDATES = ("nobody", "daemon", "bin")


@dataclass(frozen=True)
class Account:
    """The user that runs the server's programs; `switches` when that is not the user we are."""

    uid: int
    gid: int
    switches: bool

    def options(self) -> dict[str, object]:
        """The `subprocess` options that start a program as this account."""
        if not self.switches:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give one folder or file of ours to the account."""
        if self.switches:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account reaches the folder, asked by trying it."""
        return self._succeeds("cd", str(folder))

    def can_run(self, program: Path) -> bool:
        """Whether the account can start the program, asked by starting it."""
        return self._succeeds(str(program), "--version")

    def _succeeds(self, *words: str) -> bool:
        done = subprocess.run(  # type: ignore[call-overload]
            ["/bin/sh", "-c", '"$@"', "sh", *words],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **self.options(),
        )
        return bool(done.returncode == 0)


def find_account() -> Account:
    """Ourselves, or as root an unprivileged account of the system."""
    if os.geteuid() != 0:
        _check_has_name(os.geteuid())
        return Account(os.geteuid(), os.getegid(), switches=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switches=True)
    raise PostgresError(
        "系统里没有可借给数据库使用的普通账户(nobody)。请用普通用户运行，或添加 nobody 账户。"
        " / No unprivileged account (nobody) for the database; run as a normal user or add one."
    )


def _check_has_name(uid: int) -> None:
    """A container may run under a number that no account has; initdb then stops with a riddle."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise PostgresError(
            f"当前用户编号 {uid} 在系统里没有账户名，内嵌数据库无法运行。请换一个有账户的用户，或设置 DATABASE_URL。"
            f" / User id {uid} has no account on this system; use one that has, or set DATABASE_URL."
        ) from None
