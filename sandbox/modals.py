"""View stacks and Home tabs."""

from __future__ import annotations

import secrets

from sandbox.block_kit import elements
from sandbox.block_kit.elements import with_ids
from sandbox.model import Change, Json, View
from sandbox.workspace import Workspace


def show(ws: Workspace, user: str, view: Json, *, push: bool = False) -> View:
    """Open a modal for a person, as a new stack or, with `push`, on top of their stack."""
    stack = ws.stacks.get(user, []) if push else []
    view_id = ws.new_id("V")
    shown = View(
        id=view_id,
        user=user,
        payload=_payload(view),
        hash=_new_hash(ws),
        root_view_id=stack[0].id if stack else view_id,
        previous_view_id=stack[-1].id if stack else None,
    )
    shown.values = elements.initial_values(shown.blocks)
    ws.stacks[user] = [*stack, shown]
    ws.announce(Change("modal_shown", user=user, view=shown, detail="pushed" if stack else "opened"))
    return shown


def update(ws: Workspace, view: View, payload: Json) -> View:
    """Replace a view's content. Values that the person filled in are kept where the inputs are the same."""
    view.payload = _payload(payload)
    view.hash = _new_hash(ws)
    view.errors = {}
    view.values = elements.carried_values(view.blocks, view.values)
    if view.payload["type"] == "home":
        ws.announce(Change("home_published", user=view.user, view=view))
    else:
        ws.announce(Change("modal_shown", user=view.user, view=view, detail="updated"))
    return view


def publish(ws: Workspace, user: str, payload: Json) -> View:
    home = ws.homes.get(user)
    if home is not None:
        return update(ws, home, payload)
    view_id = ws.new_id("V")
    home = View(view_id, user, _payload(payload), _new_hash(ws), root_view_id=view_id)
    home.values = elements.initial_values(home.blocks)
    ws.homes[user] = home
    ws.announce(Change("home_published", user=user, view=home))
    return home


def close_top(ws: Workspace, user: str) -> None:
    """Close the top view, and show the one below it again."""
    stack = ws.stacks[user]
    closed = stack.pop()
    if not stack:
        del ws.stacks[user]
    ws.announce(Change("modal_closed", user=user, view=closed))


def clear(ws: Workspace, user: str) -> None:
    for closed in reversed(ws.stacks.pop(user, [])):
        ws.announce(Change("modal_closed", user=user, view=closed))


def top(ws: Workspace, user: str) -> View | None:
    """Return the modal that the person sees, if any."""
    stack = ws.stacks.get(user)
    return stack[-1] if stack else None


def _payload(view: Json) -> Json:
    return {
        "type": view["type"],
        "title": view.get("title"),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "blocks": with_ids(view["blocks"]),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "clear_on_close": view.get("clear_on_close") is True,
    }


def _new_hash(ws: Workspace) -> str:
    return f"{ws.seconds()}.{secrets.token_hex(4)}"
