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
from handlers.outsiders import Account, account
from handlers.payloads import member


async def coordinators(submitted: Submitted) -> None:
    """Appoint and relieve; an app, a deactivated account or a guest cannot coordinate."""
    fields, team_id = submitted.fields, submitted.metadata
    await submitted.look(lambda uow, actor: enter_team(uow, actor, Action.KEEP_COORDINATORS, team_id))
    appointed = fields.user("appoint")
    if appointed is not None:
        user = await _user(submitted, appointed)
        _check_human(user, "appoint")
        if account(user, submitted.services.workspace_id) is not Account.MEMBER:
            raise Invalid(Problem("appoint", "invalid.a-guest"))
    command = ChangeCoordinators(team_id, appointed, fields.user("relieve"))
    await submitted.act(change_coordinators, command)
    await submitted.done()


async def check_chosen(submitted: Submitted, field: str, slack_id: str) -> None:
    """Let a human with an active account in this workspace be chosen, guests too.

    Raises:
        Invalid: an app, a closed account, or one of another workspace, which is refused everything.
    """
    user = await _user(submitted, slack_id)
    _check_human(user, field)
    if account(user, submitted.services.workspace_id) is Account.OUTSIDE:
        raise Invalid(Problem(field, "invalid.from-outside"))


async def _user(submitted: Submitted, slack_id: str) -> dict[str, Any]:
    answer = await submitted.client.users_info(user=slack_id)
    return answer.get("user") or {}


def _check_human(user: dict[str, Any], field: str) -> None:
    if user.get("id") == "USLACKBOT" or user.get("is_bot") or user.get("deleted"):
        raise Invalid(Problem(field, "invalid.not-a-human"))


async def language(submitted: Submitted) -> None:
    """The language that was chosen."""
    chosen = member(Language, submitted.fields.needed("language"))
    await submitted.act(set_language, SetLanguage(chosen))
    await submitted.done()
