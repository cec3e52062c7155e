"""`/tot hvem`: who can what, and who is on call."""

from __future__ import annotations

from bot.usecases.see_roster import AskPage, ask_page, see_roster
from handlers.blocks.roster import matching, roster_answer
from handlers.commands.vocabulary import normal
from handlers.encounters import Pressed, Typed
from handlers.payloads import Unreadable

_PRINT = frozenset(
    normal(word) for word in ("utskrift", "skrivut", "print", "printout", "papir", "side", "utskrifta")
)
#: Longer than any name; what follows in an endless text is not looked at.
_LONGEST = 100


async def run(typed: Typed) -> None:
    """Answer the person alone; words choose among the agencies, and are never repeated."""
    if normal(typed.rest) in _PRINT:
        await typed.act(ask_page, AskPage())
        await typed.answer(typed.words("roster.page-comes"))
        return
    rosters = await typed.look(see_roster)
    wanted = typed.rest[:_LONGEST].casefold().split()
    found = matching(typed.words, rosters, wanted) if wanted else rosters
    matched = bool(found) if wanted else None
    answer = roster_answer(typed.words, found or rosters, matched=matched)
    await typed.answer(answer.text, answer.blocks)


async def page(pressed: Pressed) -> None:
    """«Side til utskrift»."""
    if pressed.value != "print":
        raise Unreadable
    await pressed.act(ask_page, AskPage())
    await pressed.tell(pressed.words("roster.page-comes"))
