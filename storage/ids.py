"""Randomness for ids and codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.domain.case.entities import CODE_ALPHABET, CODE_LENGTH


class RandomIds:
    """Ids and codes from the system's randomness. `taken` tells whether a code is in use."""

    def __init__(self, taken: Callable[[str], bool]) -> None:
        self._taken = taken

    def new(self) -> str:
        return secrets.token_urlsafe(16)

    def uid(self) -> str:
        return secrets.token_hex(16)

    def code(self) -> str:
        """A new case code that no case has had."""
        while True:
            code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
            if not self._taken(code):
                return code
