"""`/tot hjelp`, and `/tot` alone: what this person can do, here."""

from __future__ import annotations

from bot.texts import Words
from bot.usecases.look_around import Around, look_around
from handlers.blocks.modals.told import mention
from handlers.commands.vocabulary import VOCABULARY, Whose
from handlers.encounters import Typed


async def run(typed: Typed) -> None:
    """Everything, by role."""
    around = await typed.look(lambda uow, actor: look_around(uow, actor, typed.channel))
    await typed.answer("\n".join(all_help(typed.words, around)))


async def here(typed: Typed) -> None:
    """What can be done where it was typed."""
    around = await typed.look(lambda uow, actor: look_around(uow, actor, typed.channel))
    await typed.answer("\n".join(help_here(typed.words, around)))


def help_here(words: Words, around: Around) -> list[str]:
    """Lines for one person in one place."""
    lines = [words("help.alarm"), ""]
    if around.in_room:
        lines += [words("help.here-room"), *_listed(words, Whose.ROOM)]
    elif around.coordinates:
        lines += [
            words("help.here-coordinator"),
            *_listed(words, Whose.COORDINATOR),
            words("help.room-elsewhere"),
        ]
    elif around.contact:
        lines += [words("help.contact")]
    else:
        lines += [_stranger(words, around)]
    if around.coordinates or around.contact:
        lines += _listed(words, Whose.CONTACT)
    return [*lines, "", *_listed(words, Whose.ANYONE)]


def all_help(words: Words, around: Around) -> list[str]:
    """Lines by role; a role that the person does not have is not shown."""
    lines = [words("help.alarm"), words("help.about"), ""]
    if around.coordinates:
        lines += [words("help.coordinator"), *_listed(words, Whose.COORDINATOR), ""]
        lines += [words("help.room"), *_listed(words, Whose.ROOM), ""]
    if around.contact:
        lines += [words("help.contact"), ""]
    if around.coordinates or around.contact:
        lines += [words("help.agency"), *_listed(words, Whose.CONTACT), ""]
    if not around.coordinates and not around.contact:
        lines += [_stranger(words, around), ""]
    return [*lines, words("help.everyone"), *_listed(words, Whose.ANYONE), "", words("help.never")]


def _listed(words: Words, whose: Whose) -> list[str]:
    return [
        words("help.line", word=w.shown(words), does=words(f"command.{w.key}"))
        for w in VOCABULARY
        if w.whose is whose
    ]


def _stranger(words: Words, around: Around) -> str:
    people = [mention(words, p) for p in around.coordinators if p.slack_id]
    return words("help.stranger", who=words.several(people)) if people else words("help.stranger-alone")
