"""Requests about an agency's part: its menu, the review of an invitation."""

from __future__ import annotations

from bot.domain.access import Action
from bot.domain.case.entities import Involvement
from bot.usecases.authorization import enter_lasting
from bot.usecases.involvement.agencies import INVITE_AGENCY
from handlers.involvement import modals
from handlers.slack.payloads import Unreadable
from handlers.slack.requests import ActionRequest
from handlers.slack.review import ReviewedForm


async def involvement(request: ActionRequest, choice: str, involvement_id: str) -> None:
    """Change an agency's part, end it, or ask an expected one."""
    here, part = await request.look(enter_lasting, Action.CHANGE_INVOLVEMENT, Involvement, involvement_id)
    words, file = request.words, here.file()
    match choice:
        case "change":
            view = modals.involvement_form(words, file, part)
        case "release":
            view = modals.release_review(words, file, part)
        case "ask":
            agency = file.agencies[part.agency_id]
            view = modals.invite_form(words, file, [agency], part.persons, typed=agency.shown_name)
        case _:
            raise Unreadable
    await request.open(view)


INVITATION = ReviewedForm(INVITE_AGENCY, modals.invite_review, modals.INVITE_OTHER)
