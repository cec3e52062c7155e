"""Forged buttons and forms: the person gets a clear answer, nothing changes, and nothing of it is logged."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from typing import Any

import pytest

from bot.domain.case.entities import Ask, Case, Meeting, Seat
from bot.domain.case.entities import Involvement as Part
from bot.domain.language import Language
from bot.texts.words import words
from handlers import convening, profile
from handlers.overview import home as overview_home
from handlers.subjects import joined
from sandbox import modals
from sandbox.people.person import Person
from sandbox.server import Sandbox
from tests.e2e import kit
from tests.e2e.two_cases import CANARY, World, is_answered, pressed

#: Of all that could be pressed and sent each person does one in so many, each of the three another one: with
#: three shares everything is somebody's. Not a divisor of the number of ids: so each button meets others.
shares = pytest.mark.parametrize("share", [13, pytest.param(3, marks=pytest.mark.slow, id="all")])
#: What somebody is told first where the answer takes longer than a moment.
STILL_WORKING = words(Language.NB)("modal.still-working")
#: The fields of forms in which ids are chosen, and those of a few words.
IDS = ("team", "involvement", "meeting", "colleague", "agency", "asked_by", "place", "deputy")
OPTIONS = {
    **{"phase": "working", "answer": "confirmed", "via": "phone"},
    **{"reason": "court", "ground": "legal", "minutes": "60"},
}
NO_IDS = ("", "no-such-id", CANARY * 100, "change:", "' OR 1=1 --", "'; DROP TABLE cases; --", "\x00", "{}")


async def ids_of_others(world: World, person: Person) -> list[str]:
    """An id of each kind from both cases, but for the person's own, and what is none."""
    known = await world.rehearsal.bot.database.read(lambda uow: uow.person_by_slack(person.id))
    found: list[str] = []
    for kind in (Case, Seat, Ask, Part, Meeting):
        of_others = [t for t in await world.all(kind) if getattr(t, "person_id", "") != (known and known.id)]
        found += {thing.case_id if kind is not Case else thing.id: thing.id for thing in of_others}.values()
    assert len(found) == 2 * 5
    return [*found, f"release:{found[6]}", *NO_IDS]


@shares
@pytest.mark.long
async def test_buttons_of_cases_in_which_one_has_no_part(world: World, share: int) -> None:
    """Each presses every one, and all of them at the same time."""
    handles = ("utenforstaende", "botilbud", "politi-vakt")
    for handle in handles:
        await world.runner.person(handle).writes("hei")
        await world.runner.until_idle()
    whispers = world.sandbox.workspace.ephemerals
    before = len(whispers)
    async with world.untouched():
        presses = await asyncio.gather(
            *(presses_everything(world, handle, n, share) for n, handle in enumerate(handles))
        )
    ids = [world.runner.person(handle).id for handle in handles]
    answers = Counter(w.user for w in whispers[before:] if w.text != STILL_WORKING)
    assert answers == dict(zip(ids, presses, strict=True))


async def presses_everything(world: World, handle: str, first: int, share: int) -> int:
    """Every button that there is, with what it could be about; how many presses that were."""
    presses = 0
    person = world.runner.person(handle)
    message = kit.direct(world.sandbox, handle)[-1].source
    known = [button.id for button in joined().buttons if button.id != overview_home.HELP]
    everything = itertools.product([*known, "unheard_of"], await ids_of_others(world, person))
    for action_id, value in itertools.islice(everything, first % share, None, share):
        if action_id == "unheard_of" and not value:
            continue  # the button of a link, which needs no answer
        answer = await pressed(world, person, message, action_id, value)
        presses += 1
        assert "Dette" in answer, (handle, action_id, value)
        assert "referanse" not in answer.lower(), (handle, action_id, value)
        assert person.modal is None, (handle, action_id, value)
    return presses


@shares
@pytest.mark.long
async def test_forms_with_forged_metadata(world: World, share: int) -> None:
    """Each submits every one, and all of them at the same time."""
    handles = ("utenforstaende", "botilbud", "politi-exit")
    async with world.untouched():
        await asyncio.gather(
            *(submits_everything(world, handle, n, share) for n, handle in enumerate(handles))
        )


async def submits_everything(world: World, handle: str, first: int, share: int) -> None:
    """Every form that there is, about what it could be about."""
    person = world.runner.person(handle)
    # What anybody gets by the shortcut leads to a form that anybody may fill in.
    harmless = (profile.LANGUAGE_FORM, convening.NOT_COORDINATOR)
    forms = [f.id for f in joined().forms if f.id not in harmless]
    everything = itertools.product([*forms, "unheard_of"], await ids_of_others(world, person))
    for view_id, metadata in itertools.islice(everything, first % share, None, share):
        view = forged(world.sandbox, person, view_id, metadata)
        await world.sandbox.interactions.submit(person.id, view)
        is_answered(world, person)


def forged(sandbox: Sandbox, person: Person, view_id: str, metadata: str) -> Any:
    """A form as the bot would never have opened it, with every field that it has anywhere."""
    view = modals.show(
        sandbox.workspace,
        person.id,
        {
            "type": "modal",
            "callback_id": view_id,
            "private_metadata": metadata,
            "title": {"type": "plain_text", "text": "Falsk"},
            "submit": {"type": "plain_text", "text": "Send"},
            "blocks": [],
        },
    )
    chosen = dict.fromkeys(IDS, metadata or "x") | OPTIONS
    view.values = {name: {"f": {"selected_option": {"value": value}}} for name, value in chosen.items()}
    view.values |= {
        "starts_at": {"f": {"selected_date_time": int(kit.STARTS.timestamp()) + 90_000}},
        "persons": {"f": {"value": "1", "selected_options": [{"value": "A"}]}},
        "agencies": {"f": {"selected_options": [{"value": metadata}]}},
        "appoint": {"f": {"selected_user": person.id}},
    }
    return view
