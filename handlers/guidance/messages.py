"""Messages about guidance: the question to the coordinators, the answer to the asker.

Also about guidance asked in the room of a case, between the asker and the coordinators of that case.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from bot.calendar.invite import Invite
from bot.domain.case.entities import CaseQuestion
from bot.domain.case.file import CaseFile
from bot.domain.guidance import Guidance, awaits_answer, due_in_case, is_in_the_room, standing
from bot.domain.notifications import Kind
from bot.domain.outside import lapses_at
from bot.texts.words import Words
from bot.usecases.convening import ConveningView
from bot.usecases.guidance import GuidanceView
from bot.usecases.outside import asked_view
from handlers.blocks import formatting
from handlers.blocks.context import (
    Block,
    File,
    Message,
    PersonRenderContext,
    RenderContext,
    calendar_file,
    escape,
)
from handlers.blocks.elements import ActionId, actions, button, context, lines, quoted, section
from handlers.blocks.people import mention, whom_to_write
from handlers.case.modals import OPEN_CASE_FROM
from handlers.delivery.declarations import CaseMessage, Declared, item_messages

ANSWER_GUIDANCE = ActionId("answer_guidance", "guidance")
INVITE_TO_TALK = ActionId("invite_to_talk", "guidance")
CLOSE_GUIDANCE = ActionId("close_guidance", "guidance")
ANSWER_IN_CASE = ActionId("answer_in_case", "question")

#: The length of a talk in the calendar.
TALK = timedelta(minutes=30)


def theme(words: Words, key: str) -> str:
    """A theme as people say it: one of the usual list in the reader's language, or the team's own words."""
    return words(f"theme.{key}") if f"theme.{key}" in words.catalogue else key


def about(words: Words, now: GuidanceView) -> dict[str, str]:
    """Return the values for texts about guidance: `facts_of`, the theme, and until when an answer comes."""
    told = {
        "theme": escape(theme(words, now.asked.theme)),
        "stands": until_when(words, now),
    }
    return facts_of(words, now) | told


def facts_of(words: Words, now: GuidanceView | ConveningView) -> dict[str, str]:
    """Return the values for texts about something asked: of which team, by whom, when, and its days."""
    asked, zone = now.asked, now.team.time_zone
    return {
        "team": escape(now.team.name),
        "who": mention(words, now.persons.get(asked.asker)),
        "when": words.when(asked.asked_at, zone),
        "due": words.when(asked.due_at, zone),
        "day": words.day(asked.delete_on) if asked.delete_on is not None else "",
        "last": words.day(now.team.day_of(lapses_at(asked.due_at, now.team))),
    }


def asked(ctx: PersonRenderContext, now: GuidanceView) -> Message:
    """To a coordinator: the question and what can be done with it; once it is closed only the theme."""
    words, guidance, facts = ctx.words, now.asked, about(ctx.words, now)
    if not guidance.open:
        text = words("guidance.closed", outcome=words(f"guidance-outcome.{guidance.outcome}"), **facts)
        return Message([section(text), context(words("guidance.deleted", **facts))])
    promise = words("guidance.promise", **facts) if guidance.waits else None
    blocks = [
        section(lines(words("guidance.asked", **facts), promise)),
        section(quoted(guidance.text)),
        *(section(line) for line in _done(words, now)),
        actions(*buttons(words, guidance)),
        context(words("guidance.no-record"), words("said.emergency")),
    ]
    return Message(blocks)


def buttons(words: Words, guidance: Guidance) -> list[Block]:
    answered = guidance.answered_at is not None
    label = words("press.answer-guidance-again" if answered else "press.answer-guidance")
    return [
        button(label, ANSWER_GUIDANCE, guidance.id, primary=guidance.waits),
        button(words("press.invite-to-talk"), INVITE_TO_TALK, guidance.id),
        button(words("command.case.choice"), OPEN_CASE_FROM, guidance.item),
        button(words("press.close-guidance"), CLOSE_GUIDANCE, guidance.id),
    ]


def stands(ctx: PersonRenderContext, now: GuidanceView) -> Message:
    """To the asker: until when an answer comes. Deleted when it has come."""
    return asker_waits(ctx.words, "guidance", about(ctx.words, now))


def asker_waits(words: Words, kind: str, facts: dict[str, str]) -> Message:
    """To somebody who asked for guidance, or asked TOT to convene, and has got no answer."""
    said = section(lines(words(f"{kind}.yours", **facts), facts["stands"]))
    return Message([said, context(words("guidance.no-report"))])


def until_when(words: Words, now: GuidanceView | ConveningView) -> str:
    """Return until when an asker gets an answer; if it is late, whom to write to."""
    if words.now is not None and words.now >= now.asked.due_at:
        return words("guidance.stands.late", who=whom_to_write(words, now.persons, now.coordinators))
    return words("guidance.stands.waits", due=words.when(now.asked.due_at, now.team.time_zone))


def answer(ctx: PersonRenderContext, now: GuidanceView) -> Message:
    """To the asker: the answer, which replaces an older one; or that the question was closed without one."""
    words, guidance, facts = ctx.words, now.asked, about(ctx.words, now)
    goes = [] if guidance.open else [context(words("guidance.deleted", **facts))]
    if guidance.answer is None:
        people = whom_to_write(words, now.persons, now.coordinators)
        return Message([section(words("guidance.unanswered", who=people)), *goes])
    who = mention(words, now.persons.get(guidance.answered_by or ""))
    title = words("guidance.answer", **{**facts, "who": who})
    small = context(words("guidance.ask-again"), words("guidance.no-report"))
    return Message([section(title), section(quoted(guidance.answer)), *goes, small])


def talk(ctx: PersonRenderContext, now: GuidanceView) -> Message:
    """To the asker: with whom they are invited to talk, and when; or that it is off."""
    words, guidance = ctx.words, now.asked
    who = mention(words, now.persons.get(guidance.talk_by or ""))
    if guidance.talk_at is None:
        return Message([section(words("guidance.talk-off", who=who))])
    text = words("guidance.talk-asker", who=who, when=words.when(guidance.talk_at, now.team.time_zone))
    return Message([section(lines(text, words("entry.moved") if guidance.talk_sequence else None))])


def entry(ctx: PersonRenderContext, now: GuidanceView) -> File | None:
    """To each of the two people of a talk: the calendar entry."""
    guidance = now.asked
    if guidance.talk_at is None or guidance.talk_invited_at is None:
        return None
    when = (guidance.talk_at, guidance.talk_at + TALK, guidance.talk_invited_at, now.team.time_zone)
    to = (ctx.organizer, ctx.words.language)
    return calendar_file(Invite(guidance.uid, guidance.talk_sequence, *when, *to))


def waits(ctx: PersonRenderContext, now: GuidanceView) -> Message:
    """To a coordinator: somebody waits for an answer. Deleted when there is one."""
    return still_waits(ctx.words, "guidance", about(ctx.words, now), buttons(ctx.words, now.asked))


def still_waits(words: Words, kind: str, facts: dict[str, str], presses: list[Block]) -> Message:
    """What somebody asked for, by when it was promised, and when it is ended without an answer."""
    said = lines(words(f"{kind}.asked", **facts), words("guidance.waits", **facts))
    return Message([section(said), actions(*presses)])


def _done(words: Words, now: GuidanceView) -> Iterator[str]:
    guidance = now.asked
    for key, by, at in (
        ("guidance.answered-by", guidance.answered_by, guidance.answered_at),
        ("guidance.talk-by", guidance.talk_by, guidance.talk_at),
    ):
        if at is not None:
            who = mention(words, now.persons.get(by or ""))
            yield words(key, who=who, when=words.when(at, now.team.time_zone))


# --- asked in the room of a case


def about_question(words: Words, file: CaseFile, question: CaseQuestion) -> dict[str, str]:
    """Return the values for texts about a question: who asked, the case, when it is due, who answered."""
    return {
        "who": formatting.mention(file, question.asker) or words("minutes.participant"),
        "code": escape(file.case.code),
        "due": words.when(due_in_case(file, question), file.team.time_zone),
        "by": formatting.mention(file, question.answered_by) or words("said.coordinator"),
    }


def case_question(ctx: RenderContext, question: CaseQuestion) -> Message:
    """To a coordinator: what somebody in the room asks, and what was answered."""
    return Message(question_blocks(ctx, question))


def question_blocks(ctx: RenderContext, found: CaseQuestion) -> list[Block]:
    words, file, facts = ctx.words, ctx.file, about_question(ctx.words, ctx.file, found)
    promise = words("guidance.promise", **facts) if awaits_answer(file, found) else None
    answered = section(words("guidance-in-case.answered-by", who=facts["by"]))
    blocks = [
        section(lines(words("guidance-in-case.asked", **facts), promise)),
        section(quoted(found.text)),
        *([answered] if found.answer is not None else []),
    ]
    if file.open and is_in_the_room(file, found):
        label = "press.answer-guidance" if found.answer is None else "press.answer-guidance-again"
        blocks.append(actions(button(words(label), ANSWER_IN_CASE, found.id, primary=found.answer is None)))
    else:
        blocks.append(section(words("guidance-in-case.gone", **facts)))
    blocks.append(context(words("guidance-in-case.kept"), words("said.emergency")))
    return blocks


def case_answer(ctx: RenderContext, found: CaseQuestion) -> Message | None:
    """To the asker, while they belong in the room: the answer, which replaces an older one."""
    if found.answer is None:
        return None
    words, facts = ctx.words, about_question(ctx.words, ctx.file, found)
    blocks = [
        section(words("guidance-in-case.answer", who=facts["by"], code=facts["code"])),
        section(quoted(found.answer)),
        context(words("guidance-in-case.kept"), words("guidance.no-report")),
    ]
    return Message(blocks)


def question_waits(ctx: RenderContext, found: CaseQuestion) -> Message:
    """To a coordinator: the promised time is over. Deleted when there is an answer."""
    text = ctx.words("guidance-in-case.waits", **about_question(ctx.words, ctx.file, found))
    press = button(ctx.words("press.answer-guidance"), ANSWER_IN_CASE, found.id, primary=True)
    return Message([section(text), actions(press)])


NOTIFICATIONS: tuple[Declared, ...] = (
    *item_messages(
        partial(asked_view, Guidance),
        standing,
        {
            Kind.GUIDANCE_ASKED: asked,
            Kind.GUIDANCE_STANDS: stands,
            Kind.GUIDANCE_ANSWER: answer,
            Kind.GUIDANCE_TALK: talk,
            Kind.GUIDANCE_ENTRY: entry,
            Kind.GUIDANCE_WAITS: waits,
        },
    ),
    CaseMessage(Kind.CASE_QUESTION, case_question),
    CaseMessage(Kind.CASE_ANSWER, case_answer),
    CaseMessage(Kind.CASE_QUESTION_WAITS, question_waits),
)
