"""Somebody of an agency in one case alone, who is in no list."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.directory.entities import Contact

#: After all that the agency has in its list.
_LAST = 100


@dataclass(frozen=True, slots=True)
class CaseContact:
    """Known by this case alone, and gone with it. `line` is their own number."""

    id: str
    case_id: str
    agency_id: str
    person_id: str
    title: str
    line: str | None = None

    @property
    def contact(self) -> Contact:
        """The same as a contact among the agency's others, for as long as one looks at this case."""
        return Contact(self.id, self.agency_id, self.person_id, _LAST, title=self.title)
