"""Cases to measure with: opened by a coordinator, copied by the thousand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from bench.apps import opened
from bot.domain.case.entities import (
    Ask,
    Case,
    Duty,
    Involvement,
    Meeting,
    Room,
    Seat,
)
from bot.usecases.ports import Posted, UnitOfWork
from sandbox.model import Delivery
from sandbox.server import Sandbox
from storage.crypto.keyring import case_scope

AGENCIES = ("Politiet", "Barneverntjenesten", "Sosialtjenesten", "Bistandsadvokat", "Helsetjenesten", "UDI")


async def open_case(sandbox: Sandbox) -> None:
    """Open a case, from the command to a sent «Se over og send».

    Raises:
        RuntimeError: a form was refused.
    """
    await fill_in_case(sandbox)
    await submit(sandbox)


async def fill_in_case(sandbox: Sandbox) -> None:
    """Open a case up to «Se over og send», which is not sent."""
    koordinator = sandbox.person("koordinator")
    await koordinator.types("/tot sak i overmorgen kl 10")
    await koordinator.sees_modal("Opprett sak")
    await koordinator.fills(
        {
            "Hvem ba om TOT?": "Politiet",
            "Hvor mange personer": "2",
            "Tjenester som spørres nå": list(AGENCIES),
            "Sted": "Møterom Nord",
        }
    )
    await submit(sandbox)


async def submit(sandbox: Sandbox) -> Delivery:
    """Submit the coordinator's open form; return the delivery with its acknowledgement."""
    refused = await sandbox.person("koordinator").submits()
    if refused:
        raise RuntimeError(f"the form was refused: {refused}")
    return next(d for d in reversed(sandbox.workspace.deliveries) if d.name == "view_submission")


#: Fields that differ between cases.
_OWN = frozenset(
    (
        *("id", "case_id", "involvement_id", "meeting_id", "duty_id", "deputy_for", "uid"),
        *("code", "channel_id", "key", "subject"),
    )
)
_ENDING = frozenset({"closed_at", "ended_at", "withdrawn_at", "registered_at"})
_TOGETHER = 1000


def copy_case(url: str, copies: int) -> None:
    """Store this many copies of the only case, closed and with their rooms archived."""
    asyncio.run(_copy_case(url, range(1, copies + 1)))


async def _copy_case(url: str, numbers: range) -> None:
    database = opened(url)
    await database.unlock()
    (case,) = await database.read(lambda uow: uow.find(Case))
    database.keyring.create(*(case_scope(f"{case.id}-{n}") for n in numbers))

    def copy(uow: UnitOfWork) -> None:
        kinds: tuple[type[Any], ...] = (Room, Involvement, Meeting, Seat, Duty, Ask, Posted)
        for original in (case, *(e for kind in kinds for e in uow.find(kind, case_id=case.id))):
            for first in range(0, len(numbers), _TOGETHER):
                uow.add(*_copies(original, case, numbers[first : first + _TOGETHER]))

    await database.write(copy)
    await database.close()


def _copies(original: Any, case: Case, numbers: range) -> Iterator[object]:
    values = {f.name: getattr(original, f.name) for f in fields(original)}
    for n in numbers:
        yield replace(original, **{name: _value(name, value, case, n) for name, value in values.items()})


def _value(name: str, value: Any, case: Case, n: int) -> Any:
    if name in _OWN:
        return value and f"{value}-{n}"
    if name in _ENDING:
        return case.opened_at
    return True if name == "archived" else value
