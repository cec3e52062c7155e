"""The exercises (øvelser), by the names that people type. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping

import sandbox.exercises.forste_sak as forste_sak
import sandbox.exercises.kalendersvar as kalendersvar
import sandbox.exercises.plassering as plassering
from sandbox.stage import Exercise

EXERCISES: Mapping[str, Exercise] = {
    "forste-sak": forste_sak,
    "kalendersvar": kalendersvar,
    "plassering": plassering,
}
#: Those that are played only where everybody has a mailbox (`tot demo --mail`).
WITH_MAIL = frozenset({"kalendersvar"})
DEFAULT = "forste-sak"
