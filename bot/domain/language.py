"""The languages that the bot speaks."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """The languages that are complete."""

    NB = "nb"
    NN = "nn"
    EN = "en"
