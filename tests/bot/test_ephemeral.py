"""A database or a key store on a disk that does not last."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.ephemeral import ephemeral, filesystem_of
from tests.bot.cli.conftest import Tot, no_settings, tot

__all__ = ["no_settings", "tot"]

NEVER_MADE = Path("/dev/shm/tot-test-that-is-never-made.db")
#: As the kernel writes it in a container with a volume on /data, whose root is an overlay.
MOUNTS = """\
1018 852 0:96 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b,upperdir=/c,workdir=/d
1019 1018 0:99 / /proc rw,nosuid - proc proc rw
1020 1018 0:100 / /dev/shm rw,nosuid shared:5 master:1 - tmpfs shm rw,size=65536k
1021 1018 254:1 /volumes/1 /data rw,relatime - ext4 /dev/vda1 rw
1022 1018 254:1 /volumes/2 /with\\040space rw,relatime - xfs /dev/vda1 rw
1023 1021 0:101 / /data/scratch rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "filesystem"),
    [
        ("/var/lib/tot/tot.db", "overlay"),
        ("/data/tot.db", "ext4"),
        ("/data/not/there/yet/tot.db", "ext4"),
        ("/database/tot.db", "overlay"),
        ("/data/scratch/tot.db", "tmpfs"),
        ("/with space/tot.db", "xfs"),
    ],
)
def test_the_mount_that_is_nearest_tells(tmp_path: Path, path: str, filesystem: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert filesystem_of(Path(path), mounts) == filesystem
    refusal = ephemeral([Path("/data/keys.db"), Path(path)], mounts)
    lasts = filesystem in ("ext4", "xfs")
    assert (refusal is None) == lasts
    assert lasts or path in str(refusal)
    assert ephemeral([Path(path)], tmp_path / "none") is None, "where nothing tells, nothing is refused"


def test_run_refuses_memory(tot: Tot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-kanari")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-kanari")
    monkeypatch.delenv("TOT_ACCEPT_EPHEMERAL_DISK", raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{NEVER_MADE}")
    said = tot("run")
    assert said.code == 78
    assert said.err.startswith(
        "/dev/shm/tot-test-that-is-never-made.db is on a disk that does not last (tmpfs)"
    )
    assert said.err.count("\n") == 1
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@h/tot")
    monkeypatch.setenv("TOT_KEYSTORE", f"shared:{NEVER_MADE}")
    assert tot("run").err.startswith(f"{NEVER_MADE} is on a disk that does not last")
    assert not NEVER_MADE.exists()
