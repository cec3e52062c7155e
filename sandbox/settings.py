"""What a test may turn: Slack's real-time rules, the workspace's preferences, page sizes."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import limits


@dataclass
class Settings:
    """All durations are seconds of real time."""

    ack_seconds: float = 3.0
    """How long an app may take to acknowledge a command, an interaction or an event."""
    trigger_seconds: float = 3.0
    """How long a trigger_id lives."""
    response_url_seconds: float = limits.RESPONSE_URL_SECONDS
    """How long a response_url lives."""
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    """The pauses before an event that was not acknowledged is sent again."""
    rate_limits: bool = False
    """Whether rate tiers are enforced."""
    rate_window: float = 60.0
    """What «a minute» means to the rate tiers."""
    page_cap: int | None = None
    """The most items in a page whatever `limit` asks for, such as Slack's 15 for history."""
    bots_may_remove: bool = True
    """Whether members (and so bots) may remove people from rooms; if not: `restricted_action`."""
    bots_may_create_rooms: bool = True
    """Whether bots may create rooms; if not: `restricted_action`."""
    may_delete_in_archived: bool = False
    """Whether a bot may delete its own messages in an archived room, which Slack does not say."""
    patience: float = 10.0
    """How long a person waits for a text to appear before giving up."""
    reach: float = 2.0
    """How long a person looks for the button, field or modal to use before giving up."""
