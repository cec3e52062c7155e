"""`/tot innsyn`, `/tot språk`: what the log says of oneself, and one's own language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain.audit import Event, Logged
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.profile import SetLanguage, own_log, set_language
from handlers.profile.modals import language_form
from handlers.slack.requests import CommandRequest
from handlers.slack.vocabulary import normal


async def see_own_log(request: CommandRequest) -> None:
    """See what the audit log says about oneself."""
    zone, entries = await own_log(request.services.database, request.visitor.person)
    await request.answer("\n".join(lines(request.words, request.visitor.person.id, zone, entries)))


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


_NAMES: Mapping[str, Language] = {
    normal(name): language
    for language, names in {
        Language.NB: "nb bokmål norsk norwegian no",
        Language.NN: "nn nynorsk",
        Language.EN: "en engelsk english",
    }.items()
    for name in names.split()
}


async def change_language(request: CommandRequest) -> None:
    """Choose a language: `/tot språk nynorsk`."""
    language = _NAMES.get(normal(request.rest))
    if language is None:
        await request.open(language_form(request.words))
        return
    await request.act(set_language, SetLanguage(language))
    await request.answer(words(language)("command.language-set"))
