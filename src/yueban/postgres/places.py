"""Where the server listens: a socket beside its data, or 127.0.0.1 where the socket's path is too long."""

import json
import socket
from dataclasses import dataclass
from pathlib import Path

# sockaddr_un holds 108 bytes with the closing zero.
LONGEST_SOCKET = 107
SOCKET_PORT = 5432


@dataclass(frozen=True)
class Place:
    """`host` is a folder for a socket, or an address."""

    host: str
    port: int

    @property
    def is_socket(self) -> bool:
        """Whether the host is a folder."""
        return self.host.startswith("/")

    def settings(self) -> tuple[str, ...]:
        """The server's settings for listening here and nowhere else."""
        if self.is_socket:
            return ("listen_addresses=", f"unix_socket_directories={self.host}", f"port={self.port}")
        return (f"listen_addresses={self.host}", "unix_socket_directories=", f"port={self.port}")


def find_place(home: Path, data: Path) -> Place:
    """The socket in the data folder, which only the account may write to; or a port kept from start to start."""
    if len(str(data / f".s.PGSQL.{SOCKET_PORT}").encode()) <= LONGEST_SOCKET:
        return Place(str(data), SOCKET_PORT)
    kept = home / "port.json"
    port = json.loads(kept.read_text()) if kept.exists() else 0
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        kept.write_text(json.dumps(port))
    return Place("127.0.0.1", int(port))


def forget_port(home: Path) -> None:
    """Let the next start choose another port."""
    (home / "port.json").unlink(missing_ok=True)
