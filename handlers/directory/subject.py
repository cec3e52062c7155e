"""Agencies, their contacts and absences, coordinators, the roster."""

from __future__ import annotations

from bot.domain.access import Action
from handlers.deputies import modals as deputies_modals
from handlers.directory import actions, commands, messages, modals, roster, submissions
from handlers.slack.declarations import Button, Command, Form, Subject
from handlers.slack.vocabulary import Audience

DIRECTORY = Subject(
    "directory",
    commands=(
        Command("coordinator", Action.KEEP_COORDINATORS, Audience.COORDINATOR, commands.keep_coordinators),
        Command("roster", Action.SEE_ROSTER, Audience.ANYONE, commands.show_roster),
        Command("agency", (Action.KEEP_AGENCY, Action.SET_ABSENCE), Audience.CONTACT, commands.keep_agency),
    ),
    buttons=(
        Button(messages.APPROVE_CONTACT, Action.APPROVE_CONTACT, actions.approve_contact),
        Button(messages.REFUSE_CONTACT, Action.APPROVE_CONTACT, actions.refuse_contact),
        Button(roster.PRINT_ROSTER, Action.SEE_ROSTER, commands.page),
    ),
    forms=(
        Form(modals.CHOOSE_AGENCY, (Action.KEEP_AGENCY, Action.SET_ABSENCE), submissions.chosen),
        Form(modals.NEW_AGENCY, Action.ADD_AGENCY, submissions.new_agency),
        Form(modals.AGENCY, Action.KEEP_AGENCY, submissions.what),
        Form(modals.DUTY_LINE, Action.KEEP_AGENCY, submissions.duty_line),
        Form(modals.CONTACT, Action.KEEP_AGENCY, submissions.contact),
        Form(modals.ABSENCE, Action.SET_ABSENCE, submissions.own_absence),
        Form(deputies_modals.ABSENCE_DEPUTIES, Action.NAME_DEPUTY, submissions.absence_deputies),
        Form(modals.APPOINT, Action.KEEP_COORDINATORS, submissions.coordinators),
    ),
    notifications=messages.NOTIFICATIONS,
)
