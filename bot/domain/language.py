"""The languages that the bot speaks."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    NB = "nb"
    NN = "nn"
    EN = "en"
