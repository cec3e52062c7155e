"""The documents: what they name exists, generated parts are current, commands run."""

from __future__ import annotations

import re
import subprocess
import symtable
import sys
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import LargeBinary

from bot.cli.app import app
from bot.cli.console import FORBIDDEN
from bot.cli.manifest import MANIFEST
from bot.domain.audit import Event
from bot.settings import HINTS, Settings
from handlers.convening import SHORTCUT
from sandbox.settings import Manifest
from storage.schema import metadata
from tests.databases import SECRET_KEY
from tests.docs import __main__ as docs
from tests.docs import data
from tests.every import every
from tests.lock_screen import HEADERS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page.relative_to(ROOT).as_posix() for page in chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md"))
)
FLOORS = ("bot", "handlers", "storage", "sandbox", "tests", "bench", "docs")

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(rf"(?:{'|'.join(FLOORS)}|\.ci)/[\w./<>*-]*")
_COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.S | re.M)
_NAME = re.compile(r"`((?!\w+\.py`)\w+(?:\.\w+)*)(?:\(\))?`")


def text_of(page: str) -> str:
    """Return the page without its code blocks."""
    return re.sub(r"^```.*?^```$", "", (ROOT / page).read_text("utf-8"), flags=re.S | re.M)


@lru_cache
def names_in(module: Path) -> frozenset[str]:
    """Return the names of a module: `name` at its top, `Class.member` for what a class defines."""
    top = symtable.symtable(module.read_text("utf-8"), module.name, "exec")
    classes = [(f"{table.get_name()}.", table) for table in top.get_children() if table.get_type() == "class"]
    symbols = ((before, symbol) for before, table in [("", top), *classes] for symbol in table.get_symbols())
    return frozenset(before + s.get_name() for before, s in symbols if s.is_assigned() or s.is_annotated())


def anchors_of(page: Path) -> set[str]:
    """Return the headings of a page as GitHub's link anchors."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    text = text_of(page)
    targets = [target for _, target in _LINK.findall(text)] + _PICTURE.findall(text)
    lost = []
    for target in targets:
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            lost.append(target)
    assert not lost


@every("page", PAGES)
def test_every_name_that_links_to_a_module_is_defined_there(page: str) -> None:
    lost = [
        f"{target}: {name}"
        for shown, target in _LINK.findall(text_of(page))
        if target.endswith(".py") and (module := (ROOT / page).parent / target).is_file()
        for name in _NAME.findall(shown)
        if name not in names_in(module)
    ]
    assert not lost


@every("page", PAGES)
def test_every_path_exists(page: str) -> None:
    whole = (ROOT / page).read_text("utf-8")
    typed = [word for block in _COMMANDS.findall(whole) for word in re.split(r"[\s=]+", block)]
    named = [code for code in _CODE.findall(text_of(page)) + typed if _PATH.fullmatch(code)]
    # «<subject>» stands for any name.
    globs = {code: re.sub(r"<\w+>", "*", code).rstrip("/") for code in named}
    assert not [code for code, glob in globs.items() if not any(ROOT.glob(glob))]


@every("page", PAGES)
def test_every_target_of_make_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    whole = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"(?:^|[`\s])make ([a-z]+)(?=[`\s]|$)", "\n".join(code_of(whole)), re.M))
    assert named <= targets


def code_of(text: str) -> list[str]:
    """Return blocks of commands and text between backticks."""
    return _COMMANDS.findall(text) + _CODE.findall(text)


def test_every_decision_is_in_the_index_once() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    listed = [target for _, target in _LINK.findall(index)]
    assert sorted(listed) == sorted(p.name for p in folder.glob("0*.md"))
    for file in folder.glob("0*.md"):
        title = file.read_text("utf-8").partition("\n")[0]
        number, _, said = title.removeprefix("# ").partition(". ")
        assert file.name.startswith(f"{int(number):04d}-")
        assert f"[{said}]({file.name})" in index


def cited_in_code(pattern: str) -> list[tuple[str, str, str]]:
    """Return module, page and citation, by a pattern that has groups for the latter two."""
    modules = [module for floor in FLOORS[:-1] for module in sorted((ROOT / floor).rglob("*.py"))]
    prose = {m: re.sub(r"\s*\n[\s#:]*", " ", m.read_text("utf-8")) for m in modules}
    return [(str(m.relative_to(ROOT)), *found) for m in modules for found in re.findall(pattern, prose[m])]


def test_every_rule_and_heading_that_code_cites_is_there() -> None:
    pages = {p.name: p.read_text("utf-8") for p in (ROOT / "docs").glob("*.md")}
    rules = [
        (module, page, rf"^{number}\. ")
        for module, page, numbers in cited_in_code(r"docs/([\w-]+\.md) (\d+(?:(?:, |-| and )\d+)*)")
        for number in re.findall(r"\d+", numbers)
    ]
    headings = [
        (module, page, rf"^#+ (?:\d+\. )?{re.escape(heading)}$")
        for module, page, heading in cited_in_code(r"docs/([\w-]+\.md), «([^»]+)»")
    ]
    lost = [c for c in rules + headings if not re.search(c[2], pages.get(c[1], ""), re.M)]
    assert rules
    assert headings
    assert not lost


@cache
def derived() -> tuple[tuple[Path, str], ...]:
    return tuple(docs.derived())


def test_it_is_as_in_the_code() -> None:
    stale = [file.name for file, text in derived() if file.read_text("utf-8") != text]
    assert not stale, "`make docs` writes them"


def test_everything_that_derives_has_words() -> None:
    lacking = re.findall(rf"^.*\| {data.UNWRITTEN} \|.*$", data.PAGE.read_text("utf-8"), re.M)
    assert not lacking, "write what «…» is for in docs/data.md"


def test_every_column_stands_in_one_cell_and_no_bytes_are_in_clear() -> None:
    rows = data.standing(data.PAGE.read_text("utf-8"), "Tables")
    assert list(rows) == [f"`{name}`" for name in sorted(metadata.tables)]
    for (_, clear, sealed, hashes, *_), (_, table) in zip(
        rows.values(), sorted(metadata.tables.items()), strict=True
    ):
        named = re.findall(r"`(\w+)`", clear + sealed + hashes)
        assert sorted(named) == sorted(table.columns.keys())
        assert not [c for c in table.columns if isinstance(c.type, LargeBinary) and f"`{c.name}`" in clear]


def test_every_event_of_slack_is_told_once() -> None:
    told = re.findall(r"`([^`]+)`", "".join(data.standing(data.PAGE.read_text("utf-8"), "Slack")))
    assert sorted(told) == sorted(Manifest.load(MANIFEST).events), "write what it tells in docs/data.md"


def faults(when: str) -> list[list[str]]:
    """Return the rows under a heading of «What a fault looks like»; «–» where there is nothing."""
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    table = page.partition(f"### {when}\n")[2].partition("\n#")[0]
    return [line.strip("| ").split(" | ") for line in re.findall(r"^\|.*", table, re.M)[2:]]


def test_every_row_has_a_test_that_is_there() -> None:
    for fault, *_, tests in (*faults("While it runs"), *faults("At the start")):
        named = re.findall(r"`([^`]+)::(\w+)`", tests)
        assert named, f"«{fault}» has no test"
        for file, test in named:
            assert f"def {test}(" in (ROOT / file).read_text("utf-8"), f"{file} has no {test}"


def test_what_is_logged_is_what_the_program_logs() -> None:
    files = [path for root in ("bot", "handlers", "storage") for path in (ROOT / root).rglob("*.py")]
    code = "".join(path.read_text("utf-8") for path in files)
    for fault, logged, *_ in faults("While it runs"):
        for event in re.findall(r"`([a-z.-]+)`", logged):
            assert f'"{event}"' in code, f"«{fault}»: nothing logs {event}"


INTERFACE = (ROOT / "docs" / "interface.md").read_text("utf-8")


def part(title: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", INTERFACE, re.S | re.M)
    assert found is not None, title
    return found.group(1)


def test_the_log_names_are_listed() -> None:
    assert set(re.findall(r"`([a-z_]+)`", part("Audit log"))) == {event.value for event in Event}


def test_every_header_of_a_mail_is_listed() -> None:
    assert set(re.findall(r"^\| ([A-Z][\w-]+) \|", part("What a mail server sees"), re.M)) == set(HEADERS)


def test_every_setting_is_listed() -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(re.findall(r"^- `(\w+)`", part("Settings"), re.M)) == known == set(HINTS)


def test_every_shortcut_is_named() -> None:
    assert f"`{SHORTCUT}`" in part("Ids in Slack")


@cache
def options() -> dict[str, set[str]]:
    """Return the options of each command («tot keys new»); of a switch that is on, its opposite."""

    def of(command: Any, name: str) -> Iterator[tuple[str, set[str]]]:
        for word, each in getattr(command, "commands", {}).items():
            yield from of(each, f"{name} {word}")
        if not hasattr(command, "commands"):
            spelt = [p.secondary_opts if p.default is True else p.opts for p in command.params]
            yield name, {option for each in spelt for option in each if option.startswith("-")}

    return dict(of(typer.main.get_command(app), "tot"))


def named(code: str) -> tuple[str, set[str]]:
    """Return the command at the beginning of a line, and the options after it."""
    words = code.split()
    command = next((c for n in (3, 2, 1) if (c := " ".join(words[:n])) in options()), "")
    return command, set(re.findall(r"(?<=[ \[])--[a-z-]+", code.partition("#")[0]))


@every("page", PAGES)
def test_every_command_is_one_of_the_program(page: str) -> None:
    lines = [line for code in code_of((ROOT / page).read_text("utf-8")) for line in code.splitlines()]
    found = [(line, *named(line)) for line in lines if re.match(r"tot [a-z]", line)]
    assert [line for line, command, used in found if not command or not used <= options()[command]] == []


def test_every_command_is_listed_with_its_options() -> None:
    listed = dict(named(code) for code in _CODE.findall(part("Command line")))
    assert listed == options()


#: Why a command cannot be run here, or what else runs it → how such commands begin.
ELSEWHERE = {
    "a registry": ("git clone", "apt-get"),
    "tests/bench runs every part small": ("make bench",),
    "tests/docs does the same": ("make docs", ".venv/bin/python -m tests.docs"),
    "tests/mutants/test_mutants.py, of a module made up": (".venv/bin/python -m tests.mutants",),
    "every other target does it first": ("make install",),
    "`make test` or `make test-slow` with other arguments": ("make test ARGS", "make test-slow ARGS"),
    "`make test` runs these and more": ("TOT_LONG_SEQUENCES", ".venv/bin/python -m pytest"),
    "half an hour and more; tests/campaign/test_campaign.py": (".venv/bin/python -m tests.campaign",),
    "root, and a machine of its own": ("useradd", "ln -s", "runuser", "install"),
    "the end of an installation": ("find /srv/tot-keys", "rm -r /etc/tot", "userdel"),
    "tests/bot/cli/test_upgrade.py, and tests/test_release.py": (
        *("git checkout", "python3 -m venv", ".venv/bin/pip", ".venv/bin/python -m compileall", "sed -n"),
    ),
    "an editor": ("nano",),
    "systemd; tests/bot/cli/test_upgrade.py": ("systemctl", "tot upgrade", "cd /opt/tot"),
    "Slack; tests/bot/cli/test_doctor.py": ("tot doctor",),
    "a running bot; tests/e2e/test_pulse.py": ("tot healthcheck",),
    "another machine; tests/bot/cli/test_key_places.py": ("tot keys import",),
    "asks at a terminal; tests/storage/test_backup.py and test_migrations.py": ("tot restore",),
}
BEGINNINGS = tuple(beginning for each in ELSEWHERE.values() for beginning in each)


def commands() -> list[str]:
    """Return each line of the shell blocks of README and docs, without its trailing comment."""
    blocks = (block for page in PAGES for block in _COMMANDS.findall((ROOT / page).read_text("utf-8")))
    lines = "".join(blocks).splitlines()
    return [line for each in lines if (line := re.sub(r"(^|\s+)#.*", "", each).strip())]


@every("page", PAGES)
def test_every_block_says_what_it_is(page: str) -> None:
    """A command in any other block would never be run."""
    fences = re.findall(r"^```(.*)$", (ROOT / page).read_text("utf-8"), re.M)
    assert set(fences[::2]) <= {"sh", "ini", "text", "python", "mermaid"}
    assert set(fences[1::2]) <= {""}


#: The settings that open something, or tell where it is.
OPENS = {
    *("TOT_SECRET_KEY", "TOT_SECRET_KEY_NEW", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"),
    *("TOT_KEYSTORE", "TOT_SMTP_URL", "TOT_IMAP_URL"),
}


def by_ci(command: str) -> bool:
    run = (ROOT / ".ci" / "run").read_text("utf-8")
    return bool(re.fullmatch(r"make [a-z-]+", command) and re.search(rf"^{command}\b", run, re.M))


def test_the_units_name_what_there_is() -> None:
    folder = ROOT / "bot" / "data" / "systemd"
    units = {unit.name: unit.read_text("utf-8") for unit in folder.iterdir()}
    assert f"RestartPreventExitStatus={FORBIDDEN}\n" in units["tot.service"]
    for timer in (name for name in units if name.endswith(".timer")):
        assert timer.replace(".timer", ".service") in units
    settings = re.findall(r"^([A-Z_]+)=", units["tot.env"], re.M)
    asked = re.findall(r"\$\{([A-Z_]+)\}", "".join(units.values()))
    assert set(settings) - set(HINTS) == set(asked) - set(HINTS) == {"COPY_TO", "WATCH"}
    assert "TOT_BACKUP_DIR" in asked, "the folder that is copied is the one that the bot writes to"
    for text in (units[name] for name in units if name.endswith(".service") and "/tot " not in units[name]):
        assert set(re.findall(r"UnsetEnvironment=(.*)", text)[0].split()) == OPENS, "another's program"
    folders = set(re.findall(r'="(?:sqlite:///)?(/[^"]+)"', units["tot.env"]))
    writable = ["/var/lib/tot", *re.findall(r"ReadWritePaths=(.*)", units["tot.service"])[0].split()]
    assert [f for f in folders if not any(Path(f).is_relative_to(w) for w in writable)] == []


def test_none_is_listed_in_vain() -> None:
    assert [b for b in BEGINNINGS if not any(command.startswith(b) for command in commands())] == []


@pytest.mark.slow
def test_what_can_be_run_here_runs(tmp_path: Path) -> None:
    """Run the commands in page order: what is installed is then operated."""
    here = [command for command in commands() if not command.startswith(BEGINNINGS) and not by_ci(command)]
    script = "\n".join(
        [
            "set -euxo pipefail",
            f"tot() {{ {sys.executable} -c 'from bot.cli import main; main()' \"$@\"; }}",
            f"export PYTHONPATH={ROOT} TOT_SECRET_KEY={SECRET_KEY} DATABASE_URL=sqlite:///{tmp_path}/tot.db",
            *(command.replace("/opt/tot", str(ROOT)) for command in here),
        ]
    )
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert {"tot migrate", "tot keys rotate"} <= set(here)
