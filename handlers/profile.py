"""A person's own: their language, and what the log says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.audit import Event, Logged
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.profile import SetLanguage, own_log, set_language
from handlers.blocks import inputs
from handlers.blocks.context import Block
from handlers.blocks.elements import ActionId, section, select
from handlers.blocks.inputs import choices_of
from handlers.blocks.modal import CallbackId, View, field, modal
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.payloads import member
from handlers.slack.requests import ActionRequest, CommandRequest, SubmissionRequest
from handlers.slack.vocabulary import Audience, normal

LANGUAGE_FORM = CallbackId("language", heading="modal.language.title", submit="modal.save")


def language_form(words: Words) -> View:
    blocks = [
        section(words("modal.language.intro")),
        field(
            words,
            "language",
            "field.language",
            inputs.radio(choices_of(words, "language", Language), words.language),
        ),
    ]
    return modal(words, LANGUAGE_FORM, blocks)


LANGUAGE = ActionId("language", "`nb`, `nn`, `en`")


def language_select(words: Words) -> Block:
    names = ((words(f"language.{language}"), language.value) for language in Language)
    options = [(name[:1].upper() + name[1:], value) for name, value in names]
    return section(words("home.language"), accessory=select(LANGUAGE, options, words.language.value))


async def see_own_log(request: CommandRequest) -> None:
    """See what the audit log says about oneself."""
    person = request.visitor.person
    zone, entries = await request.slowly(lambda: own_log(request.services.database, person))
    await request.answer("\n".join(lines(request.words, person.id, zone, entries)))


def lines(words: Words, person_id: str, zone: ZoneInfo, entries: Sequence[Logged]) -> list[str]:
    """The newest entries: when, what, and whether the person did it or it was done about them."""
    if not entries:
        return [words("access.nothing")]
    shown = [words("access.title")]
    for entry in entries:
        key = "access.by-you" if entry.actor == person_id else "access.about-you"
        when = words.full(entry.at, zone)
        shown.append(words(key, when=when, what=_what(words, entry)))
    return [*shown, words("access.no-content")]


def _what(words: Words, entry: Logged) -> str:
    """The event in words; SERVED without a case was a form, the directory, or another view outside cases."""
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


async def open_language_form(request: ActionRequest) -> None:
    """Set the language that was chosen in Home."""
    await request.act(set_language, SetLanguage(member(Language, request.value)))


async def language(request: SubmissionRequest) -> None:
    chosen = member(Language, request.fields.needed("language"))
    await request.act_and_close(set_language, SetLanguage(chosen))


PROFILE = Subject(
    "profile",
    commands=(
        Command("access", Action.SEE_OWN_LOG, Audience.ANYONE, see_own_log),
        Command("language", Action.SET_LANGUAGE, Audience.ANYONE, change_language),
    ),
    buttons=(Button(LANGUAGE, Action.SET_LANGUAGE, open_language_form),),
    forms=(Form(LANGUAGE_FORM, Action.SET_LANGUAGE, language),),
)
