"""What holds of every plan of reminders, whatever the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case.entities import Answer, Ask, Meeting, Phase
from bot.domain.case.file import CaseFile
from bot.domain.escalation.answer_window import answer_window
from bot.domain.notifications import Kind
from bot.domain.overview import reminder_plan
from bot.domain.overview.reminder_plan import due_after, due_of, plan, still_planned
from tests.bot.case_files import ask, case_file, duty, meeting, part, seat
from tests.bot.cast import RULES, T0, oslo

_AGENCIES = {"police": "officer", "welfare": "caseworker", "counsel": "lawyer", "health": "both"}
_AGENCIES["social"] = "both"
_MINUTES = st.integers(-3 * 1440, 10 * 1440).map(lambda minutes: timedelta(minutes=minutes))
_LEADS = st.sampled_from([(24, 1), (48, 24, 1), (1,), (0, 72), ()])
_WINDOWS = {"acute_window": st.integers(1, 300), "working_window": st.integers(1, 5000)}
_RULES = st.builds(partial(replace, RULES), **_WINDOWS, lead_times=_LEADS)


@st.composite
def files(draw: st.DrawFn) -> CaseFile:
    """Cases around the turn of the year, Easter and both clock changes."""
    day = draw(st.sampled_from(["2026-11-24", "2026-12-22", "2026-03-27", "2026-04-01", "2026-10-23"]))
    base = oslo(f"{day} 10:00") + draw(_MINUTES)
    bare = case_file(phase=draw(st.sampled_from(Phase)), rules=draw(_RULES))
    facts: list[object] = [part(a) for a in _AGENCIES]
    facts += [seat(p, a, confirmed=draw(st.booleans())) for a, p in _AGENCIES.items()]
    for number in range(draw(st.integers(0, 2))):
        held = meeting(base + draw(_MINUTES), id=f"m{number}", called_at=base - draw(_MINUTES.map(abs)))
        facts.append(replace(held, cancelled_at=draw(st.sampled_from([None, None, base]))))
        for agency in draw(st.lists(st.sampled_from(sorted(_AGENCIES)), unique=True)):
            facts += [duty(agency, held.id), _asked(draw, bare, held, agency, base)]
    return replace(
        case_file(*facts),
        team=bare.team,
        case=replace(bare.case, closed_at=draw(st.sampled_from([None, None, None, base]))),
    )


def _asked(draw: st.DrawFn, file: CaseFile, held: Meeting, agency: str, base: datetime) -> Ask:
    asked_at = base + draw(_MINUTES)
    return ask(
        *(_AGENCIES[agency], agency, held.id),
        asked_at=asked_at,
        window_ends_at=answer_window(file, asked_at, held),
        answer=draw(st.sampled_from([None, None, *Answer])),
    )


@given(files(), _MINUTES)
def test_what_holds_of_every_plan(file: CaseFile, later: timedelta) -> None:
    planned = plan(file)
    if not file.open:
        assert planned == []
        assert due_after(file, T0) == []
    now = T0 + later
    everything = [*planned, *reminder_plan.no_meeting_ahead(file, now)]
    assert len({r.key for r in everything}) == len(everything)
    for reminder in everything:
        assert reminder.due_at is not None
        assert reminder.useful_until is not None
        assert reminder.due_at < reminder.useful_until
        assert timedelta(0) <= reminder.due_at - due_of(reminder) < timedelta(seconds=1)
        assert reminder.once
        assert still_planned(file, reminder)
        if reminder.kind is Kind.MEETING_SOON:
            held = file.meeting(reminder.subject)
            mine = [a for a in file.asks if a.meeting_id == held.id and a.person_id == reminder.recipient]
            since = held.called_at if reminder.recipient == "coordinator" else min(a.asked_at for a in mine)
            assert since < reminder.due_at < held.starts_at
        if reminder.kind is Kind.REGISTER:
            held = file.meeting(reminder.subject)
            assert reminder.due_at >= held.ends_at
            assert not file.filled_in(held)
    assert all(r.due_at is not None and r.due_at > now for r in due_after(file, now))
