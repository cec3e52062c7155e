"""The coordinator's buttons: on the card, in Home, in messages. Each opens a form."""

from __future__ import annotations
