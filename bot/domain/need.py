"""The needs that TOT goes through in a case: for each, whose it is."""

from __future__ import annotations
