"""The phases of a case, its pauses, and its end."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.notifications import Kind
from handlers.delivery.declarations import CaseMessage, PersonMessage
from handlers.lifecycle import (
    actions,
    commands,
    giving,
    messages,
    modals,
    purge,
    reopening,
    submissions,
    undoing,
    unrecorded,
)
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

LIFECYCLE = Subject(
    "lifecycle",
    commands=(
        Command("phase", Action.CHANGE_PHASE, Audience.ROOM, commands.change_phase),
        Command("wait", Action.WAIT, Audience.ROOM, commands.pause_case),
        Command("close", Action.CLOSE_CASE, Audience.ROOM, commands.close_case, ends=True),
        Command("reopen", Action.REOPEN_CASE, Audience.ROOM, reopening.by_word),
    ),
    buttons=(
        Button(messages.WAIT, Action.WAIT, actions.wait),
        Button(reopening.REOPEN, Action.REOPEN_CASE, reopening.by_button),
        Button(reopening.REOPEN_OTHER, Action.REOPEN_CASE, reopening.ask_other),
        Button(unrecorded.DELETE_UNRECORDED, Action.DELETE_UNRECORDED, unrecorded.open_form),
        Button(undoing.UNDO, Action.UNDO_OPENING, undoing.open_form),
        Button(giving.GIVE, Action.GIVE_CASE, giving.open_form),
        Button(giving.DECLINE_CASE, Action.DECLINE_CASE, giving.decline),
    ),
    forms=(
        Form(modals.PHASE, Action.CHANGE_PHASE, submissions.phase),
        Form(modals.WAIT, Action.WAIT, submissions.waits),
        Form(modals.CLOSE, (Action.CLOSE_CASE, Action.CLOSE_PERSON), submissions.close),
        Form(reopening.REOPEN_FORM, Action.REOPEN_CASE, reopening.filled_in),
        Form(unrecorded.DELETE_FORM, Action.DELETE_UNRECORDED, unrecorded.submitted),
        Form(undoing.UNDO_FORM, Action.UNDO_OPENING, undoing.submitted),
        Form(giving.GIVE_FORM, Action.GIVE_CASE, giving.submitted),
        Form(reopening.REOPEN_OTHER_FORM, Action.REOPEN_CASE, reopening.other_chosen),
        Form(reopening.REOPEN_REVIEW, Action.REOPEN_CASE, reopening.REOPENING.send),
    ),
    notifications=(
        *messages.NOTIFICATIONS,
        CaseMessage(Kind.CASE_REOPENED, reopening.case_reopened),
        CaseMessage(Kind.CASE_OFFERED, giving.case_offered),
        CaseMessage(Kind.OFFER_ANSWERED, giving.offer_answered),
        PersonMessage(Kind.UNDONE, undoing.told_of_undoing),
        purge.PURGE,
    ),
)
