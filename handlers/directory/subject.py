"""Agencies, their contacts and absences, coordinators, the roster."""

from __future__ import annotations

from bot.domain.access import Action
from bot.usecases.directory.agencies import decide_contact, keep_duty_line
from handlers.deputies import modals as deputies_modals
from handlers.directory import messages, modals, requests, roster
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.verbs import does, tap
from handlers.slack.vocabulary import Audience

DIRECTORY = Subject(
    "directory",
    commands=(
        Command("coordinator", Action.KEEP_COORDINATORS, Audience.COORDINATOR, requests.keep_coordinators),
        Command("roster", Action.SEE_ROSTER, Audience.ANYONE, requests.show_roster),
        Command("agency", (Action.KEEP_AGENCY, Action.SET_ABSENCE), Audience.CONTACT, requests.keep_agency),
    ),
    buttons=(
        Button(messages.APPROVE_CONTACT, Action.APPROVE_CONTACT, tap(decide_contact, approve=True)),
        Button(messages.REFUSE_CONTACT, Action.APPROVE_CONTACT, tap(decide_contact, approve=False)),
        Button(roster.PRINT_ROSTER, Action.SEE_ROSTER, requests.page),
    ),
    forms=(
        Form(modals.CHOOSE_AGENCY, (Action.KEEP_AGENCY, Action.SET_ABSENCE), requests.chosen),
        Form(modals.NEW_AGENCY, Action.ADD_AGENCY, requests.new_agency),
        Form(modals.AGENCY, Action.KEEP_AGENCY, requests.what),
        Form(modals.DUTY_LINE, Action.KEEP_AGENCY, does(keep_duty_line)),
        Form(modals.CONTACT, Action.KEEP_AGENCY, requests.contact),
        Form(modals.ABSENCE, Action.SET_ABSENCE, requests.own_absence),
        Form(deputies_modals.ABSENCE_DEPUTIES, Action.NAME_DEPUTY, requests.absence_deputies),
        Form(modals.APPOINT, Action.KEEP_COORDINATORS, requests.coordinators),
    ),
    notifications=messages.NOTIFICATIONS,
)
