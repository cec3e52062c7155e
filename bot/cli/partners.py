"""`tot partners import` and `tot partners export`."""

from __future__ import annotations

from pathlib import Path

from bot.cli.console import agree, fail, say, write_private
from bot.cli.database import note, with_database
from bot.domain.audit import Event
from bot.settings import StoreSettings, load
from bot.usecases.directory.partners.reader import WrongFile, read_partners
from bot.usecases.directory.partners.transfer import export_partners, import_partners, plan_import
from bot.usecases.ports import UnitOfWork


def import_file(path: Path, *, yes: bool) -> None:
    """Import a file. Show the differences and ask first, unless this is the first import."""
    settings = load(StoreSettings)

    def look(uow: UnitOfWork) -> tuple[bool, list[str]]:
        return not uow.teams(), plan_import(uow, file)

    try:
        file = read_partners(path.read_text("utf-8-sig"))
        first, plan = with_database(settings, lambda database: database.read(look))
    except UnicodeDecodeError:
        raise fail(f"{path}: the file is not UTF-8 text; nothing has been imported") from None
    except WrongFile as wrong:
        raise fail(*wrong.faults, f"{path}: nothing has been imported") from None
    if not first:
        say(*plan)
    if not plan:
        say("Nothing to change.")
        return
    if not first:
        agree("Import this?", yes=yes)
    note(settings, Event.PARTNERS_IMPORTED)
    with_database(settings, lambda d: d.write(lambda uow: import_partners(uow, file)))
    say("Imported.")


def export_file(path: Path) -> None:
    """Write the partners. Only the file's owner can read it: it tells who can be asked about what."""
    settings = load(StoreSettings)
    text = with_database(settings, lambda database: database.read(export_partners))
    if not text:
        raise fail("there are no partners yet: run `tot partners import FILE`")
    note(settings, Event.PARTNERS_EXPORTED)
    write_private(path, text.encode())
    if str(path) != "-":
        say(f"Written to {path}.")
