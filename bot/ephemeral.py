"""Filesystems that are empty after a restart of the machine or the container.

A database or a key store there is lost with the next deployment, without an error and without a trace.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ACCEPT = "TOT_ACCEPT_EPHEMERAL_DISK"
#: Filesystems in memory, and the writable layer of a container.
_FILESYSTEMS = frozenset({"tmpfs", "ramfs", "overlay", "aufs"})
#: One line for each mount: `… … … … /mount/point options … - type source …` (proc_pid_mountinfo(5)).
_MOUNTS = Path("/proc/self/mountinfo")


def filesystem_of(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the filesystem type of a path, which need not exist yet; None if it is unknown."""
    try:
        lines = mounts.read_text("utf-8").splitlines()
    except OSError:
        return None
    path, found = path.resolve(), (-1, "")
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split()[4].encode().decode("unicode_escape"))
        # Of several mounts on one point the last covers the others.
        if path.is_relative_to(point) and len(point.parts) >= found[0]:
            found = (len(point.parts), after.split()[0])
    return found[1] or None


def ephemeral(paths: Iterable[Path], mounts: Path = _MOUNTS) -> str | None:
    """Return an error message for the first of these files that would not last, or None."""
    for path in paths:
        filesystem = filesystem_of(path, mounts)
        if filesystem in _FILESYSTEMS:
            return (
                f"{path} is on a disk that a restart empties ({filesystem}): all data would be lost. "
                f"Use a volume or PostgreSQL (docs/platforms.md), or set {ACCEPT}=yes to run anyway"
            )
    return None
