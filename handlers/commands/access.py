"""`/tot innsyn`: what the log says of the one who asks, and of nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.domain.audit import Event, Logged
from bot.texts import Words
from bot.usecases.own_log import own_log
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Answer the person alone."""
    zone, entries = await own_log(typed.services.database, typed.visitor.person)
    await typed.answer("\n".join(lines(typed.words, typed.visitor.person.id, zone, entries)))


def lines(words: Words, person_id: str, zone: ZoneInfo, entries: Sequence[Logged]) -> list[str]:
    """The newest entries: when, what, and whether the person did it or it was done about them."""
    if not entries:
        return [words("access.nothing")]
    shown = [words("access.title")]
    for entry in entries:
        key = "access.by-you" if entry.actor == person_id else "access.about-you"
        when = words.when(entry.at, zone)
        shown.append(words(key, when=when, what=_what(words, entry)))
    return [*shown, words("access.no-content")]


def _what(words: Words, entry: Logged) -> str:
    """What was shown without a case was a form, the directory, or what else lies outside the cases."""
    if entry.event == Event.SERVED and entry.case_id is None:
        return words("access.served-outside")
    return words(f"event.{entry.event}")
