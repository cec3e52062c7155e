"""Reports: all numbers only for the coordinator, none below five in what is shared, nothing of any case."""

from __future__ import annotations

from tests.stories import story
from tests.stories.test_ringing import COMES
from tests.stories.town import Town, Townsperson

DECEMBER = {"Fra og med": "desember 2026", "Til og med": "desember 2026"}
SHARED = "Til deling: tall under 5 skjules"
FOR = "Hvem er den til?"


def files(who: Townsperson) -> dict[str, bytes]:
    """Return somebody's report files, by extension."""
    return {name.rpartition(".")[2]: held for name, held in who.files() if name.startswith("rapport-")}


async def orders(town: Town, **fields: str) -> None:
    await town.koordinator.types("/tot rapport")
    await town.koordinator.sends({**DECEMBER, **{k.replace("_", " "): v for k, v in fields.items()}})
    assert "direktemelding" in town.koordinator.form
    await town.koordinator.puts_away()


@story("Politiet", "Barneverntjenesten", "Botilbud", confirmed=("politi-exit",))
async def test_who_came_and_answered_is_told_and_shared_without_small_numbers(town: Town) -> None:
    koordinator = town.koordinator
    await town.later("30 min")
    rung = town.now.replace(second=0, microsecond=0)
    await town.politi_exit.presses("Jeg kommer", in_="tot-bot")
    await orders(town)
    koordinator.sees("Ikke noe oppmøte er registrert i denne perioden.")
    await town.until("11:30", days=2)
    said = {**COMES, "Når ble det sagt?": rung}
    await koordinator.does("Registrer svar", said, in_="tot-bot", near="botilbud 1")
    came = {"Politiet": "Møtte", "Barneverntjenesten": "Uteble uten å si fra", "botilbud 1": "Møtte"}
    await koordinator.does("/tot oppmøte", came, in_=town.room)
    assert set(await town.rings_when(orders(town))) == {"koordinator"}
    numbers = koordinator.sees("Møteplikt i TOT Bergen, desember 2026")
    assert "Politiet*\nkalt inn 1 · bekreftet i tide 1\n" in numbers
    assert "svarte etter 15–60 min 1" in numbers
    assert "uteble uten å si fra 1" in numbers
    assert "botilbud 1" in numbers
    assert files(koordinator) == {}
    await town.later("1 min")
    await orders(town, **{FOR: SHARED})
    numbers = koordinator.sees("Kan deles.", "møtte <5 ·")
    assert not any(f" {digit} ·" in numbers for digit in "01234")
    assert set(files(koordinator)) == {"csv"}
    rows = files(koordinator)["csv"].decode("utf-8-sig").splitlines()
    assert {cell for row in rows[1:] for cell in row.split(";")[1:]} == {"<5", "–"}
    for who in town.people_there():
        if who.handle != "koordinator":
            assert not files(town.person(who.handle))


@story()
async def test_a_whole_year_gives_the_yearly_report_too_and_who_is_relieved_gets_none(town: Town) -> None:
    await orders(town, Fra_og_med="januar 2026", **{FOR: SHARED})
    town.koordinator.sees_no("Årsmelding for", but="Møteplikt i TOT Bergen, januar–desember 2026")
    await town.later("1 min")
    await orders(town, Fra_og_med="januar 2025", Til_og_med="desember 2025", **{FOR: SHARED})
    told = town.koordinator.sees("Årsmelding for TOT Bergen 2025", "Egne tall legger du til i dokumentet")
    assert "ingenting nyttig kan deles" in told
    assert "Kan deles" not in told, "there is nothing"
    await orders(town, Fra_og_med="januar 2026")
    town.koordinator.sees("2024–2026", in_="tot-bot")
    # A period has an end, and who is relieved while the form is open gets no report.
    assert "[ januar 2026" in await town.koordinator.opens("/tot rapport"), "this year so far is filled in"
    wrong = await town.koordinator.is_refused({"Fra og med": "desember 2026", "Til og med": "november 2026"})
    assert "slutte etter at den begynner" in "".join(wrong.values())
    await town.vara_koordinator.does("/tot koordinator", {"Frita": "koordinator"})
    assert await town.rings_when(town.koordinator.steps(DECEMBER)) == {}
