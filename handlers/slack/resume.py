"""«Fortsett der du slapp»: a form that failed, or was never sent, is offered again as it was filled in.

Text that was typed but never submitted is unknown: Slack does not send it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import structlog

from bot.domain.guard import find_forbidden
from bot.texts.words import Words
from bot.usecases.ports import Draft
from bot.usecases.review import find_form, forget_form, form_of, keep_form
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, actions, button, context, section
from handlers.blocks.modal import View
from handlers.slack.services import Services, Visitor

log = structlog.get_logger("handlers")
RESUME = ActionId("resume", "draft")
_KEPT = ("type", "callback_id", "private_metadata", "title", "submit", "close")
#: Prefix of the block_id that tells from which draft a form was opened again.
_MARK = "resumed:"
_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_date_time": "initial_date_time",
    "selected_user": "initial_user",
}


def form_to_keep(view: Mapping[str, Any], today: date) -> str | None:
    """Return the form, as JSON, with the submitted values as initial values; None if it has no fields.

    Texts that the guard refuses are left out.
    """
    blocks = [b for b in view.get("blocks") or [] if not str(b.get("block_id", "")).startswith(_MARK)]
    if not any(block.get("type") == "input" for block in blocks):
        return None
    values = (view.get("state") or {}).get("values") or {}
    kept = {name: view[name] for name in _KEPT if view.get(name)}
    kept["blocks"] = [_filled(block, values, today) for block in blocks]
    return json.dumps(kept, ensure_ascii=False)


def _filled(block: Block, values: Mapping[str, Any], today: date) -> Block:
    if block.get("type") != "input":
        return block
    element = {k: v for k, v in block["element"].items() if k not in _INITIAL.values()}
    state = (values.get(str(block.get("block_id"))) or {}).get(element.get("action_id")) or {}
    for name, initial in _INITIAL.items():
        value = state.get(name)
        if not value or (isinstance(value, str) and name == "value" and find_forbidden(value, today=today)):
            continue
        element[initial] = value
    return block | {"element": element}


async def keep(services: Services, visitor: Visitor, view: Mapping[str, Any]) -> str | None:
    """Keep a form that failed. Return its draft's id, or that of the form below a review, or None.

    An error here is only logged, so that the person is still told why the form failed.
    """
    try:
        key, form = str(view["id"]), form_to_keep(view, services.clock.now().date())
        if form is not None:
            return await services.database.write(lambda uow: keep_form(uow, visitor.actor(uow), key, form))
        id = form_of(str(view.get("private_metadata") or ""))
        found = await services.database.read(lambda uow: find_form(uow, visitor.actor(uow), id))
        return id if found is not None else None
    except Exception as failure:
        log.warning("drafts.not_kept", error=type(failure).__name__)
        return None


async def forget(services: Services, visitor: Visitor, view_blocks: Sequence[Block]) -> None:
    """Delete the draft from which a form was opened again, now that the form has succeeded.

    An error here is only logged: the act is done, and the draft is deleted when it is old.
    """
    marks = (str(block.get("block_id", "")) for block in view_blocks)
    resumed = [mark.removeprefix(_MARK) for mark in marks if mark.startswith(_MARK)]
    if resumed:
        id = resumed[0]
        try:
            await services.database.write(lambda uow: forget_form(uow, visitor.actor(uow), id))
        except Exception as failure:
            log.warning("drafts.not_forgotten", error=type(failure).__name__)


def offer(words: Words, draft_id: str) -> list[Block]:
    return [
        actions(button(words("press.resume"), RESUME, draft_id, primary=True)),
        context(words("said.resume")),
    ]


def opened_again(words: Words, draft_id: str, form: str) -> View:
    """Return the kept form as it was filled in."""
    view: View = json.loads(form)
    said = context(words("said.resumed")) | {"block_id": f"{_MARK}{draft_id}"}
    return view | {"blocks": [said, *view["blocks"]][:100]}


def left_off(words: Words, draft: Draft, clock: str) -> list[Block]:
    """Return Home's blocks about a form that the person has not finished."""
    title = str((json.loads(draft.data).get("title") or {}).get("text", ""))
    return [section(words("home.unfinished", form=escape(title), clock=clock)), *offer(words, draft.id)]
