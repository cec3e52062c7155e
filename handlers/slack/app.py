"""Registration of every Bolt listener, from the declarations of the subjects."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from bot.domain.errors import Refusal, Refused
from handlers.slack import bolt_adapters as bolt
from handlers.slack.accounts import people_only
from handlers.slack.declarations import COMMAND, Button, Subjects, Verb
from handlers.slack.payloads import ActionBody, CommandBody, ShortcutBody, SubmissionBody, Unreadable
from handlers.slack.requests import ActionRequest, SubmissionRequest
from handlers.slack.services import Services

_ANYTHING = re.compile("")


def register(app: AsyncApp, services: Services, subjects: Subjects) -> None:
    """Register every listener.

    Bolt tries its listeners one after another, so shortcuts, buttons and forms have one listener each, which
    looks the id up.
    """
    pressed = {str(b.id): _listed(b, subjects.lists) for b in (*subjects.buttons, *subjects.choices)}
    submitted = {str(form.id): form.run for form in subjects.forms}
    app.error(bolt.unforeseen)
    app.middleware(people_only(services.workspace_id))
    app.command(COMMAND)(bolt.listener(services, "command", CommandBody, bolt.command, {}, subjects.typed))
    app.shortcut(_ANYTHING)(
        bolt.listener(services, "shortcut", ShortcutBody, bolt.shortcut, pressed, _unknown)
    )
    app.action(_ANYTHING)(bolt.listener(services, "action", ActionBody, bolt.action, pressed, _unknown))
    app.view(_ANYTHING)(
        bolt.listener(services, "view", SubmissionBody, bolt.submission, submitted, _unknown_form)
    )
    for event in subjects.events:
        bolt.on_event(app, services, event.kind, event.model, event.run)


def _listed(button: Button, lists: Mapping[str, Verb]) -> Callable[[ActionRequest], Awaitable[None]]:
    """Return the handler of a button; a list in which it is pressed then shows what that has changed."""

    async def press(request: ActionRequest) -> None:
        await button.run(request)
        view = request.view
        if view is not None and view.callback_id in lists and not request.shown:
            await lists[view.callback_id].show_again(request, view.private_metadata)

    return press


async def _unknown(request: ActionRequest) -> None:
    """Refuse an outdated or forged button. A link's button carries no value and needs no answer."""
    if request.value:
        raise Refused(Refusal.NO_LONGER_ASKED)


async def _unknown_form(request: SubmissionRequest) -> None:
    raise Unreadable
