"""migrate, partners, manifest, run: exit codes and messages to the operator; a disk that does not last."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.ephemeral import ephemeral, filesystem_of
from tests.bot.cli.conftest import EXAMPLE, PARTNERS, ROOT, Env, Tot, Typed


@pytest.fixture
def database(sqlite_database_url: str, env: Env) -> None:
    """Use a database without partners."""
    env(DATABASE_URL=sqlite_database_url)


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    path = tmp_path / "changed.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace("acute_window = 60 ", "acute_window = 90 "), "utf-8")
    return path


def test_help_lists_the_commands_and_wrong_usage_leaves_with_2(tot: Tot) -> None:
    commands = {"run", "doctor", "migrate", "manifest", "partners", "purge"}
    assert commands <= set(tot.does("--help").split())
    for wrong in ("nonsense", "partners import", "partners import /no/such/file", "purge", "audit export"):
        assert tot(*wrong.split()).code == 2


def test_help_loads_no_database_and_no_bot_and_nobody_looks_into_a_command_nor_finds_its_core() -> None:
    """`TOT_SECRET_KEY` is in its environment and memory."""
    heavy = "sqlalchemy", "slack_bolt", "slack_sdk", "bot.app", "pydantic"
    code = (
        "import contextlib, ctypes, io, sys\n"
        "from bot.cli import main\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): main()\n"
        f"print([m for m in {heavy!r} if m in sys.modules], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    run = [sys.executable, "-c", code, "--help"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] 0"


def test_migrate_makes_a_database_for_its_owner_alone(tot: Tot, tmp_path: Path, env: Env) -> None:
    env(DATABASE_URL=f"sqlite:///{tmp_path}/new.db")
    first = tot.does("migrate")
    assert "revision" in first
    assert len(first.splitlines()) == 1, "quiet without a terminal"
    assert "nothing to do" in tot.does("migrate")
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600


def test_a_database_that_does_not_work_is_told_in_one_line(tot: Tot, env: Env) -> None:
    env(DATABASE_URL="sqlite:////no/such/folder/tot.db")
    assert tot.cannot("migrate") == "the database does not work: unable to open database file\n"
    env(DATABASE_URL="postgresql://u:kanari@127.0.0.1:1/tot")
    said = tot.cannot("migrate")
    assert len(said.splitlines()) == 1
    assert "kanari" not in said


def test_an_exercise_that_is_not_there_is_told_with_those_that_are(tot: Tot) -> None:
    tot("demo", "--exercise", "kanari").is_refused("there is no exercise «kanari», only: ")


@pytest.mark.usefixtures("database")
def test_the_first_import_asks_nothing(tot: Tot) -> None:
    assert tot.does("partners", "import", PARTNERS) == "Imported.\n"
    assert tot.does("partners", "import", PARTNERS) == "Nothing to change.\n"


@pytest.mark.usefixtures("with_partners")
def test_a_second_import_shows_the_difference_and_refuses_without_a_terminal(tot: Tot, changed: Path) -> None:
    said = tot("partners", "import", str(changed))
    assert said.code == 1
    rule = "team tot-bergen › rules › acute_window"
    assert said.out.splitlines() == [f"- {rule}: 60", f"+ {rule}: 90"]
    assert said.err == "nothing has been changed: there is no terminal to ask at, and no --yes\n"
    assert f"+ {rule}: 90" in tot("partners", "import", str(changed)).out, "it was not done"
    assert tot("partners", "import", "--yes", str(changed)).out.endswith("Imported.\n")
    assert tot("partners", "import", str(changed)).out == "Nothing to change.\n"


@pytest.mark.usefixtures("with_partners")
def test_a_second_import_asks_in_a_terminal(tot: Tot, changed: Path) -> None:
    for answer, code in (("n\n", 1), ("\n", 1), ("y\n", 0)):
        with pytest.MonkeyPatch.context() as terminal:
            terminal.setattr(sys, "stdin", Typed(answer))
            terminal.setattr(sys.stdout, "isatty", lambda: True)
            said = tot("partners", "import", str(changed))
        assert "Import this?" in said.out
        assert said.code == code
        assert (tot("partners", "import", str(changed)).out == "Nothing to change.\n") is (code == 0)


@pytest.mark.usefixtures("database")
def test_a_wrong_file_is_one_line_per_fault_and_nothing_is_imported(tot: Tot, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    text = EXAMPLE.read_text("utf-8").replace('kind = "police"', 'kind = "polis"')
    wrong.write_text(text.replace("post@udi.example", "post hos udi"), "utf-8")
    kind, mail, nothing = tot.cannot("partners", "import", str(wrong)).splitlines()
    assert kind.startswith("teams 1 › agencies 1 › kind: Input should be 'police'")
    assert mail.endswith(" › contacts 1 › work_mail: is not one plain e-mail address")
    assert nothing == f"{wrong}: nothing has been imported"
    wrong.write_bytes("name = 'blåbær'".encode("latin-1"))
    assert len(tot.cannot("partners", "import", str(wrong)).splitlines()) == 1
    assert tot("partners", "export", "-").code == 1, "there is nothing yet"


@pytest.mark.usefixtures("with_partners")
def test_an_export_is_for_its_owner_alone_and_does_not_write_over(tot: Tot, tmp_path: Path) -> None:
    path = tmp_path / "out.toml"
    assert tot("partners", "export", str(path)).code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert tot("partners", "export", "-").out == path.read_text("utf-8")
    tot("partners", "export", str(path)).is_refused(f"{path} exists: nothing has been written")
    assert tot("partners", "import", str(path)).out == "Nothing to change.\n"
    assert tot("partners", "export", str(tmp_path / "no" / "folder.toml")).code == 1


def test_manifest_is_printed_as_it_is(tot: Tot) -> None:
    assert tot("manifest").out == (ROOT / "manifest.yaml").read_text("utf-8")


def test_run_says_which_settings_are_missing(tot: Tot) -> None:
    said = tot("run")
    assert said.code == 78
    missing = [line.split()[0] for line in said.err.splitlines()]
    assert missing == ["DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert said.err.count("api.slack.com/apps") == 2, "where they are found"


NEVER_MADE = Path("/dev/shm/tot-test-that-is-never-made.db")
#: The kernel's mount list in a container with a volume on /data and an overlay as root.
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


def test_run_refuses_memory(tot: Tot, env: Env) -> None:
    env(SLACK_BOT_TOKEN="xoxb-1-kanari", SLACK_APP_TOKEN="xapp-1-kanari")
    env(DATABASE_URL=f"sqlite:///{NEVER_MADE}", TOT_ACCEPT_EPHEMERAL_DISK=None)
    said = tot("run")
    assert said.code == 78
    assert said.err.startswith(f"{NEVER_MADE} is on a disk that a restart empties (tmpfs)")
    assert said.err.count("\n") == 1
    env(DATABASE_URL="postgresql://u@h/tot", TOT_KEYSTORE=f"shared:{NEVER_MADE}")
    assert tot("run").err.startswith(f"{NEVER_MADE} is on a disk that a restart empties")
    assert not NEVER_MADE.exists()
