"""The minutes, word by word; and that they, and the roll call, fit into Slack however large the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.case.duty import Arrival, Correction, Tick
from bot.domain.case.entities import Attendance, DeclineReason, QuorumReason
from bot.domain.case.file import CaseFile
from bot.domain.language import Language
from bot.domain.notification_params import Revision
from bot.domain.notifications import Kind
from handlers.attendance.minutes import minutes_text
from sandbox.block_kit.checks import check_message
from tests.every import every
from tests.handlers.blocks.test_limits import LONG, crowded
from tests.handlers.cases import STARTS, amend, base, ctx, render
from tests.handlers.reading import body, buttons, shown

AFTER = STARTS + timedelta(hours=2)
AWAY = Attendance.ABSENT_WITHOUT_NOTICE


def registered() -> CaseFile:
    """The police came late, child welfare sent a deputy, the others stayed away; once corrected."""
    file = amend(base(), "meeting", registered_at=AFTER, chair="police", link="https://meet.example/x")
    came = {
        "police": Attendance.LATE,
        "child": Attendance.DEPUTY_PRESENT,
        "social": AWAY,
        "counsel": Attendance.ABSENT_WITH_NOTICE,
        "shelter": AWAY,
    }
    for key, how in came.items():
        file = amend(file, f"duty-{key}", attendance=how, registered_by="lead")
    file = amend(file, "duty-counsel", written_report=True)
    file = amend(file, "duty-shelter", absence_reason=DeclineReason.TRAVEL)
    reason = QuorumReason.CANNOT_WAIT
    file = amend(file, "meeting", quorum_reason=reason, quorum_at=STARTS + timedelta(minutes=7))
    at = STARTS + timedelta(minutes=12)
    arrivals = (
        Arrival("a1", "case", "meeting", "police", at, "duty-police"),
        Arrival("a2", "case", "meeting", "lead", STARTS),
    )
    ticks = tuple(Tick(p, "case", "meeting", p, at, "police") for p in ("interpreter", "health"))
    was = Correction("c1", "case", "duty-child", AFTER, "lead", AWAY, Attendance.DEPUTY_PRESENT)
    rules = replace(file.team.rules, agenda=("health", "interpreter", "Egne <ord> `her`"))
    return replace(amend(file, "team", rules=rules), arrivals=arrivals, ticks=ticks, corrections=(was,))


def test_the_plain_text_word_by_word() -> None:
    file = registered()
    seen = ctx(file, Kind.MINUTES, "meeting", "police", now=AFTER)
    assert minutes_text(seen, file.meetings[0]).splitlines() == [
        "Referat, TOT-sak k7f3",
        "tirsdag 1. desember 2026 kl. 10:00–11:00, Rådhuset, rom 2",
        "Møteleder: Politiet",
        "",
        "Hvem som kom",
        "- Barneverntjenesten: vara møtte",
        "- Bistandsadvokaten: møtte ikke, hadde meldt forfall; skriftlig rapport er mottatt",
        "- botilbud 1: uteble uten å si fra; grunn: på reise",
        "- Politiet: møtte, men kom for sent (kl. 10:12)",
        "- Sosialtjenesten: uteble uten å si fra",
        "- Koordinator: til stede (kl. 10:00)",
        "- Møtet gikk videre kl. 10:07 med for få: det kan ikke vente",
        "",
        "Gjennomgått",
        "- Helse og Tolk",
        "",
        "Ikke gjennomgått",
        "- Egne &lt;ord&gt; `her`",
        "",
        "Hvem gjør hva",
        "- botilbud 1: kan sende skriftlig rapport; den er ikke mottatt ennå",
        "- Sosialtjenesten: oppgir grunnen til at ingen møtte",
        "- Sosialtjenesten: kan sende skriftlig rapport; den er ikke mottatt ennå",
        "",
        "Neste møte",
        "- ikke satt ennå",
        "",
        "Rettet etter registreringen",
        "- Barneverntjenesten: fra «uteble uten å si fra» til «vara møtte» (tirsdag 1. desember 2026 "
        "kl. 12:00)",
        "",
        "Bare samordningen, ikke innholdet. Hver tjeneste fører sitt eget.",
    ]


def test_the_next_meeting_is_the_one_that_came_next_also_once_it_is_registered() -> None:
    file = registered()
    first, day = file.meetings[0], timedelta(days=1)
    times = {"off": day, "second": 2 * day, "third": 3 * day}
    later = {
        id: replace(first, id=id, starts_at=first.starts_at + by, ends_at=first.ends_at + by)
        for id, by in times.items()
    }
    later["off"] = replace(later["off"], cancelled_at=AFTER, registered_at=None)
    later["third"] = replace(later["third"], registered_at=None)
    held = replace(file, meetings=(first, *later.values()))
    seen = ctx(held, Kind.MINUTES, "meeting", "police", now=AFTER + 2 * day)
    assert "- torsdag 3. desember 2026 kl. 10:00–11:00" in minutes_text(seen, first)
    assert "- fredag 4. desember 2026 kl. 10:00–11:00" in minutes_text(seen, later["second"])
    assert "- ikke satt ennå" in minutes_text(seen, later["third"])


def test_a_deputy_who_came_late_came_late() -> None:
    """As everybody else at the same minute."""
    for minutes, said in ((12, "vara møtte, men kom for sent (kl. 10:12)"), (2, "vara møtte")):
        at = STARTS + timedelta(minutes=minutes)
        file = replace(registered(), arrivals=(Arrival("a1", "case", "meeting", "child", at, "duty-child"),))
        seen = ctx(file, Kind.MINUTES, "meeting", "police", now=AFTER)
        assert f"- Barneverntjenesten: {said}" in minutes_text(seen, file.meetings[0]).splitlines()


def test_nothing_of_a_team_ends_the_block_of_plain_text() -> None:
    made = render(ctx(registered(), Kind.MINUTES, "meeting", "police", now=AFTER))
    (text,) = [t for t in body(made) if t.startswith("```")]
    assert text.count("`") == 6
    assert "Egne &lt;ord&gt; 'her'" in text


def test_the_room_sees_who_corrected_and_who_registered() -> None:
    made = render(ctx(registered(), Kind.MINUTES, "meeting", now=AFTER))
    assert "(<@U0LEAD>, tirsdag 1. desember 2026 kl. 12:00)" in shown(made)
    assert "Registrert tirsdag 1. desember 2026 kl. 12:00 av <@U0LEAD>." in shown(made)
    assert [action for _, action, _ in buttons(made)] == ["record_minutes", "choices"], (
        "what a contact may not do is not shown to them"
    )


def test_the_coordinator_is_told_to_whom_the_bot_gives_no_minutes() -> None:
    told = (
        "Ingen fra Bistandsadvokaten leser saksrommet, og jeg sender dem ikke referatet. "
        "Fortell dem det de trenger å vite."
    )
    file = amend(registered(), "seat-counsel", acknowledged_at=AFTER)
    for reader, is_told in (("lead", True), ("police", False), (None, False)):
        made = render(ctx(file, Kind.MINUTES, "meeting", reader, now=AFTER))
        assert (told in shown(made)) is is_told
    for other in (registered(), amend(file, "case", closed_at=AFTER)):
        assert "jeg sender dem ikke referatet" not in shown(
            render(ctx(other, Kind.MINUTES, "meeting", "lead", now=AFTER))
        )


@every("reader", ["social", "counsel", "shelter", "health", "stranger"])
def test_who_is_not_in_the_room_gets_no_minutes(reader: str) -> None:
    assert render(ctx(registered(), Kind.MINUTES, "meeting", reader, now=AFTER)) is None


@every("language", list(Language))
@every("agencies", [0, 80])
def test_a_large_meeting_fits(language: Language, agencies: int) -> None:
    file = crowded(agencies)
    points = tuple(f"{n} {LONG}"[:75] for n in range(20))
    file = amend(file, "team", rules=replace(file.team.rules, agenda=points))
    arrivals = tuple(
        Arrival(f"a{d.id}", "case", "meeting", None, STARTS, d.id) for d in file.duties[: agencies // 2]
    )
    file = replace(file, arrivals=arrivals)
    held = ctx(file, Kind.ROLL_CALL, "meeting", params=Revision(0), language=language, now=STARTS)
    asked = ctx(file, Kind.QUORUM, "meeting", "lead", params=Revision(0), language=language, now=AFTER)
    file = amend(file, "meeting", registered_at=AFTER)
    wrong = (Attendance.PRESENT, AWAY, True, False)
    corrections = tuple(Correction(f"c{d.id}", "case", d.id, AFTER, "lead", *wrong) for d in file.duties)
    file = replace(
        file, corrections=corrections, duties=tuple(replace(d, attendance=AWAY) for d in file.duties)
    )
    made = [render(each) for each in (held, asked)]
    made += [
        render(ctx(file, Kind.MINUTES, "meeting", reader, language=language, now=AFTER))
        for reader in (None, "lead", "police")
    ]
    for message in made:
        if message is not None:
            assert check_message(getattr(message, "blocks", None)) == []
    assert sum(message is not None for message in made) == 4
