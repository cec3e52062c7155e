"""The exercises (øvelser), by the names that people type. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping

import sandbox.exercises.fellesmote as fellesmote
import sandbox.exercises.forste_sak as forste_sak
import sandbox.exercises.kalendersvar as kalendersvar
import sandbox.exercises.veiledning as veiledning
from sandbox.stage import Exercise

EXERCISES: Mapping[str, Exercise] = {
    "forste-sak": forste_sak,
    "kalendersvar": kalendersvar,
    "veiledning": veiledning,
    "fellesmote": fellesmote,
}
#: Those that are played only where everybody has a mailbox (`tot demo --mail`).
WITH_MAIL = frozenset({"kalendersvar"})
DEFAULT = "forste-sak"
