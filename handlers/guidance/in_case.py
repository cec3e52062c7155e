"""Guidance asked for in the room of a case: between the one who asks and the coordinators of the case."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import CaseQuestion
from bot.domain.case.file import CaseFile
from bot.domain.guidance import awaits_answer, due_in_case, is_in_the_room
from bot.domain.notifications import Kind, Revision
from bot.domain.outside import promised
from bot.texts.words import Words
from bot.usecases.guidance import ANSWER, QUESTION
from handlers.blocks import formatting, inputs
from handlers.blocks.context import Block, Message, RenderContext, escape
from handlers.blocks.elements import ActionId, actions, button, context, lines, quoted, section
from handlers.blocks.modal import CallbackId, View, field, modal
from handlers.delivery.declarations import CaseMessage

ANSWER_IN_CASE = ActionId("answer_in_case", "question")
ASK_FORM = CallbackId("ask_in_case", "case", heading="modal.guidance.title", submit="modal.send")
ANSWER_FORM = CallbackId(
    "answer_in_case", "question", heading="modal.answer-guidance.title", submit="modal.send"
)


def ask_form(words: Words, file: CaseFile, now: datetime) -> View:
    """Ask the coordinators of the case. It says who will see it, and that it is no report of concern."""
    due = promised(now, file.team, file.team.rules.guidance_days)
    who_sees = {"code": escape(file.case.code), "due": words.when(due, file.team.time_zone)}
    text = inputs.writing(QUESTION)
    blocks = [
        section(f"*{words('guidance.no-report')}*"),
        field(words, "text", "field.question", text, hint=True),
        section(words("guidance-in-case.who-sees", **who_sees)),
    ]
    return modal(words, ASK_FORM, blocks, file.case.id)


def answer_form(words: Words, file: CaseFile, question: CaseQuestion) -> View:
    """Answer in writing; an answer that was given is there to be changed."""
    text = inputs.writing(ANSWER, question.answer or "")
    blocks = [
        section(words("guidance-in-case.answer-to", **about(words, file, question))),
        section(quoted(question.text)),
        field(words, "text", "field.answer-guidance", text, hint=words("field.question.hint")),
    ]
    return modal(words, ANSWER_FORM, blocks, question.id)


def about(words: Words, file: CaseFile, question: CaseQuestion) -> dict[str, str]:
    """All that is filled in to a text about a question: who asked, in which case, what is promised."""
    return {
        "who": formatting.mention(file, question.asker) or words("minutes.participant"),
        "code": escape(file.case.code),
        "due": words.when(due_in_case(file, question), file.team.time_zone),
        "by": formatting.mention(file, question.answered_by) or words("said.coordinator"),
    }


def _question(ctx: RenderContext) -> CaseQuestion | None:
    return next((q for q in ctx.file.questions if q.id == ctx.notification.subject), None)


def question(ctx: RenderContext) -> Message | None:
    """To a coordinator: what somebody in the room asks, and what was answered. Subject: the question."""
    found = _question(ctx)
    if found is None or not formatting.for_coordinator(ctx):
        return None
    return Message(question_blocks(ctx, found))


def question_blocks(ctx: RenderContext, found: CaseQuestion) -> list[Block]:
    words, file, facts = ctx.words, ctx.file, about(ctx.words, ctx.file, found)
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
    blocks.append(context(words("guidance-in-case.kept"), f"*{words('said.emergency')}*"))
    return blocks


def case_answer(ctx: RenderContext) -> Message | None:
    """To the one who asked, while they belong in the room: the answer; an older one goes."""
    found, reader = _question(ctx), ctx.recipient
    if found is None or found.answer is None or reader is None or reader.id != found.asker:
        return None
    if ctx.notification.params != Revision(found.answers) or not is_in_the_room(ctx.file, found):
        return None
    words, facts = ctx.words, about(ctx.words, ctx.file, found)
    blocks = [
        section(words("guidance-in-case.answer", who=facts["by"], code=facts["code"])),
        section(words("guidance-in-case.you-asked")),
        section(quoted(found.text)),
        section(words("guidance-in-case.the-answer")),
        section(quoted(found.answer)),
        context(words("guidance-in-case.kept"), f"*{words('guidance.no-report')}*"),
    ]
    return Message(blocks)


def waits(ctx: RenderContext) -> Message | None:
    """To a coordinator: the time that was promised is out. Goes when there is an answer."""
    found = _question(ctx)
    if found is None or not formatting.for_coordinator(ctx) or not awaits_answer(ctx.file, found):
        return None
    text = ctx.words("guidance-in-case.waits", **about(ctx.words, ctx.file, found))
    press = button(ctx.words("press.answer-guidance"), ANSWER_IN_CASE, found.id, primary=True)
    return Message([section(text), actions(press)])


NOTIFICATIONS = (
    CaseMessage(Kind.CASE_QUESTION, question),
    CaseMessage(Kind.CASE_ANSWER, case_answer),
    CaseMessage(Kind.CASE_QUESTION_WAITS, waits),
)
