"""Buttons that pause a case."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import worktime
from bot.domain.case.file import CaseFile
from bot.texts.words import Words
from bot.usecases.lifecycle.phases import see_paused
from handlers.blocks.modal import View
from handlers.lifecycle.modals import wait_form
from handlers.slack.requests import ActionRequest

_WEEKS = timedelta(weeks=4)


async def wait(request: ActionRequest) -> None:
    """Open the form that lets the case wait until a day."""
    here = await request.look(see_paused, request.value)
    await request.open(wait_form_of(request.words, here.file, request.now))


def wait_form_of(words: Words, file: CaseFile, now: datetime) -> View:
    """The form, with a day four weeks on, or the one that is set and still ahead."""
    today = now.astimezone(file.team.time_zone).date()
    pause = file.pause
    if pause is not None and pause.contact_on > today:
        return wait_form(words, file, pause.contact_on)
    return wait_form(words, file, worktime.add_working_days(today + _WEEKS, 0))
