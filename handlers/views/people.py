"""The forms about coordinators and about a person's own language."""

from __future__ import annotations

from bot.domain.directory import Language
from bot.domain.errors import Invalid, Problem
from bot.usecases.change_coordinators import ChangeCoordinators, change_coordinators
from bot.usecases.keep_profile import SetLanguage, set_language
from handlers.encounters import Submitted
from handlers.payloads import member


async def coordinators(submitted: Submitted) -> None:
    """Appoint and relieve; an app or a deactivated account cannot coordinate."""
    fields = submitted.fields
    appointed = fields.user("appoint")
    if appointed is not None and not await is_human(submitted, appointed):
        raise Invalid(Problem("appoint", "invalid.not-a-human"))
    command = ChangeCoordinators(submitted.metadata, appointed, fields.user("relieve"))
    await submitted.act(change_coordinators, command)
    await submitted.done()


async def is_human(submitted: Submitted, slack_id: str) -> bool:
    answer = await submitted.client.users_info(user=slack_id)
    user = answer.get("user") or {}
    return slack_id != "USLACKBOT" and not (user.get("is_bot") or user.get("deleted"))


async def language(submitted: Submitted) -> None:
    """The language that was chosen."""
    chosen = member(Language, submitted.fields.needed("language"))
    await submitted.act(set_language, SetLanguage(chosen))
    await submitted.done()
