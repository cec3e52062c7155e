"""Two coordinators: one is alerted at a time, and a case changes hands by one tap."""

from __future__ import annotations

from tests.stories import story
from tests.stories.town import CONFIRM, Town, Townsperson

OFFER, WHO, RING = "Vil du ta over", "Hvem skal ta over?", "Ring disse"
TO_RING = ("Politiet", "UDI")


def lists(who: Townsperson) -> list[str]:
    return [text for text in who.messages if RING in text]


def offers(town: Town) -> list[str]:
    return [text for text in town.vara_koordinator.messages if OFFER in text]


async def gives(town: Town, **fields: str) -> None:
    await town.koordinator.picks("Gi saken til …")
    await town.koordinator.sends({label.replace("_", " "): value for label, value in fields.items()})
    await town.koordinator.puts_away()


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_who_says_that_they_ring_is_left_alone_for_a_while(town: Town) -> None:
    first = lists(town.koordinator)[-1]
    assert "*Du har saken.*\nTrykk «Jeg ringer». Ellers får @vara-koordinator beskjed kl. 09:10." in first
    await town.koordinator.presses("Jeg ringer", in_="tot-bot")
    said = lists(town.koordinator)[-1]
    assert "Du er i gang. @vara-koordinator får beskjed kl. 09:30 hvis noen fortsatt må ringes." in said
    assert "Jeg ringer»" not in said
    assert "Jeg ringer" not in town.koordinator.offers("tot-bot")
    assert "Jeg ringer fortsatt" in town.koordinator.offers("tot-bot")
    await town.until("09:29")
    assert lists(town.vara_koordinator) == []
    await town.until("09:31")
    (told,) = lists(town.vara_koordinator)
    assert "*@koordinator har saken.*" in told


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_when_the_first_is_gone_the_other_has_the_list_at_once(town: Town) -> None:
    has_it = "*@koordinator har saken.*"
    await town.later("4 min")
    assert lists(town.vara_koordinator) == []
    town.vara_koordinator.sees(has_it)
    await town.koordinator.is_deactivated()
    assert len(lists(town.vara_koordinator)) == 1
    town.vara_koordinator.sees_no(has_it, but="Du er nå alene")


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_a_case_is_given_by_name_and_stays_with_the_giver_until_the_one_tap(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    await gives(town)
    assert town.rings() == {"vara-koordinator": 1}
    (offer,) = offers(town)
    assert town.code in offer
    assert "@koordinator har den til du trykker «Jeg tar over»" in offer
    assert "*Du har saken.*\n@vara-koordinator er spurt om å ta over." in lists(koordinator)[0]
    await gives(town, **{WHO: "Ingen likevel"})
    assert offers(town) == []
    await gives(town)
    await vara.presses("Nei, ikke nå", in_="tot-bot")
    assert offers(town) == []
    assert "er spurt" not in lists(koordinator)[0]
    assert koordinator.messages[-1] == (
        f"*Du har fortsatt sak {town.code}.* Den som ble spurt, kan ikke ta over nå."
    )
    await town.later("1 min")
    await gives(town)
    await vara.presses("Jeg tar over", in_="tot-bot", near=OFFER)
    assert offers(town) == []
    assert koordinator.messages[-1] == f"*@vara-koordinator har overtatt sak {town.code}.*"
    assert "*@vara-koordinator har saken.*" in lists(koordinator)[0]
    assert "*Du har saken.*" in lists(vara)[0]
    await koordinator.opens_choices()
    await koordinator.opens_choices(more=True)
    assert "@vara-koordinator har saken." in koordinator.form
    await koordinator.presses("Jeg tar over")
    assert "*@koordinator har saken.*" in lists(vara)[0]
    await vara.presses("Jeg tar over", in_="tot-bot")
    assert "*Du har saken.*" in await vara.looks_at_home()
    assert "*@vara-koordinator har saken.*" in await koordinator.looks_at_home()


@story(*TO_RING, confirmed=("vara-koordinator",))
async def test_an_offer_to_who_leaves_the_case_falls_without_a_word(town: Town) -> None:
    await gives(town)
    await town.vara_koordinator.leaves()
    await town.vara_koordinator.presses("Ja, jeg er ferdig")
    assert offers(town) == []
    town.koordinator.sees_no("Du har fortsatt sak", but="*Ring disse: sak")


@story(*TO_RING)
async def test_who_has_not_confirmed_takes_it_by_confirming_or_says_no(town: Town) -> None:
    koordinator, vara = town.koordinator, town.vara_koordinator
    await gives(town)
    asked, offer = vara.messages
    assert town.code not in offer
    for message in (asked, offer):
        assert "@koordinator har den til du bekrefter taushetsplikten. Da har du den." in message
    await vara.presses("Nei, ikke nå", in_="tot-bot", near="Nei, ikke nå")
    assert offers(town) == []
    await town.later("1 min")
    await gives(town)
    await vara.presses(CONFIRM, in_="tot-bot", near=OFFER)
    assert offers(town) == []
    assert "*@vara-koordinator har saken.*" in lists(koordinator)[0]
    assert koordinator.messages[-1].startswith("*@vara-koordinator har overtatt sak")


@story(*TO_RING)
async def test_when_a_third_acts_nobody_is_asked_to_take_it_any_more(town: Town) -> None:
    await town.koordinator.does("/tot koordinator", {"Utnevn ny koordinator": "helse"})
    await town.helse.confirms()
    await gives(town, **{WHO: "vara-koordinator"})
    assert len(town.vara_koordinator.messages) == 2
    await town.helse.types("/tot ring", in_=town.room)
    await town.helse.presses("Registrer svar", near="UDI")
    await town.helse.sends({"Taushetsplikten": "Har fått", "Hva svarte de?": "Kommer"})
    (asked,) = town.vara_koordinator.messages
    assert "Taushetsplikten gjelder også at saken finnes." in asked
    assert OFFER not in asked


@story(*TO_RING)
async def test_who_has_said_no_confirms_later_for_nothing_more(town: Town) -> None:
    await gives(town)
    await town.vara_koordinator.presses("Nei, ikke nå", in_="tot-bot", near=OFFER)
    await town.vara_koordinator.confirms()
    assert "*Du har saken.*" in lists(town.koordinator)[0]
    await town.koordinator.opens_choices(more=True)
    await town.vara_koordinator.is_deactivated()
    await town.koordinator.presses("Gi saken til …")
    assert "Ingen annen koordinator kan ta over saken." in town.koordinator.form
