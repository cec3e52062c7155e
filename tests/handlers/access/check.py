"""What a trial of the access table is, and who is refused in most of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.handlers.access.workspace import Court

#: A seat holder, somebody being asked, a coordinator who has not confirmed, and a stranger.
OTHERS = ("politi-exit", "sosialtjenesten", "vara-koordinator", "utenforstaende")
#: A coordinator, a seat holder, a colleague without a part, and a stranger.
NOT_OWNERS = ("koordinator", "barnevern", "politi-vakt", "utenforstaende")
STRANGERS = ("politi-exit", "sosialtjenesten", "utenforstaende")


@dataclass(frozen=True)
class Trial:
    """One row of the table: what is done, and by which doors.

    With `mail` the bot mails; `confirmed` tells whether the police have confirmed taushetsplikt.
    """

    play: Callable[[Court], Awaitable[None]]
    entry_points: str
    mail: bool = False
    confirmed: bool = True
