"""Findings about an installation, for its operator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """A result of a check: its subject, the finding, and how to mend it.

    `state` is how serious it is: only `wrong` makes a command exit with 1.
    """

    state: Literal["fine", "look", "wrong", "unknown"]
    what: str
    found: str
    mend: str = ""


fine = partial(Finding, "fine")
wrong = partial(Finding, "wrong")
look = partial(Finding, "look")
unknown = partial(Finding, "unknown")
