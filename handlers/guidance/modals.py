"""Forms about guidance: ask, answer, propose a time to talk, close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case.entities import CaseQuestion
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.outside import promised
from bot.texts.words import Words
from bot.usecases.guidance import ANSWER, QUESTION, GuidanceView, themes_of
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import quoted, section
from handlers.blocks.inputs import Choice
from handlers.blocks.modal import CallbackId, View, field, modal, team_field
from handlers.guidance.messages import about, about_question, theme
from handlers.meeting.defaults import sensible

ASK_GUIDANCE = CallbackId(
    "ask_guidance",
    "team, or nothing where it is chosen in the form",
    heading="modal.guidance.title",
    submit="modal.send",
)
ANSWER_GUIDANCE = CallbackId(
    "answer_guidance", "guidance", heading="modal.answer-guidance.title", submit="modal.send"
)
INVITE_TO_TALK = CallbackId("invite_to_talk", "guidance", heading="modal.talk.title", submit="modal.send")
CLOSE_GUIDANCE = CallbackId(
    "close_guidance", "guidance", heading="modal.close-guidance.title", submit="modal.close-guidance.submit"
)
ASK_IN_CASE = CallbackId("ask_in_case", "case", heading="modal.guidance.title", submit="modal.send")
ANSWER_IN_CASE = CallbackId(
    "answer_in_case", "question", heading="modal.answer-guidance.title", submit="modal.send"
)


def ask_form(words: Words, teams: list[Team], now: datetime) -> View:
    """Ask for guidance. It always says that this is no report of concern, and whom to ring."""
    due = max(promised(now, team, team.rules.guidance_days) for team in teams)
    days = max(team.rules.guidance_days for team in teams)
    promise = words.count("modal.guidance.promise", days, due=words.when(due, teams[0].time_zone))
    choices = dict.fromkeys(key for team in teams for key in themes_of(team))
    theme_field = field(words, "theme", "field.theme", inputs.select(_named(words, list(choices))))
    about_team = teams[0].id if len(teams) == 1 else ""
    return _asking(words, ASK_GUIDANCE, about_team, promise, [*team_field(words, teams), theme_field])


def _asking(words: Words, form: CallbackId, id: str, then: str, fields: Sequence[Block] = ()) -> View:
    """Ask a question. It says what happens `then`, and that it is no report of concern."""
    text = inputs.writing(QUESTION)
    question = field(words, "text", "field.question", text, hint=True)
    blocks = [section(f"*{words('guidance.no-report')}*"), *fields, question, section(then)]
    return modal(words, form, blocks, id)


def answer_form(words: Words, found: GuidanceView) -> View:
    guidance, intro = found.asked, words("modal.answer-guidance.intro", **about(words, found))
    return _answering(words, ANSWER_GUIDANCE, guidance.id, intro, guidance.text, guidance.answer)


def _answering(words: Words, form: CallbackId, id: str, intro: str, asked: str, answer: str | None) -> View:
    """Answer in writing; an answer that was given is there to be changed."""
    text = inputs.writing(ANSWER, answer or "")
    blocks = [
        section(intro),
        section(quoted(asked)),
        field(words, "text", "field.answer-guidance", text, hint=words("field.question.hint")),
    ]
    return modal(words, form, blocks, id)


def talk_form(words: Words, found: GuidanceView, now: datetime) -> View:
    guidance = found.asked
    blocks = [
        section(words("modal.talk.intro", **about(words, found))),
        field(words, "at", "field.talk-at", inputs.moment(guidance.talk_at or sensible(found.team, now))),
    ]
    return modal(words, INVITE_TO_TALK, blocks, guidance.id)


def close_form(words: Words, found: GuidanceView) -> View:
    """Under which theme it is closed, and whether somebody still waits for the answer that was promised."""
    guidance, rules = found.asked, found.team.rules
    unanswered = words("modal.close-guidance.unanswered", **about(words, found))
    themes = list(dict.fromkeys([*themes_of(found.team), guidance.theme]))
    blocks = [
        *([section(unanswered)] if guidance.waits else []),
        field(words, "theme", "field.theme", inputs.select(_named(words, themes), guidance.theme)),
        section(words.count("modal.close-guidance.then", rules.outside_retention_days)),
    ]
    return modal(words, CLOSE_GUIDANCE, blocks, guidance.id)


def _named(words: Words, themes: list[str]) -> list[Choice]:
    return [(key, theme(words, key)) for key in themes]


# --- asked in the room of a case


def ask_in_case_form(words: Words, file: CaseFile, now: datetime) -> View:
    """Ask the coordinators of the case. It says who will see it."""
    due = words.when(promised(now, file.team, file.team.rules.guidance_days), file.team.time_zone)
    who_sees = words("guidance-in-case.who-sees", code=escape(file.case.code), due=due)
    return _asking(words, ASK_IN_CASE, file.case.id, who_sees)


def answer_in_case_form(words: Words, file: CaseFile, question: CaseQuestion) -> View:
    intro = words("guidance-in-case.answer-to", **about_question(words, file, question))
    return _answering(words, ANSWER_IN_CASE, question.id, intro, question.text, question.answer)
