"""The exercises (øvelser) by name. A new exercise takes one file and one entry here."""

from __future__ import annotations

from collections.abc import Mapping

import sandbox.exercises.arsmelding as arsmelding
import sandbox.exercises.askepott as askepott
import sandbox.exercises.avstemt_tid as avstemt_tid
import sandbox.exercises.fellesmote as fellesmote
import sandbox.exercises.forste_sak as forste_sak
import sandbox.exercises.fredag_kveld as fredag_kveld
import sandbox.exercises.kalendersvar as kalendersvar
import sandbox.exercises.kontaktprove as kontaktprove
import sandbox.exercises.plassering as plassering
import sandbox.exercises.sju_sjomenn as sju_sjomenn
import sandbox.exercises.soskenflokk as soskenflokk
import sandbox.exercises.veiledning as veiledning
import sandbox.exercises.vil_ikke as vil_ikke
from sandbox.exercises.runner import Exercise

EXERCISES: Mapping[str, Exercise] = {
    "forste-sak": forste_sak,
    "fredag-kveld": fredag_kveld,
    "kalendersvar": kalendersvar,
    "veiledning": veiledning,
    "fellesmote": fellesmote,
    "soskenflokk": soskenflokk,
    "sju-sjomenn": sju_sjomenn,
    "askepott": askepott,
    "vil-ikke": vil_ikke,
    "plassering": plassering,
    "avstemt-tid": avstemt_tid,
    "arsmelding": arsmelding,
    "kontaktprove": kontaktprove,
}
#: Exercises that need mailboxes (`tot demo --mail`).
WITH_MAIL = frozenset({"kalendersvar"})
DEFAULT = "forste-sak"
