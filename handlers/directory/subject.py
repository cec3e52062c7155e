"""Agencies, their contacts and absences, coordinators, the roster."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.directory.agencies import decide_contact, keep_duty_line
from handlers.directory import messages, modals, requests, roster
from handlers.slack.declarations import Button, Subject, Verb
from handlers.slack.verbs import tap
from handlers.slack.vocabulary import Command

DIRECTORY = Subject(
    verbs=(
        Verb(
            Action.KEEP_COORDINATORS,
            modals.coordinators_form,
            requests.coordinators,
            requests.COORDINATORS,
            word="coordinator",
        ),
        Command("roster", Action.SEE_ROSTER, requests.show_roster),
        Verb(
            (Action.KEEP_AGENCY, Action.SET_ABSENCE),
            modals.choose_agency,
            requests.chosen,
            word="agency",
            typed=requests.keep_agency,
        ),
        Button(messages.APPROVE_CONTACT, Action.APPROVE_CONTACT, tap(decide_contact, approve=True)),
        Button(messages.REFUSE_CONTACT, Action.APPROVE_CONTACT, tap(decide_contact, approve=False)),
        Button(roster.PRINT_ROSTER, Action.SEE_ROSTER, requests.page),
        Verb(Action.ADD_AGENCY, modals.new_agency_form, requests.new_agency),
        Verb(Action.KEEP_AGENCY, modals.agency_form, requests.what),
        Verb(Action.KEEP_AGENCY, modals.duty_line_form, keep_duty_line),
        Verb(Action.KEEP_AGENCY, modals.contact_form, requests.contact),
        Verb(Action.SET_ABSENCE, modals.absence, requests.own_absence),
    ),
    notifications=messages.NOTIFICATIONS,
)
