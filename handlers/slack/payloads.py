"""Payloads from Slack: unused fields are ignored, used fields are parsed strictly.

A payload that cannot be read raises `Unreadable`: only a forger or a changed Slack sends one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import TotError

log = structlog.get_logger("handlers")
M = TypeVar("M", bound="Payload")
E = TypeVar("E", bound=StrEnum)
#: Nobody is called to sit for more than a working day.
_LONGEST = 8 * 60


class Unreadable(TotError):
    """The payload is not what the bot's own buttons and forms send."""


class Payload(BaseModel):
    """Base of all payloads from Slack."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Payload):
    """The sender; Slack names the workspace of the account, except in commands."""

    id: str
    team_id: str | None = None


class CommandBody(Payload):
    """A slash command."""

    user_id: str
    channel_id: str
    trigger_id: str
    text: str = ""

    @property
    def user(self) -> User:
        return User(id=self.user_id)


class ShortcutBody(Payload):
    """A global shortcut."""

    user: User
    callback_id: str
    trigger_id: str


class Option(Payload):
    value: str


class PressedAction(Payload):
    """The one action of a block_actions payload."""

    action_id: str
    action_ts: str = ""
    value: str | None = None
    selected_option: Option | None = None

    @property
    def chosen(self) -> str | None:
        """The button's value, or the value of the chosen option."""
        return self.selected_option.value if self.selected_option is not None else self.value


class Container(Payload):
    """The place of the button."""

    type: str = ""
    message_ts: str | None = None
    view_id: str | None = None


class Channel(Payload):
    id: str


class StateValue(Payload):
    """The value of one field."""

    value: str | None = None
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] | None = None
    selected_date_time: int | None = None
    selected_date: str | None = None
    selected_user: str | None = None


class View(Payload):
    """A submitted modal, or the modal or Home that a button is in; `type` tells which.

    `hash` changes each time that it is drawn.
    """

    id: str
    type: str = ""
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    state: dict[str, Any] = {}
    blocks: tuple[dict[str, Any], ...] = ()

    @property
    def inputs(self) -> list[str]:
        """The block_ids of the fields: errors can be shown only at these."""
        return [str(b.get("block_id")) for b in self.blocks if b.get("type") == "input"]


class ActionBody(Payload):
    """A button, select or menu was used; `view` is the form or Home that it is in."""

    user: User
    trigger_id: str = ""
    actions: tuple[PressedAction, ...] = Field(min_length=1)
    container: Container = Container()
    channel: Channel | None = None
    view: View | None = None


class SubmissionBody(Payload):
    """A modal was submitted."""

    user: User
    view: View


def read(model: type[M], body: Mapping[str, Any]) -> M:
    """Return the payload as its model.

    Raises:
        Unreadable: the payload does not fit the model.
    """
    try:
        return model.model_validate(body)
    except ValidationError:
        # The error quotes the payload, so it must not be chained.
        log.warning("payload.unreadable", model=model.__name__)
        raise Unreadable from None


class Fields:
    """The submitted values, by block_id; each block has one field.

    A value that the bot's own forms do not send raises Unreadable.
    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        values = state.get("values") or {}
        self._values = {
            block_id: next(iter(by_action.values())) for block_id, by_action in values.items() if by_action
        }

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def _of(self, name: str) -> StateValue:
        return read(StateValue, self._values.get(name, {}))

    def text(self, name: str) -> str:
        return self._of(name).value or ""

    def said(self, name: str) -> str | None:
        """Return the text or the choice of a field: empty for a text left empty, None for nothing chosen."""
        found = self._of(name)
        if found.selected_option is not None:
            return found.selected_option.value
        written = "value" in found.model_fields_set
        return (found.value or "") if written else found.selected_user

    def option(self, name: str) -> str | None:
        option = self._of(name).selected_option
        return option.value if option is not None else None

    def options(self, name: str) -> tuple[str, ...]:
        return tuple(o.value for o in self._of(name).selected_options or ())

    def needed(self, name: str) -> str:
        """Return the chosen option's value in a field that Slack requires."""
        value = self.option(name)
        if value is None:
            raise Unreadable
        return value

    def choice(self, name: str, kind: type[E]) -> E | None:
        """Return the chosen option as a member of an enum."""
        value = self.option(name)
        return member(kind, value) if value is not None else None

    def user(self, name: str) -> str | None:
        return self._of(name).selected_user

    def number(self, name: str) -> int | None:
        try:
            return int(self.text(name)[:10])
        except ValueError:
            return None

    def minutes(self, name: str) -> int:
        """Return a chosen duration in minutes, at most a working day."""
        value = self.needed(name)
        if not value.isdecimal() or not 0 < int(value[:5]) <= _LONGEST:
            raise Unreadable
        return int(value)

    def day(self, name: str) -> date | None:
        """Return a picked day, or None."""
        picked = self._of(name).selected_date
        if not picked:
            return None
        try:
            return date.fromisoformat(picked)
        except ValueError:
            raise Unreadable from None

    def moment(self, name: str) -> datetime:
        """Return a picked time, as an aware UTC datetime."""
        return moment(self._of(name).selected_date_time)

    def moment_or_none(self, name: str) -> datetime | None:
        """Return a picked time, or None if the field is empty or not in the form."""
        picked = self._of(name).selected_date_time
        return moment(picked) if picked else None


def moment(seconds: int | str | None) -> datetime:
    """Return UNIX seconds as an aware UTC datetime."""
    try:
        return datetime.fromtimestamp(int(seconds or ""), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable from None


def member(kind: type[E], value: str) -> E:
    """Return the member of an enum with this value."""
    try:
        return kind(value)
    except ValueError:
        raise Unreadable from None


def asked(value: str) -> tuple[str, int]:
    """Return the id and the sequence number of a value that `elements.as_asked` made."""
    id, _, sequence = value.partition("|")
    if not (sequence.isascii() and sequence.isdigit()):
        raise Unreadable
    return id, int(sequence)
