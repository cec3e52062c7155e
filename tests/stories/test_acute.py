"""An acute case on a Friday evening: few taps, whoever is on call, and a review that tells all."""

from __future__ import annotations

from datetime import datetime

from sandbox.exercises.runner import ZONE
from tests.stories import story
from tests.stories.town import Town

ASKED, ACUTE = "Tjenester som spørres nå", "Akutt: kall TOT sammen"
POLICE, WELFARE = "Politiet · Vakthavende", "Barnevernvakten · Vakthavende"


@story()
async def test_from_home_to_the_room_nothing_is_filled_in_but_who_is_asked(town: Town) -> None:
    koordinator = town.koordinator
    await town.until("21:02", days=3)
    await koordinator.looks_at_home()
    await koordinator.presses(ACUTE, in_="home")
    assert koordinator.person.modal is not None
    assert koordinator.person.modal.labels() == [ASKED, "Andre tjenester", "Når begynner møtet?"]
    assert koordinator.choices(ASKED)[:2] == [WELFARE, POLICE]
    assert not any("Sosialtjenesten" in option for option in koordinator.choices(ASKED)), "nobody is at work"
    assert ASKED in await koordinator.is_refused(), "nobody is chosen beforehand"
    shown = await koordinator.looks_over({ASKED: [WELFARE, POLICE]})
    for told in (
        "fredag 4. desember kl. 22–23 (i dag)",
        "Barnevernvakten (vern og omsorg for barn) og Politiet (etterforskning): lovhjemmel",
        "@politi-vakt (Vakthavende)",
    ):
        assert told in shown, told
    assert town.rings() == {}
    await koordinator.steps()
    assert "Sendt til 2 tjenester." in koordinator.form
    assert f"Gå til saksrommet: #{town.room}" in koordinator.form
    assert town.rings() == {"barnevernvakt": 1, "koordinator": 1, "politi-vakt": 1, "vara-koordinator": 1}
    assert f"#{town.room}" in koordinator.home.partition("Møtene mine")[2]
    assert "https://meet.example.no/tot-bergen" in town.card()
    await koordinator.types("/tot akutt")
    assert f"Du opprettet sak *{town.code}*" in koordinator.form
    assert "Er det den samme?" in koordinator.form
    await koordinator.types("/tot møte", in_=town.room)
    assert "https://meet.example.no/tot-bergen" in koordinator.form, "where the last one was"
    assert "(•) man. 7. des. kl. 09:00, om tre dager" in koordinator.form
    assert "( ) I morgen (lør. 5. des.) kl. 09:00" in koordinator.form
    await koordinator.types("/tot sak")
    assert "22:00" in koordinator.form
    assert "om tre dager" not in koordinator.form, "never Monday without a word"
    await koordinator.types("/tot sak mandag kl 9")
    assert "Foreslått: mandag, om tre dager." in koordinator.form
    await town.later("31 min")
    await koordinator.types("/tot akutt")
    koordinator.sees_no("Er det den samme?", but=ASKED, in_="modal")
    await town.until("23:40")
    await koordinator.types("/tot møte", in_=town.room)
    assert "Om 30 minutter, kl. 00:10 (lør. 5. des.)" in koordinator.form
    await koordinator.types("/tot fellesmøte")
    assert "2026-12-07 09:00" in koordinator.form, "Monday"


@story()
async def test_more_keeps_what_is_ticked_and_lets_everything_be_chosen(town: Town) -> None:
    koordinator = town.koordinator
    await koordinator.types("/tot akutt")
    await koordinator.fills({ASKED: ["Politiet · Etterforsker, EXIT"]})
    await koordinator.presses("Mer")
    assert "[x] Politiet · Etterforsker, EXIT" in koordinator.form
    shown = await koordinator.looks_over(
        {
            "Politiet: på hvilket grunnlag deles det?": "Samtykke",
            "Et annet tidspunkt": datetime(2026, 12, 7, 9, tzinfo=ZONE),
            "Lenke til videomøte": "meet.example.no/kveld",
            "Dagsorden eller merknad": "Hvem gjør hva i natt.",
        }
    )
    assert "mandag 7. desember kl. 9–10 (om seks dager)" in shown
    assert "Politiet (etterforskning): samtykke" in shown
    assert "Hvem gjør hva i natt." in shown
    await koordinator.steps()
    assert "https://meet.example.no/kveld" in town.card()
