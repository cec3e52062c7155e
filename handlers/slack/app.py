"""Registration of every Bolt listener, from the declarations of the subjects."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from bot.domain.errors import Refusal, Refused
from handlers.slack.bolt_adapters import on_action, on_command, on_event, on_shortcut, on_submission
from handlers.slack.commands import COMMAND, tot
from handlers.slack.declarations import Subjects
from handlers.slack.guest_middleware import guest_middleware, people_only
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest, ShortcutRequest, SubmissionRequest
from handlers.slack.services import Services
from handlers.slack.unforeseen import error_handler

_ANYTHING = re.compile("")


def register(app: AsyncApp, services: Services, subjects: Subjects) -> None:
    """Register every listener.

    Bolt tries its listeners one after another, so shortcuts, buttons and forms have one listener each, which
    looks the id up.
    """
    used = {shortcut.id: shortcut.run for shortcut in subjects.shortcuts}
    pressed = {str(button.id): button.run for button in (*subjects.buttons, *subjects.choices)}
    submitted = {str(form.id): form.run for form in subjects.forms}
    app.error(error_handler(services, subjects.listeners))
    app.middleware(people_only(services.workspace_id))
    app.middleware(guest_middleware(services))
    app.command(COMMAND)(on_command(services, tot(subjects)))
    app.shortcut(_ANYTHING)(on_shortcut(services, lambda id: used.get(id, _unknown_shortcut)))
    app.action(_ANYTHING)(on_action(services, lambda id: pressed.get(id, _unknown_button)))
    app.view(_ANYTHING)(on_submission(services, lambda id: submitted.get(id, _unknown_form)))
    for event in subjects.events:
        on_event(app, services, event.kind, event.model, event.run)


async def _unknown_button(request: ActionRequest) -> None:
    """Refuse an outdated or forged button. A link's button carries no value and needs no answer."""
    if request.value:
        raise Refused(Refusal.NO_LONGER_ASKED)


async def _unknown_shortcut(request: ShortcutRequest) -> None:
    raise Refused(Refusal.NO_LONGER_ASKED)


async def _unknown_form(request: SubmissionRequest) -> None:
    raise Unreadable
