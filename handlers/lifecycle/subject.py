"""The phases of a case, its pauses, and its end."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Case
from bot.domain.notifications import Kind
from bot.usecases import lifecycle
from bot.usecases.coordinating import give_case, see_giving
from handlers.delivery.declarations import CaseMessage, PersonMessage
from handlers.lifecycle import giving, messages, modals, purge, reopening, undoing
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Group, Place

LIFECYCLE = Subject(
    verbs=(
        Verb(
            Action.CHANGE_PHASE,
            modals.phase_form,
            lifecycle.change_phase,
            Case,
            word="phase",
            none=modals.NO_RHYTHM,
        ),
        Verb(
            Action.WAIT,
            modals.wait_form,
            lifecycle.pause_case,
            Case,
            messages.WAIT,
            word="wait",
        ),
        Verb(
            Action.CLOSE_CASE,
            modals.close_form,
            lifecycle.close_for,
            lifecycle.see_closing,
            word="close",
            submit=(Action.CLOSE_CASE, Action.CLOSE_PERSON),
            says=modals.closed_text,
            none=modals.WHOLE_CASE,
        ),
        Verb(
            Action.REOPEN_CASE,
            reopening.reopen_form,
            reopening.REOPENING,
            lifecycle.see_reopenable,
            reopening.REOPEN,
            word="reopen",
        ),
        Verb(
            Action.GIVE_CASE,
            giving.give_form,
            give_case,
            see_giving,
            giving.GIVE,
            place=Place("press.give", giving.to_give),
            says="modal.give.done",
            none=giving.NOBODY,
        ),
        Verb(
            Action.UNDO_OPENING,
            undoing.undo_form,
            lifecycle.undo_opening,
            lifecycle.see_undoing,
            undoing.UNDO,
            place=Place("press.undo", undoing.to_undo, danger=True),
            says="modal.deleting",
        ),
        Button(
            messages.TAKE_UP,
            Action.WAIT,
            tap(lifecycle.take_up_case),
            place=Place("press.take-up", messages.to_take_up),
        ),
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
