"""What outlives a case: how many duties each agency had in each month, and what became of them."""

from __future__ import annotations

from bot.domain.case_file import CaseFile
from bot.domain.duty import Count
from bot.domain.report import tally
from bot.usecases.ports import UnitOfWork


def keep_counts(uow: UnitOfWork, file: CaseFile) -> None:
    """Add a case's numbers to those that are kept. To be called once, where the case is forgotten.

    Raises:
        Overtaken: another case was forgotten at the same moment; to be run again.
    """
    counted = tally(file)
    kept = {
        (count.agency_id, count.month, count.measure): count
        for count in uow.find(Count, team_id=file.team.id, agency_id=sorted({a for a, _, _ in counted}))
    }
    for key, number in sorted(counted.items()):
        count = kept.get(key)
        if count is not None:
            uow.change(count, number=count.number + number)
        else:
            agency_id, month, measure = key
            uow.add(Count(uow.ids.new(), file.team.id, agency_id, month, measure, number))
