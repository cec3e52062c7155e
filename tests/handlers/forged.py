"""Payloads that a person's client sends although the bot has not given it to them."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable

from sandbox.activity import render_message
from sandbox.exercises.runner import ExerciseRunner
from sandbox.model import Channel, Json, Message, View
from sandbox.serializers import view_json
from sandbox.server import Sandbox


async def submits(sandbox: Sandbox, user: str, view: View, values: Json | None = None) -> Json:
    """Submit a view of somebody else; return the answer, which this person's client does not carry out."""
    sent = copy.deepcopy(view)
    sent.values = copy.deepcopy(values) if values is not None else sent.values
    interactions = sandbox.interactions
    payload = interactions._interaction("view_submission", user) | {"view": view_json(sent, with_state=True)}
    delivery = await interactions._request("interactive", payload, answerable=True)
    return delivery.answer or {}


def said(answer: Json) -> str:
    """Return the text of the notice that answers a submission."""
    view = answer.get("view") or {"blocks": []}
    return "\n".join(b["text"]["text"] for b in view["blocks"] if b["type"] == "section")


async def presses(
    runner: ExerciseRunner, user: str, action: Json, act: Callable[..., Awaitable[None]] | None = None
) -> str:
    """Press a button in a message that never was; return the form that opens, or what they are told."""
    sandbox, workspace = runner.sandbox, runner.sandbox.workspace
    place = workspace.channels.setdefault(channel_of(user), Channel(channel_of(user), "", "im", user, 0))
    message = Message(workspace.new_ts(), place.id, workspace.bot.id, "")
    before = len(whispers(sandbox, user))
    action = {"type": "button", "block_id": "b"} | action
    await (act or sandbox.interactions.act_in_message)(user, message, action)
    await runner.until_idle()
    return opened(sandbox, user) or "\n".join(whispers(sandbox, user)[before:])


def channel_of(user: str) -> str:
    """Return the id of the conversation in which this person presses."""
    return f"D0{user}"


def opened(sandbox: Sandbox, user: str) -> str:
    """Return the text of the form that this person has open; empty if there is none."""
    modal = sandbox.person(sandbox.workspace.handle(user)).modal
    return str(modal.text) if modal is not None else ""


def whispers(sandbox: Sandbox, user: str) -> list[str]:
    """Return the bot's private answers to a person, anywhere, oldest first."""
    workspace = sandbox.workspace
    return [render_message(workspace, each) for each in workspace.ephemerals if each.user == user]
