"""Agencies, their contacts and absences, coordinators, the roster."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.authorization import enter_team
from bot.usecases.directory.agencies import (
    add_agency,
    decide_contact,
    keep_contact,
    keep_duty_line,
    see_agencies,
    see_agency,
    see_contact,
    see_own_contact,
    set_absence,
)
from bot.usecases.directory.coordinators import change_coordinators
from handlers.directory import messages, modals, requests, roster
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Command

DIRECTORY = Subject(
    verbs=(
        Verb(
            Action.KEEP_COORDINATORS,
            modals.coordinators_form,
            change_coordinators,
            requests.COORDINATORS,
            word="coordinator",
        ),
        Command("roster", Action.SEE_ROSTER, requests.show_roster),
        Verb(
            (Action.KEEP_AGENCY, Action.SET_ABSENCE),
            modals.agency_form,
            None,
            see_agency,
            word="agency",
            typed=requests.keep_agency,
            among=(see_agencies, modals.choose_agency),
        ),
        Button(messages.APPROVE_CONTACT, Action.APPROVE_CONTACT, tap(decide_contact, approve=True)),
        Button(messages.REFUSE_CONTACT, Action.APPROVE_CONTACT, tap(decide_contact, approve=False)),
        Button(roster.PRINT_ROSTER, Action.SEE_ROSTER, requests.page),
        Verb(
            Action.ADD_AGENCY,
            modals.new_agency_form,
            add_agency,
            enter_team,
            modals.NEW_AGENCY,
            says=modals.agency_form,
        ),
        Verb(Action.KEEP_AGENCY, modals.duty_line_form, keep_duty_line, see_agency, modals.DUTY_LINE),
        Verb(
            Action.KEEP_AGENCY,
            modals.contact_form,
            keep_contact,
            see_contact,
            modals.CONTACT,
            says=modals.absence_receipt,
        ),
        Verb(
            Action.SET_ABSENCE,
            modals.absence,
            set_absence,
            see_own_contact,
            modals.ABSENCE,
            says=modals.absence_receipt,
        ),
    ),
    notifications=messages.NOTIFICATIONS,
)
