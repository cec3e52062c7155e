"""A person's own: their language, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.audit import Event, Logged
from bot.domain.case.entities import Case
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.drill import Drill
from bot.domain.guidance import Guidance
from bot.domain.joint import JointMeeting
from bot.domain.language import Language
from bot.texts.words import Words, words
from bot.usecases.ports import Draft
from bot.usecases.profile import Access, SetLanguage, see_access, set_language
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
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
    """See what is kept of oneself, and what the audit log says."""
    person = request.visitor.person
    access = await request.slowly(lambda: see_access(request.services.database, person))
    said = [*kept(request.words, access), *lines(request.words, person.id, access.zone, access.newest)]
    await request.answer("\n".join(said))


#: In the order in which they are told.
_NAMED_BY: tuple[tuple[type[object], str], ...] = (
    (Case, "access.cases"),
    (JointMeeting, "access.joints"),
    (Guidance, "access.guidances"),
    (Convening, "access.convenings"),
    (Drill, "access.drills"),
    (Draft, "access.drafts"),
)


def kept(words: Words, access: Access) -> list[str]:
    """A line for the account, one for each role, one for all that names the person; of no case anything."""
    found = access.kept
    if found is None:
        return [words("access.not-kept")]
    person = found.person
    account = [
        words("access.slack") if person.slack_id is not None else "",
        words("access.dm") if person.dm_channel is not None else "",
        words("access.home") if person.home else "",
        escape(person.work_mail or ""),
        _language(words, person),
        words("access.closed") if person.deactivated else "",
    ]
    named = [words.count(key, n) for kind, key in _NAMED_BY if (n := found.named_by.get(kind, 0))]
    told = [
        words("access.account", account=_listed(account)),
        *(_contact(words, contact, agency) for contact, agency in found.contacts),
        *(_coordinator(words, post, team) for post, team in found.coordinates),
        words("access.named", named=words.several(named)) if named else words("access.not-named"),
    ]
    return [words("access.kept"), *told, ""]


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part)


def _contact(words: Words, contact: Contact, agency: Agency) -> str:
    """All of a contact's row."""
    reached = contact.last_reached
    facts = [
        escape(contact.title),
        words(f"hours.{contact.hours}"),
        words("access.position", n=contact.position),
        words("access.leader") if contact.leader else "",
        _away(words, contact),
        words("access.reached", month=words.month(reached)) if reached is not None else "",
        words("access.waits") if contact.waits else "",
        words("access.over") if contact.retired else "",
    ]
    return words("access.contact", agency=escape(agency.shown_name), facts=_listed(facts))


def _language(words: Words, person: Person) -> str:
    """The language, and the day on which it was chosen where that is kept."""
    if person.language is None:
        return ""
    name = words(f"language.{person.language}")
    if person.language_on is None:
        return name
    return words("access.language", language=name, day=words.full_date(person.language_on))


def _away(words: Words, contact: Contact) -> str:
    """An absence that is over too: it stands until another one is entered."""
    if contact.away_until is None:
        return ""
    until = words.full_date(contact.away_until)
    if contact.away_from is None:
        return words("access.away-until", until=until)
    return words("access.away", since=words.full_date(contact.away_from), until=until)


def _coordinator(words: Words, post: Coordinator, team: Team) -> str:
    since = words.full_date(team.day_of(post.since))
    over = f", {words('access.over')}" if post.until is not None else ""
    return words("access.coordinator", team=escape(team.name), since=since) + over


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
