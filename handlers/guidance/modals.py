"""Forms about guidance: ask, answer, propose a time to talk, close."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case.entities import CaseQuestion
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Team
from bot.domain.meeting import working_morning
from bot.domain.outside import promised
from bot.texts.words import Words
from bot.usecases.guidance import ANSWER, QUESTION, GuidanceView, themes_of
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import quoted, section
from handlers.blocks.inputs import Choice
from handlers.blocks.modal import Blocks, field, form, team_field
from handlers.guidance.messages import about, about_question, theme

_ASKING = "command.guidance.choice"


@form(
    "ask_guidance",
    "team, or nothing where it is chosen in the form",
    heading=_ASKING,
    submit="modal.send",
)
def ask_form(words: Words, teams: list[Team], now: datetime) -> Blocks:
    """Ask for guidance. It always says that this is no report of concern, and whom to ring."""
    due = max(promised(now, team, team.rules.guidance_days) for team in teams)
    days = max(team.rules.guidance_days for team in teams)
    promise = words.count("modal.guidance.promise", days, due=words.when(due, teams[0].time_zone))
    choices = dict.fromkeys(key for team in teams for key in themes_of(team))
    theme_field = field(words, "theme", "field.theme", inputs.select(_named(words, list(choices))))
    about_team = teams[0].id if len(teams) == 1 else ""
    return _asking(words, about_team, promise, [*team_field(words, teams), theme_field])


def _asking(words: Words, id: str, then: str, fields: Sequence[Block] = ()) -> Blocks:
    """Ask a question. It says what happens `then`, and that it is no report of concern."""
    text = inputs.writing(QUESTION)
    question = field(words, "text", "field.question", text, hint=True)
    yield section(words("guidance.no-report"))
    yield from fields
    yield question
    yield section(then)
    return id


@form("answer_guidance", "guidance", heading="press.answer-guidance", submit="modal.send")
def answer_form(words: Words, found: GuidanceView) -> Blocks:
    guidance, intro = found.asked, words("guidance.asked", **about(words, found))
    return _answering(words, guidance.id, intro, guidance.text, guidance.answer)


def _answering(words: Words, id: str, intro: str, asked: str, answer: str | None) -> Blocks:
    """Answer in writing; an earlier answer is filled in, to be changed."""
    text = inputs.writing(ANSWER, answer or "")
    yield section(intro)
    yield section(quoted(asked))
    yield field(words, "text", "field.answer-guidance", text, hint=words("field.question.hint"))
    return id


@form("invite_to_talk", "guidance", heading="press.invite-to-talk", submit="modal.send")
def talk_form(words: Words, found: GuidanceView, now: datetime) -> Blocks:
    guidance = found.asked
    yield section(words("modal.talk.intro", **about(words, found)))
    yield field(
        words, "at", "field.talk-at", inputs.moment(guidance.talk_at or working_morning(found.team, now))
    )
    return guidance.id


@form("close_guidance", "guidance", heading="press.close-guidance", submit="modal.end")
def close_form(words: Words, found: GuidanceView) -> Blocks:
    """Close guidance under a theme; it says whether somebody still waits for the promised answer."""
    guidance, rules = found.asked, found.team.rules
    unanswered = words("modal.close-guidance.unanswered", **about(words, found))
    themes = list(dict.fromkeys([*themes_of(found.team), guidance.theme]))
    if guidance.waits:
        yield section(unanswered)
    yield field(words, "theme", "field.theme", inputs.select(_named(words, themes), guidance.theme))
    yield section(words.count("modal.close-guidance.then", rules.outside_retention_days))
    return guidance.id


def _named(words: Words, themes: list[str]) -> list[Choice]:
    return [(key, theme(words, key)) for key in themes]


# --- asked in the room of a case


@form("ask_in_case", "case", heading=_ASKING, submit="modal.send")
def ask_in_case_form(words: Words, file: CaseFile, now: datetime) -> Blocks:
    """Ask the coordinators of the case. It says who will see it."""
    due = words.when(promised(now, file.team, file.team.rules.guidance_days), file.team.time_zone)
    who_sees = words("guidance-in-case.who-sees", code=escape(file.case.code), due=due)
    return _asking(words, file.case.id, who_sees)


@form("answer_in_case", "question", heading="press.answer-guidance", submit="modal.send")
def answer_in_case_form(words: Words, file: CaseFile, question: CaseQuestion) -> Blocks:
    intro = words("guidance-in-case.asked", **about_question(words, file, question))
    return _answering(words, question.id, intro, question.text, question.answer)
