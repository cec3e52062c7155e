"""A person's language, and what they have got from TOT."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.directory.entities import Agency, Contact, Coordinator, Team
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.profile import Access, see_access, set_language
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, section
from handlers.blocks.inputs import choices_of, select
from handlers.slack.declarations import Button, Subject
from handlers.slack.payloads import parsed
from handlers.slack.requests import ActionRequest, CommandRequest
from handlers.slack.vocabulary import Command, named

LANGUAGE = ActionId("language", "`nb`, `nn`, `en`")


def language_select(words: Words) -> Block:
    languages = select(choices_of(words, "language", Language), words.language)
    return section(words("home.language"), accessory=languages | {"action_id": str(LANGUAGE)})


async def see_own_log(request: CommandRequest) -> None:
    """See what you have got from TOT, and where to ask for all that is kept about you."""
    access = await request.slowly(lambda: see_access(request.services.database, request.visitor.person.id))
    await request.answer(told(request.words, access))


def told(words: Words, access: Access) -> str:
    """Return the answer; its fixed sentences are the same for everybody, named in something or not."""
    roles = [
        *(_contact(words, contact, agency) for contact, agency in access.contacts),
        *(_coordinator(words, post, team) for post, team in access.coordinates),
    ]
    acts = [
        words("access.by-you", when=words.full(entry.at, access.zone), what=words(f"event.{entry.event}"))
        for entry in access.acts
    ]
    return "\n".join(
        [
            words("access.kept"),
            *([words("access.roles"), *roles] if roles else []),
            "",
            *([words("access.title"), *acts, ""] if acts else []),
            words("access.all"),
        ]
    )


def _contact(words: Words, contact: Contact, agency: Agency) -> str:
    reached = contact.last_reached
    facts = [
        escape(contact.title),
        words(f"hours.{contact.hours}"),
        words("access.position", n=contact.position),
        words("on-duty.leader") if contact.leader else "",
        _away(words, contact),
        words("access.reached", month=words.month(reached)) if reached is not None else "",
    ]
    return words("access.contact", agency=escape(agency.shown_name), facts=", ".join(filter(None, facts)))


def _away(words: Words, contact: Contact) -> str:
    """The absence, also a past one: it is kept until another is entered."""
    if contact.away_until is None:
        return ""
    last = words.full_date(contact.away_until)
    if contact.away_from is None:
        return words("modal.agency.away-until", last=last)
    return words("modal.agency.away-from", first=words.full_date(contact.away_from), last=last)


def _coordinator(words: Words, post: Coordinator, team: Team) -> str:
    since = words.full_date(team.day_of(post.since))
    return words("access.coordinator", team=escape(team.name), since=since)


async def change_language(request: CommandRequest) -> None:
    """Choose a language: `/tot språk nynorsk`."""
    typed = named(request.rest, {each: words(each)(f"language.{each}") for each in Language})
    if typed is None:
        await request.answer(request.words("home.language"), [language_select(request.words)])
        return
    language = Language(typed)
    await request.act(set_language, language)
    await request.answer(words(language)("command.language-set"))


async def language_chosen(request: ActionRequest) -> None:
    """Change the language, and say so where the choice was made, unless Home does."""
    language = parsed(request.value, Language)
    await request.act(set_language, language)
    if request.respond is not None:
        await request.answer(words(language)("command.language-set"))


PROFILE = Subject(
    verbs=(
        Command("access", Action.SEE_OWN_LOG, see_own_log),
        Command("language", Action.SET_LANGUAGE, change_language),
        Button(LANGUAGE, Action.SET_LANGUAGE, language_chosen),
    ),
)
