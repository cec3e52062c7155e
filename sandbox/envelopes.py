"""Envelopes of Socket Mode, and how they were acknowledged."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Literal

from sandbox.model import Json

EnvelopeType = Literal["events_api", "slash_commands", "interactive"]


@dataclass
class Attempt:
    """One envelope sent over one socket."""

    envelope_id: str
    socket: int
    sent: float
    retry_attempt: int | None = None
    retry_reason: str = ""
    acked_after: float | None = None
    """Real seconds from sending to the acknowledgement, or None."""
    lost: bool = False
    """The socket it went over closed before it was acknowledged, or the time for that ran out."""


@dataclass
class Delivery:
    """One payload for the app, however many envelopes it took."""

    type: EnvelopeType
    payload: Json
    accepts_response_payload: bool = False
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    answer: Json | None = None
    """What the first acknowledgement carried."""
    gave_up: bool = False
    """No acknowledgement in time, and it will not be sent again."""
    settled: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    @property
    def over(self) -> bool:
        """True when nothing more is awaited: given up, or acknowledged in every copy that can still be."""
        copies = all(attempt.acked_after is not None or attempt.lost for attempt in self.attempts)
        return self.gave_up or (self.acked and copies)

    @property
    def name(self) -> str:
        """What it is: the event type, the command, or the interaction type."""
        if self.type == "events_api":
            return str(self.payload["event"]["type"])
        return str(self.payload.get("command") or self.payload["type"])

    def envelope(self, socket: int, retry_attempt: int | None, retry_reason: str) -> tuple[Attempt, Json]:
        """A fresh envelope around the payload."""
        attempt = Attempt(str(uuid.uuid4()), socket, time.monotonic(), retry_attempt, retry_reason)
        self.attempts.append(attempt)
        envelope: Json = {
            "envelope_id": attempt.envelope_id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": self.accepts_response_payload,
        }
        if retry_attempt is not None:
            envelope |= {"retry_attempt": retry_attempt, "retry_reason": retry_reason}
        return attempt, envelope

    def acknowledge(self, attempt: Attempt, answer: Json | None) -> None:
        """Notes an acknowledgement; only the first one's answer counts."""
        if attempt.acked_after is None:
            attempt.acked_after = time.monotonic() - attempt.sent
        if not self.acked and not self.gave_up:
            self.acked = True
            self.answer = answer
        self.settled.set()

    @property
    def lost(self) -> bool:
        """True when no acknowledgement can come any more of what was sent so far."""
        return all(attempt.lost for attempt in self.attempts)

    def overdue(self) -> None:
        """Notes that what was sent so far was not acknowledged in time; nobody waits for it any more."""
        for attempt in self.attempts:
            attempt.lost = attempt.lost or attempt.acked_after is None

    def give_up(self) -> None:
        """Notes that it was not acknowledged in time."""
        if not self.acked:
            self.gave_up = True
        self.settled.set()
