"""`tot doctor`: what is wrong and how to fix it. It changes nothing, and sends nothing unless told to."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import typer
from sqlalchemy import make_url

from bot.cli.console import counted, in_one_line, say
from bot.cli.database import with_database
from bot.cli.doctor_files import examine_disks, examine_files, one_volume
from bot.domain.directory.entities import Contact, Person
from bot.logs import place_of
from bot.settings import Settings, SettingsError, StoreSettings, load
from bot.usecases.directory.coordinators import coordinators_of
from bot.usecases.ports import UnitOfWork
from storage.crypto.master_key import KeyLost
from storage.database import NotInstalled
from storage.findings import Finding, fine, look, unknown, wrong
from storage.transactions import file_of

_COLOURS = {"fine": "green", "look": "yellow", "wrong": "red", "unknown": "blue"}


def examine(mail_to: str | None, wait: float, *, blocks: bool) -> None:
    """Print each finding when it is known; exit with 1 if something is wrong.

    `mail_to` is sent a test invitation; with `blocks`, Slack is shown each message and form.
    """
    bad = 0
    for finding in _everything(mail_to, wait, blocks=blocks):
        say(f"{finding.what:<18}  {finding.state:<7}  {finding.found}", colour=_COLOURS[finding.state])
        if finding.mend:
            say(f"{'':<29}{finding.mend}")
        bad += finding.state == "wrong"
    if bad:
        say(f"{counted(bad, 'thing')} to fix.", colour="red")
        raise typer.Exit(1)
    say("Nothing is wrong, as far as could be checked.", colour="green")


def _everything(mail_to: str | None, wait: float, *, blocks: bool) -> Iterator[Finding]:
    settings: Settings | None = None
    try:
        settings = load(Settings)
        yield fine("Settings", "complete")
    except SettingsError as error:
        for line in error.lines:
            what, _, mend = line.partition(": ")
            yield wrong("Settings", what, mend)
    slack_ids: Sequence[str] = ()
    store: StoreSettings | None = settings
    if store is None:
        with suppress(SettingsError):
            store = load(StoreSettings)
    if store is not None:
        slack_ids = yield from _stored(store)
        yield from _errors_as_findings("Disk", examine_disks(store))
    if settings is not None:
        from bot.cli.doctor_mail import examine_mail
        from bot.cli.doctor_slack import examine_slack

        yield from _errors_as_findings("Slack", examine_slack(settings, slack_ids))
        if blocks:
            from bot.cli.doctor_blocks import WHAT, examine_blocks

            yield from _errors_as_findings(WHAT, examine_blocks(settings))
        else:
            yield unknown(
                "Messages and forms", "not checked by Slack", "after an upgrade: tot doctor --blocks"
            )
        yield from _errors_as_findings("Mail", examine_mail(settings, mail_to, wait))
    yield unknown("Slack's settings", "Slack shows most of them to no app", _EACH_YEAR)


_EACH_YEAR = "check them each year: docs/install.md, «Workspace settings to check»"


def _errors_as_findings(what: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Yield the findings, and an error as one more, so that a failing check does not stop the others."""
    try:
        yield from findings
    except Exception as error:
        yield _error_finding(what, error)


def _error_finding(what: str, error: Exception) -> Finding:
    if (line := in_one_line(error)) is not None:
        return wrong(
            what, line, "fix that, or run it as the bot's user with its settings (docs/install.md, 4)"
        )
    return wrong(what, f"{type(error).__name__} at {place_of(error)}", "a bug in the program: report it")


_UNREAD = "docs/operate.md, «A delivery, or a case, that cannot be read»"


def _stored(settings: StoreSettings) -> Generator[Finding, None, Sequence[str]]:
    """Examine the database and its partners; return the Slack ids of those who are reached in Slack."""
    partners: list[Finding] = []
    slack_ids: Sequence[str] = ()
    try:
        partners, slack_ids = with_database(settings, lambda d: d.read(_partners_in), must_exist=True)
        kind = make_url(settings.database_url).get_backend_name()
        yield fine("Database", f"{kind}, with the tables that this version needs")
    except NotInstalled:
        yield wrong("Partners", "none have been imported", "tot partners import FILE")
        return ()
    except KeyLost:
        yield wrong("Database", "the partners in it cannot be read", f"restore a backup: {_UNREAD}")
    except Exception as error:
        yield _error_finding("Database", error)
        return ()
    for what, examined in (("Audit log", _log), ("Key store", _keys), ("Files", examine_files)):
        yield from _errors_as_findings(what, examined(settings))
    yield from partners
    return slack_ids


def _log(settings: StoreSettings) -> Iterator[Finding]:
    """Check that the audit log is whole, and that its anchors are on another volume than the database."""
    file = settings.anchor_file
    rows, findings = with_database(settings, lambda d: d.log.check(file, datetime.now(UTC)), must_exist=True)
    yield from findings or [fine("Audit log", f"{counted(rows, 'row')}, all unchanged")]
    if one_volume(file.parent, file_of(settings.database_url)):
        found = f"are there copies? {file} is on the database's volume, and can be cut together with the log"
        mend = "collect the bot's log, which has them, on another machine; or put TOT_AUDIT_ANCHOR there"
        yield unknown("Anchors", found, mend)


def _keys(settings: StoreSettings) -> Iterator[Finding]:
    """Report what does not open with these keys, and what somebody has set back to an earlier state."""
    if lost := with_database(settings, lambda database: database.unreadable(), must_exist=True):
        mend = "import the newest export that has their keys (`tot keys import`), and restart the bot"
        found = f"its keys do not open: {', '.join(lost)}"
        yield wrong("Key store", found, f"{mend}; if none has them, {_UNREAD}")
    if older := with_database(settings, lambda database: database.put_back(), must_exist=True):
        found = f"these are in an older state than the bot left them in: {', '.join(older)}"
        mend = "find out who wrote to it, and ask the coordinators what is missing"
        yield wrong("Database", found, f"{mend}: {_UNREAD}")


def _partners_in(uow: UnitOfWork) -> tuple[list[Finding], Sequence[str]]:
    teams, reached = uow.teams(), {c.person_id for c in uow.find(Contact, retired=False)}
    found = [fine("Partners", counted(len(teams), "team"))]
    for team in teams:
        coordinators = coordinators_of(uow, team.id)
        reached |= {p.id for p in coordinators}
        if not any(p.on_slack for p in coordinators):
            mend = "import one with a slack_id: tot partners import"
            found.append(wrong("Partners", f"no coordinator of {team.key} is on Slack", mend))
        if not uow.agencies(team.id):
            found.append(look("Partners", f"{team.key} has no agencies", "import some"))
    return found, sorted(p.slack_id for p in uow.find(Person) if p.id in reached and p.slack_id)
