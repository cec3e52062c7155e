"""Contacts that a leader adds: so many wait for the coordinators, and no more."""

from __future__ import annotations

import pytest

from bot.domain.directory.entities import Contact, Hours
from bot.domain.errors import Invalid
from bot.domain.notifications import Kind
from bot.usecases.directory.agencies import (
    MOST_WAITING,
    DecideContact,
    KeepContact,
    decide_contact,
    keep_contact,
)
from tests.bot.usecases.town import Town


async def test_a_leader_has_few_new_contacts_waiting_for_approval(town: Town) -> None:
    def added(n: int) -> KeepContact:
        return KeepContact("police", 1, Hours.ALWAYS, slack_id=f"U0NEW{n}")

    contacts: list[Contact] = [await town.do(keep_contact, "chief", added(n)) for n in range(MOST_WAITING)]
    assert all(each.waits for each in contacts)
    assert town.told(Kind.CONTACT_APPROVAL) == {"coordinator", "deputy-coordinator"}
    with pytest.raises(Invalid) as refused:
        await town.do(keep_contact, "chief", added(99))
    assert [p.code for p in refused.value.problems] == ["invalid.contacts-wait"]
    await town.do(decide_contact, "coordinator", DecideContact(contacts[0].id, approve=False))
    await town.do(keep_contact, "chief", added(99))
