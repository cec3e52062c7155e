"""Messages about guidance: to the coordinators with the question, to the one who asked with the answer."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.calendar.invite import Invite, build_publish
from bot.domain.guidance import Guidance
from bot.domain.notifications import Kind, Params, Revision
from bot.domain.outside import is_half_way, superseded
from bot.texts.words import Words
from bot.usecases.guidance import GuidanceView, guidance_view
from handlers.blocks.context import Block, File, Message, PersonRenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, context, lines, quoted, section
from handlers.blocks.people import mention
from handlers.case.modals import OPEN_CASE_FROM
from handlers.delivery.declarations import ItemMessage

ASK_GUIDANCE = ActionId("ask_guidance", "`ask`")
ANSWER_GUIDANCE = ActionId("answer_guidance", "guidance")
INVITE_TO_TALK = ActionId("invite_to_talk", "guidance")
CLOSE_GUIDANCE = ActionId("close_guidance", "guidance")

#: How long a talk is set to in the calendar.
TALK = timedelta(minutes=30)


def theme(words: Words, key: str) -> str:
    """A theme as people say it: one of the usual list in the reader's language, or the team's own words."""
    return words(f"theme.{key}") if words.has(f"theme.{key}") else key


def asked(words: Words, now: GuidanceView, reader: str) -> Message | None:
    """To a coordinator: the question and what can be done with it; once it is closed only the theme."""
    guidance = now.guidance
    if reader not in now.coordinators:
        return None
    about = escape(theme(words, guidance.theme))
    if not guidance.open:
        text = words("guidance.closed", theme=about, outcome=words(f"guidance-outcome.{guidance.outcome}"))
        return Message([section(text), context(_deleted(words, guidance))])
    zone = now.team.time_zone
    title = words(
        "guidance.asked",
        theme=about,
        team=escape(now.team.name),
        who=mention(words, now.persons.get(guidance.asker)),
        when=words.when(guidance.asked_at, zone),
    )
    promise = words("guidance.promise", due=words.when(guidance.due_at, zone)) if guidance.waits else None
    blocks = [
        section(lines(title, promise)),
        section(quoted(guidance.text)),
        *(section(line) for line in _done(words, now, zone)),
        actions(*buttons(words, guidance)),
        context(words("guidance.no-record"), f"*{words('said.emergency')}*"),
    ]
    return Message(blocks)


def buttons(words: Words, guidance: Guidance) -> list[Block]:
    answered = guidance.answered_at is not None
    label = words("press.answer-guidance-again" if answered else "press.answer-guidance")
    return [
        button(label, ANSWER_GUIDANCE, guidance.id, primary=guidance.waits),
        button(words("press.invite-to-talk"), INVITE_TO_TALK, guidance.id),
        button(words("press.open-case"), OPEN_CASE_FROM, guidance.item),
        button(words("press.close-guidance"), CLOSE_GUIDANCE, guidance.id),
    ]


def stands(words: Words, now: GuidanceView) -> Message:
    """To the one who asked: where it stands."""
    guidance, zone = now.guidance, now.team.time_zone
    about = escape(theme(words, guidance.theme))
    head = words("guidance.yours", theme=about, when=words.when(guidance.asked_at, zone))
    blocks = [
        section(lines(head, where_it_stands(words, now))),
        *([] if guidance.open else [context(_deleted(words, guidance))]),
        context(f"*{words('guidance.no-report')}*"),
    ]
    return Message(blocks)


def where_it_stands(words: Words, now: GuidanceView) -> str:
    guidance, zone = now.guidance, now.team.time_zone
    if not guidance.open:
        return words("guidance.stands.closed")
    if guidance.waits:
        return words("guidance.stands.waits", due=words.when(guidance.due_at, zone))
    if guidance.answered_at is not None:
        return words("guidance.stands.answered")
    return words("guidance.stands.talk", when=words.when(guidance.talk_at or guidance.due_at, zone))


def answer(words: Words, now: GuidanceView, which: Params | None) -> Message | None:
    """To the one who asked: the answer, an older one goes; or that it was closed without one."""
    guidance = now.guidance
    if which is None:
        return _closed_unanswered(words, now)
    if guidance.answer is None or which != Revision(guidance.answers):
        return None
    who = mention(words, now.persons.get(guidance.answered_by or ""))
    title = words("guidance.answer", theme=escape(theme(words, guidance.theme)), who=who)
    small = context(words("guidance.ask-again"), f"*{words('guidance.no-report')}*")
    return Message([section(title), section(quoted(guidance.answer)), small])


def _closed_unanswered(words: Words, now: GuidanceView) -> Message | None:
    if not now.guidance.closed_unanswered:
        return None
    who = words.several(mention(words, now.persons.get(person_id)) for person_id in now.coordinators)
    return Message([section(words("guidance.unanswered", who=who))])


def talk(words: Words, now: GuidanceView, reader: str, which: Params | None) -> Message | None:
    """To both who are to talk: with whom, and when."""
    guidance = now.guidance
    if guidance.talk_at is None or not _talks(now, reader, which):
        return None
    asks = reader == guidance.asker
    other = guidance.talk_by if asks else guidance.asker
    who = mention(words, now.persons.get(other or ""))
    when = words.when(guidance.talk_at, now.team.time_zone)
    text = words("guidance.talk-asker" if asks else "guidance.talk-coordinator", who=who, when=when)
    return Message([section(lines(text, words("entry.moved") if guidance.talk_sequence else None))])


def _talks(now: GuidanceView, reader: str, which: Params | None) -> bool:
    """Return True if that version of the talk stands, and is the reader's."""
    guidance = now.guidance
    invited = guidance.talk_invited_at is not None and which == Revision(guidance.talk_sequence)
    is_theirs = reader in (guidance.asker, guidance.talk_by)
    return invited and is_theirs and reader in (guidance.asker, *now.coordinators)


def entry(words: Words, now: GuidanceView, reader: str, which: Params | None, organizer: str) -> File | None:
    """To both who are to talk: the entry for the calendar. `organizer` is an e-mail address."""
    guidance = now.guidance
    if guidance.talk_at is None or guidance.talk_invited_at is None or not _talks(now, reader, which):
        return None
    content = build_publish(
        Invite(
            uid=guidance.uid,
            sequence=guidance.talk_sequence,
            starts_at=guidance.talk_at,
            ends_at=guidance.talk_at + TALK,
            stamped_at=guidance.talk_invited_at,
            zone=now.team.time_zone,
            organizer=organizer,
            language=words.language,
        )
    )
    return File(f"mote-{guidance.uid[:8]}.ics", content)


def waits(words: Words, now: GuidanceView, reader: str, half: bool) -> Message | None:
    """To a coordinator: that somebody waits for an answer. Goes when there is one."""
    guidance, zone = now.guidance, now.team.time_zone
    if not guidance.waits or reader not in now.coordinators:
        return None
    key = "guidance.waits-half" if half else "guidance.waits-end"
    text = words(
        key,
        theme=escape(theme(words, guidance.theme)),
        who=mention(words, now.persons.get(guidance.asker)),
        due=words.when(guidance.due_at, zone),
    )
    return Message([section(text), actions(*buttons(words, guidance))])


def _done(words: Words, now: GuidanceView, zone: ZoneInfo) -> list[str]:
    guidance = now.guidance
    found = []
    if guidance.answered_at is not None:
        who = mention(words, now.persons.get(guidance.answered_by or ""))
        found.append(words("guidance.answered-by", who=who, when=words.when(guidance.answered_at, zone)))
    if guidance.talk_at is not None:
        who = mention(words, now.persons.get(guidance.talk_by or ""))
        found.append(words("guidance.talk-by", who=who, when=words.when(guidance.talk_at, zone)))
    return found


def _deleted(words: Words, guidance: Guidance) -> str:
    day = words.day(guidance.delete_on) if guidance.delete_on is not None else ""
    return words("guidance.deleted", day=day)


def _stands(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    return stands(ctx.words, now) if ctx.person.id == now.guidance.asker else None


def _answer(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    is_asker = ctx.person.id == now.guidance.asker
    return answer(ctx.words, now, ctx.notification.params) if is_asker else None


def _talk(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    return talk(ctx.words, now, ctx.person.id, ctx.notification.params)


def _entry(ctx: PersonRenderContext, now: GuidanceView) -> File | None:
    return entry(ctx.words, now, ctx.person.id, ctx.notification.params, ctx.organizer)


def _waits(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    if superseded(ctx.notification, now.guidance.due_at, ctx.now):
        return None
    return waits(ctx.words, now, ctx.person.id, is_half_way(ctx.notification))


NOTIFICATIONS = (
    ItemMessage(Kind.GUIDANCE_ASKED, guidance_view, lambda ctx, now: asked(ctx.words, now, ctx.person.id)),
    ItemMessage(Kind.GUIDANCE_STANDS, guidance_view, _stands),
    ItemMessage(Kind.GUIDANCE_ANSWER, guidance_view, _answer),
    ItemMessage(Kind.GUIDANCE_TALK, guidance_view, _talk),
    ItemMessage(Kind.GUIDANCE_ENTRY, guidance_view, _entry),
    ItemMessage(Kind.GUIDANCE_WAITS, guidance_view, _waits),
)
