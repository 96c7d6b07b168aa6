"""Files of other projects that we ship are the ones listed: name, version, source, licence and SHA-256."""

import hashlib
import tomllib

from yueban.commands.rules.finding import SOURCE, Finding, at

FOLDER = SOURCE / "channels" / "shared" / "static" / "vendor"
NEEDED = ("path", "name", "version", "source", "licence", "sha256")


def find_vendored() -> list[Finding]:
    """Vendored files that are missing, changed or not listed in vendor.toml."""
    listing = FOLDER / "vendor.toml"
    if not FOLDER.exists():
        return []
    if not listing.exists():
        return [at(FOLDER, 1, "vendor", "缺少 vendor.toml,列出每个文件的名称、版本、来源、许可证和 SHA-256")]
    entries = tomllib.loads(listing.read_text(encoding="utf-8")).get("file", [])
    findings = [finding for entry in entries for finding in _check_entry(entry)]
    listed = {entry.get("path") for entry in entries}
    for path in sorted(FOLDER.rglob("*")):
        name = str(path.relative_to(FOLDER))
        if path.is_file() and path != listing and name not in listed:
            findings.append(at(path, 1, "vendor", f"{name} 没有列在 vendor.toml"))
    return findings


def _check_entry(entry: dict[str, str]) -> list[Finding]:
    listing = FOLDER / "vendor.toml"
    missing = [key for key in NEEDED if not entry.get(key)]
    if missing:
        return [at(listing, 1, "vendor", f"{entry.get('path', '?')} 缺少 {'、'.join(missing)}")]
    path = FOLDER / entry["path"]
    if not path.is_file():
        return [at(listing, 1, "vendor", f"列出的 {entry['path']} 不存在")]
    actual = hashlib.sha256(path.read_bytes()).hexdigest()
    if actual != entry["sha256"]:
        return [at(path, 1, "vendor", f"内容与 vendor.toml 的 SHA-256 不符(现在是 {actual})")]
    return []
