"""The commands, their arguments and their help. Each command imports its implementation when it is called."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    # A traceback with local variables would show tokens.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
partners = typer.Typer(help="Teams, coordinators, agencies and contacts.", no_args_is_help=True)
app.add_typer(partners, name="partners")
keys = typer.Typer(help="The keys that open everything stored.", no_args_is_help=True)
app.add_typer(keys, name="keys")
audit = typer.Typer(help="The log: who did what, under which right.", no_args_is_help=True)
app.add_typer(audit, name="audit")
person = typer.Typer(help="What is stored about one employee.", no_args_is_help=True)
app.add_typer(person, name="person")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tot {version('tot-bot')}")
        raise typer.Exit


@app.callback()
def tot(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """The Slack bot that convenes an inter-agency team (TOT)."""
    from bot.cli.console import warn
    from bot.settings import misspelt

    for line in misspelt():
        warn(line)


NewFile = Annotated[Path, typer.Argument(help="Where to write; it must not exist.")]
#: Why everything about somebody is exported: their right under the GDPR. The officer selects from it.
Reason = Literal["access", "rectification", "objection", "complaint"]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command()
def run() -> None:
    """Run the bot until told to stop (SIGTERM, Ctrl-C). Exit with 78 if its settings forbid the start."""
    # Hardly anything that is imported becomes garbage. Collecting during the imports, or scanning the
    # imported objects later, takes a fifth of the start.
    gc.disable()
    # structlog would import rich for coloured tracebacks, which the bot never writes: a twentieth of the
    # start and of the memory.
    loaded = cast(dict[str, object], sys.modules)
    loaded["rich"] = None
    from bot.app import run_bot

    del loaded["rich"]
    from bot.cli.console import FORBIDDEN, fail
    from bot.settings import SettingsError
    from storage.crypto.master_key import KeysInDatabase, WrongSecretKey

    gc.freeze()
    gc.enable()
    try:
        run_bot()
    except (SettingsError, KeysInDatabase, WrongSecretKey) as error:
        raise fail(str(error), code=FORBIDDEN) from None


@app.command()
def demo(
    exercise: Annotated[str | None, typer.Option(help="Which exercise to play (forste-sak).")] = None,
    exit_: Annotated[bool, typer.Option("--exit", help="Play it without a page, then exit.")] = False,
    port: Annotated[int, typer.Option(help="The workspace's port; 0 takes a free one.")] = 0,
    mail: Annotated[
        bool, typer.Option(help="With mail servers, mailboxes and calendars; else calendar files in Slack.")
    ] = True,
) -> None:
    """Open a local Slack workspace as a page, to try the bot: no token, nothing leaves this machine."""
    from bot.cli.console import fail

    try:
        from bot.cli.demo import play
    except ModuleNotFoundError as missing:
        how = "run the demo from a checkout, with `make demo`"
        raise fail(f"this needs {missing.name}, which is not installed: {how}") from None

    play(exercise, exit_after=exit_, port=port, mail=mail)


@app.command()
def doctor(
    mail: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Send a test invitation there, and read the answer.")
    ] = None,
    wait: Annotated[float, typer.Option(help="How many seconds to wait for that answer.")] = 300,
    blocks: Annotated[
        bool, typer.Option("--blocks", help="Have Slack check made-up messages and forms; nothing is posted.")
    ] = False,
) -> None:
    """Say what is wrong and how to fix it: settings, database, Slack, partners, mail."""
    from bot.cli.doctor import examine

    examine(mail, wait, blocks=blocks)


@app.command()
def healthcheck(
    ready: Annotated[bool, typer.Option("--ready", help="Only check whether it can serve.")] = False,
) -> None:
    """Ask the bot on this machine how it is. Exit codes: 0 well, 1 people are stopped, 3 can wait a day."""
    from bot.cli.healthcheck import check

    check(ready=ready)


@app.command()
def migrate() -> None:
    """Migrate the database to the version that this program needs."""
    from bot.cli.database import migrate_database

    migrate_database()


@app.command()
def upgrade(
    version: Annotated[str, typer.Argument(help="A tag or a commit.")],
    settings: Annotated[Path, typer.Option(help="The settings.", exists=True)] = Path("/etc/tot/tot.env"),
    user: Annotated[str, typer.Option(help="The bot's user.")] = "tot",
    takes_away: Annotated[
        bool, typer.Option("--takes-away", help="Also if it would delete messages in Slack.")
    ] = False,
) -> None:
    """Upgrade a checkout under systemd, as root. Stop, back up, install, try, migrate, start; or go back."""
    from bot.cli.upgrade import upgrade as upgrade_to

    upgrade_to(version, settings=settings, user=user, takes_away=takes_away)


@app.command()
def manifest() -> None:
    """Print the manifest from which the Slack app is made."""
    from bot.cli.manifest import MANIFEST

    typer.echo(MANIFEST.read_text("utf-8"), nl=False)


@partners.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A partners file (TOML).")],
    yes: Yes = False,
) -> None:
    """Import a partners file. From the second import on, show what would change and ask first."""
    from bot.cli.partners import import_file

    import_file(file, yes=yes)


@partners.command()
def export(
    file: Annotated[Path, typer.Argument(help="Where to write: a new file, or - for standard output.")],
) -> None:
    """Write the bot's partners to a file that can be imported again."""
    from bot.cli.partners import export_file

    export_file(file)


@app.command()
def backup(file: NewFile) -> None:
    """Write a sealed backup, also while the bot runs. It needs the key store, and does not contain it."""
    from bot.cli.database import back_up_to

    back_up_to(file)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Also over an existing database: what happened since is lost.")
    ] = False,
    yes: Yes = False,
    rehearsed: Annotated[
        bool, typer.Option("--rehearse", help="Try it in a temporary place; the bot may be running.")
    ] = False,
) -> None:
    """Restore the database from a backup. Stop the bot first."""
    if rehearsed:
        from bot.cli.rehearse import rehearse

        rehearse(file)
        return
    from bot.cli.database import restore_from

    restore_from(file, replace=replace, yes=yes)


@app.command()
def purge(
    lost: Annotated[str, typer.Option(metavar="ID", help="The id that `tot doctor` names.")], yes: Yes = False
) -> None:
    """Write off a case that does not open: remove it, without its numbers. The bot deletes other cases."""
    from bot.cli.database import write_off

    write_off(lost, yes=yes)


@keys.command("new")
def new_key() -> None:
    """Print a new master key, for TOT_SECRET_KEY."""
    from storage.crypto.master_key import new_secret

    typer.echo(str(new_secret()))


@keys.command()
def rotate() -> None:
    """Change the master key to TOT_SECRET_KEY_NEW, and all others. Stop the bot first."""
    from bot.cli.database import rotate as rotate_keys

    rotate_keys()


@keys.command("export")
def export_keys(file: NewFile) -> None:
    """Write the keys, still wrapped by the master key, to a file. Keep only the newest."""
    from bot.cli.database import export as export_to

    export_to(file)


@keys.command("import")
def import_keys(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="From `tot keys export`.")],
) -> None:
    """Import keys into the key store. Keys that have been destroyed stay destroyed."""
    from bot.cli.database import import_from

    import_from(file)


@audit.command()
def verify(
    anchor: Annotated[
        list[str] | None,
        typer.Option("--anchor", help="The hash of an anchor kept elsewhere; may be repeated."),
    ] = None,
) -> None:
    """Check the log against its chain and anchors; exit with 1 if it is not whole."""
    from bot.cli.database import verify_log

    verify_log(anchor or [])


@audit.command("export")
def export_audit(
    case: Annotated[str, typer.Option("--case", help="The code of the case.")],
) -> None:
    """Write one case's log to standard output, as CSV, for a data protection officer. It has no content."""
    from bot.cli.database import export_log

    export_log(case)


@person.command("export")
def export_person(
    who: Annotated[str, typer.Argument(help="A Slack id or a work mail.")],
    reason: Annotated[Reason, typer.Option(help="It is logged.")],
) -> None:
    """Write everything stored about one employee to standard output, for the data protection officer."""
    from bot.cli.person import export

    export(who, reason)
