"""Payloads from Slack: unused fields are ignored, used fields are parsed strictly.

A payload that cannot be read raises `Unreadable`: only a forger or a changed Slack sends one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.errors import CodedError

log = structlog.get_logger("handlers")
M = TypeVar("M", bound="Payload")
T = TypeVar("T")
#: Nobody is called to sit for more than a working day.
_LONGEST = 8 * 60


class Unreadable(CodedError):
    """The payload is not what the bot's own buttons and forms send."""

    def __init__(self) -> None:
        super().__init__("refused.unreadable")


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


class StateValue(Payload):
    """The value of one field."""

    value: str | None = None
    selected_option: Option | None = None
    selected_options: tuple[Option, ...] | None = None
    selected_date_time: int | None = None
    selected_date: str | None = None
    selected_user: str | None = None

    @property
    def chosen(self) -> str | None:
        """The text, the button's value, or the value of the chosen option."""
        return self.selected_option.value if self.selected_option is not None else self.value


class PressedAction(StateValue):
    """The one action of a block_actions payload."""

    action_id: str
    action_ts: str = ""


class Container(Payload):
    """The place of the button, if that is a message."""

    message_ts: str | None = None


class Channel(Payload):
    id: str


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


#: How values are read that are not of a type that reads them itself: times are UNIX seconds.
_READ: Mapping[Any, Callable[[str], Any]] = {
    datetime: lambda text: datetime.fromtimestamp(int(text), UTC),
    date: date.fromisoformat,
}


def parsed(text: str, kind: type[T]) -> T:
    """Return what one of the bot's own values means: a time (aware, UTC), a day, a number, an enum's member.

    Raises:
        Unreadable: it means nothing of this type.
    """
    read_as: Any = _READ.get(kind, kind)
    try:
        found: T = read_as(text)
    except (ValueError, OverflowError, OSError):
        raise Unreadable from None
    return found


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

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return the one value of a field as this type; None if it has none or is not in the form.

        A text field that is left empty has the empty text.
        """
        found = self._of(name)
        picked = (found.chosen, found.selected_date, found.selected_date_time, found.selected_user)
        written = next((str(each) for each in picked if each), "")
        is_text = kind is str and "value" in found.model_fields_set
        return parsed(written, kind) if written or is_text else None

    def needed(self, name: str, kind: type[T]) -> T:
        """As `get`, for a field that Slack requires."""
        found = self.get(name, kind)
        if found is None:
            raise Unreadable
        return found

    def option(self, name: str) -> str | None:
        return self.get(name, str)

    def text(self, name: str) -> str:
        return self.get(name, str) or ""

    def options(self, name: str) -> tuple[str, ...]:
        return tuple(o.value for o in self._of(name).selected_options or ())

    def minutes(self, name: str) -> int:
        """Return a chosen duration in minutes, at most a working day."""
        minutes = self.needed(name, int)
        if not 0 < minutes <= _LONGEST:
            raise Unreadable
        return minutes


def asked(value: str) -> tuple[str, int]:
    """Return the id and the sequence number of a value that `elements.as_asked` made."""
    id, _, sequence = value.partition("|")
    return id, parsed(sequence, int)
