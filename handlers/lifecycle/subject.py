"""The phases of a case, its pauses, and its end."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.notifications import Kind
from bot.usecases.authorization import enter_room
from bot.usecases.coordinating import decline_case
from bot.usecases.lifecycle import delete_unrecorded, see_pausable, see_undoing, see_unrecorded, undo_opening
from handlers.delivery.declarations import CaseMessage, PersonMessage
from handlers.lifecycle import giving, messages, modals, purge, reopening, requests, undoing, unrecorded
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, opened, opens, tap
from handlers.slack.vocabulary import Audience, Group, Place

LIFECYCLE = Subject(
    "lifecycle",
    commands=(
        Command("phase", Action.CHANGE_PHASE, Audience.ROOM, requests.phase),
        Command(
            "wait",
            Action.WAIT,
            Audience.ROOM,
            opened(
                see_pausable,
                modals.wait_form,
                "Help is not wanted now: the case waits until a day.",
                into=enter_room,
            ),
        ),
        Command("close", Action.CLOSE_CASE, Audience.ROOM, requests.close, ends=True, late=2),
        Command("reopen", Action.REOPEN_CASE, Audience.ROOM, reopening.by_word, closed=True),
    ),
    buttons=(
        Button(
            messages.WAIT, Action.WAIT, opens(see_pausable, modals.wait_form, "Let the case wait until a day")
        ),
        Button(reopening.REOPEN, Action.REOPEN_CASE, reopening.by_button),
        Button(reopening.REOPEN_OTHER, Action.REOPEN_CASE, reopening.ask_other),
        Button(
            unrecorded.DELETE_UNRECORDED,
            Action.DELETE_UNRECORDED,
            opens(see_unrecorded, unrecorded.delete_form, "Delete a case at once that waits to be on record"),
        ),
        Button(
            giving.GIVE,
            Action.GIVE_CASE,
            giving.open_form,
            place=Place("press.give", giving.to_give),
        ),
        Button(
            undoing.UNDO,
            Action.UNDO_OPENING,
            opens(see_undoing, undoing.undo_form, "Delete a case at once that was opened by mistake"),
            place=Place("press.undo", undoing.to_undo, danger=True),
        ),
        Button(giving.DECLINE_CASE, Action.DECLINE_CASE, tap(decline_case)),
    ),
    forms=(
        Form(modals.PHASE, Action.CHANGE_PHASE, requests.phase_filled_in),
        Form(modals.WAIT, Action.WAIT, requests.wait_filled_in),
        Form(modals.CLOSE, (Action.CLOSE_CASE, Action.CLOSE_PERSON), requests.close_filled_in),
        Form(reopening.REOPEN_FORM, Action.REOPEN_CASE, reopening.filled_in),
        Form(
            unrecorded.DELETE_FORM,
            Action.DELETE_UNRECORDED,
            does(delete_unrecorded, says="modal.deleting"),
        ),
        Form(undoing.UNDO_FORM, Action.UNDO_OPENING, does(undo_opening, says="modal.deleting")),
        Form(giving.GIVE_FORM, Action.GIVE_CASE, giving.submitted),
        Form(reopening.REOPEN_OTHER_FORM, Action.REOPEN_CASE, reopening.REOPENING.chosen),
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
    group=Group.CASE,
)
