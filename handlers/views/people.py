"""The forms about coordinators and about a person's own language."""

from __future__ import annotations

from typing import Any

from bot.domain.access import Action
from bot.domain.directory import Language
from bot.domain.errors import Invalid, Problem
from bot.usecases.change_coordinators import ChangeCoordinators, change_coordinators
from bot.usecases.door import enter_team
from bot.usecases.keep_profile import SetLanguage, set_language
from handlers.encounters import Submitted
from handlers.payloads import member


async def coordinators(submitted: Submitted) -> None:
    """Appoint and relieve; an app, a deactivated account or a guest cannot coordinate."""
    fields, team_id = submitted.fields, submitted.metadata
    await submitted.look(lambda uow, actor: enter_team(uow, actor, Action.KEEP_COORDINATORS, team_id))
    appointed = fields.user("appoint")
    if appointed is not None:
        user = await _account(submitted, appointed)
        if not _is_human(user):
            raise Invalid(Problem("appoint", "invalid.not-a-human"))
        if user.get("is_stranger") or user.get("is_restricted") or user.get("is_ultra_restricted"):
            raise Invalid(Problem("appoint", "invalid.a-guest"))
    command = ChangeCoordinators(team_id, appointed, fields.user("relieve"))
    await submitted.act(change_coordinators, command)
    await submitted.done()


async def is_human(submitted: Submitted, slack_id: str) -> bool:
    """Whether somebody chosen is a human with an active account."""
    return _is_human(await _account(submitted, slack_id))


async def _account(submitted: Submitted, slack_id: str) -> dict[str, Any]:
    answer = await submitted.client.users_info(user=slack_id)
    return answer.get("user") or {}


def _is_human(user: dict[str, Any]) -> bool:
    return user.get("id") != "USLACKBOT" and not (user.get("is_bot") or user.get("deleted"))


async def language(submitted: Submitted) -> None:
    """The language that was chosen."""
    chosen = member(Language, submitted.fields.needed("language"))
    await submitted.act(set_language, SetLanguage(chosen))
    await submitted.done()
