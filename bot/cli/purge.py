"""`tot purge`. The operator sees no code and no content: how many cases, closed when, due when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.cli.console import agree, listed, say
from bot.cli.opening import with_database
from bot.domain.audit import OPERATOR, AuditEntry, Event
from bot.domain.case.entities import Case
from bot.settings import load_store_settings
from bot.usecases.lifecycle.closing import due_for_purge, plan_purge
from bot.usecases.ports import UnitOfWork
from storage.database import SqlDatabase

WHO_DOES_IT = (
    "The bot does it: at once when it is running, else as soon as it is started. It deletes its own messages "
    "in the room and in direct messages, archives the room, and then forgets the case."
)


def purge_cases(*, yes: bool) -> None:
    """Show what is due, ask, and leave it to the bot."""
    settings = load_store_settings()

    async def look(database: SqlDatabase) -> list[Case]:
        return await database.read(due_for_purge)

    due = with_database(settings, look)
    if not due:
        say("No case is due for deletion.")
        return
    say(f"{len(due)} closed case{'s' * (len(due) != 1)} due for deletion:")
    listed(f"  closed in {closed}, to be deleted on {delete_on}" for closed, delete_on in map(_shown, due))
    say(WHO_DOES_IT)
    agree("Delete?", yes=yes)

    async def leave_it(database: SqlDatabase) -> int:
        return await database.write(lambda uow: _plan(uow, [case.id for case in due]))

    planned = with_database(settings, leave_it)
    say(f"{planned} left for the bot to delete.")


def _plan(uow: UnitOfWork, shown: Sequence[str]) -> int:
    cases = [case for case in due_for_purge(uow) if case.id in shown]
    plan_purge(uow, cases)
    for case in cases:
        uow.audit(AuditEntry(Event.PURGE_ORDERED, OPERATOR, case.id))
    return len(cases)


def _shown(case: Case) -> tuple[str, date | None]:
    return (f"{case.closed_at:%B %Y}" if case.closed_at else "", case.delete_on)
