"""A refusal of Slack's about one person costs that person alone, and is told in true words, once."""

from __future__ import annotations

from sandbox.model import Json
from tests.stories import story
from tests.stories.town import Town

STRANGER, NOT_DELIVERED, NOT_LET_IN = (
    "er i saksrommet for",
    "kom ikke fram",
    "kommer ikke inn i saksrommet",
)
BY_HAND = "Ta dem ut for hånd nå."
BOTH = ("Politiet", "Barneverntjenesten")


def told(town: Town, words: str) -> list[str]:
    return [text for text in town.koordinator.messages if words in text]


@story(*BOTH, confirmed=("politi-exit",))
async def test_one_who_cannot_be_taken_out_keeps_nobody_else_in_or_out(town: Town) -> None:
    police = town.politi_exit.person
    stays = town.udi.person.id

    def theirs(arguments: Json) -> bool:
        return bool(arguments.get("user") == stays)

    codes = ("restricted_action", "user_is_restricted", "cant_kick_this_one")
    for number, code in enumerate(codes, 1):
        town.meets("error", "conversations.kick", times=-1, where=theirs, code=code)
        for handle in ("udi", "utenforstaende"):
            town.let_in.add(handle)
            await police.invites(handle, town.room)
        await town.rest()
        if number == 1:
            await town.barnevern.confirms()
        assert town.inside() == {"koordinator", "politi-exit", "barnevern", "udi"}
        assert "*Barneverntjenesten:* har ikke svart" in town.card()
        assert number > 1 or len(told(town, STRANGER)) == 1
        assert told(town, NOT_DELIVERED) == []
        assert "*Ikke skriv her.*" in town.barnevern.reads(town.room)
        town.koordinator.sees(BY_HAND, in_="tot-bot")
        town.koordinator.sees("Noen uten tilgang kom inn i saksrommet", in_="tot-bot")
        for person in (town.vara_koordinator, town.politi_exit):
            person.sees_no("Noen uten tilgang kom", but=f"koordinator: {BY_HAND}", in_="tot-bot")
        if number == 1:
            await town.koordinator.person.removes("udi", town.room)
        else:
            town.runner.sandbox.faults.clear()
            await police.invites("utenforstaende", town.room)
        await town.rest()
        assert town.inside() == {"koordinator", "politi-exit", "barnevern"}
        assert "*Ikke skriv her.*" not in town.barnevern.reads(town.room)
        assert told(town, BY_HAND) == []
        town.runner.sandbox.faults.clear()


@story(*BOTH)
async def test_one_who_cannot_be_let_in_is_shown_so_and_told_of_once(town: Town) -> None:
    outside = town.politi_exit.person.id

    def theirs(arguments: Json) -> bool:
        return outside in str(arguments.get("users"))

    town.meets("error", "conversations.invite", times=-1, where=theirs, code="cant_invite")
    for person in (town.politi_exit, town.barnevern):
        await person.confirms()
    assert town.inside() == {"koordinator", "barnevern"}
    assert "Slack slipper ikke inn: @politi-exit" in town.card()
    (message,) = told(town, NOT_LET_IN)
    assert "@politi-exit (Politiet)" in message
    assert told(town, NOT_DELIVERED) == []
    await town.later("3 t")
    assert len(told(town, NOT_LET_IN)) == 1
    town.runner.sandbox.faults.clear()
    await town.barnevern.presses("Jeg kommer", in_="tot-bot")
    assert town.inside() == {"koordinator", "politi-exit", "barnevern"}
    assert told(town, NOT_LET_IN) == []
    assert "slipper ikke inn" not in town.card()


@story(*BOTH, confirmed=("barnevern",))
async def test_who_is_left_out_and_leaves_the_case_is_no_longer_told_of(town: Town) -> None:
    town.meets("error", "conversations.invite", times=-1, code="ura_max_channels")
    town.let_in.add("politi-exit")  # but for Slack
    await town.politi_exit.confirms()
    assert len(told(town, NOT_LET_IN)) == 1
    await town.koordinator.does("/tot avslutt", in_=town.room)
    assert told(town, NOT_LET_IN) == []
    assert town.inside() == {"koordinator"}
