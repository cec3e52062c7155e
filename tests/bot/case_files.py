"""Case files for tests of pure rules: a case with some agencies, built fact by fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.case.entities import Ask, Case, Duty, Involvement, Meeting, Phase, Room, Seat, SeatRole, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Ground, Reason, TeamRules
from tests.bot import cast
from tests.bot.cast import HOUR, T0


def part(agency_id: str, **facts: object) -> Involvement:
    """Return an agency's part, asked at T0."""
    own = f"in:{agency_id}"
    whole = Involvement(own, "case", agency_id, "A", Reason.FOLLOW_UP, Ground.CONSENT, asked_at=T0)
    return replace(whole, **facts)  # type: ignore[arg-type]


def seat(person_id: str, agency_id: str | None, *, confirmed: bool = True, **facts: object) -> Seat:
    """Return a seat for an agency, or a coordinator's; confirmed by default."""
    role, of = (SeatRole.AGENCY, f"in:{agency_id}") if agency_id else (SeatRole.COORDINATOR, None)
    whole = Seat(f"seat:{person_id}:{agency_id}", "case", person_id, role, T0, of)
    if confirmed:
        whole = replace(whole, acknowledged_at=T0, acknowledged_via=Via.SLACK, acknowledged_by=person_id)
    return replace(whole, **facts)  # type: ignore[arg-type]


def deputy_seat(person_id: str, agency_id: str) -> Seat:
    own = f"deputy:{person_id}:{agency_id}"
    return seat(person_id, agency_id, id=own, meeting_id="meeting", role=SeatRole.DEPUTY)


def meeting(starts_at: datetime = T0 + 26 * HOUR, **facts: object) -> Meeting:
    """Return the meeting, of one hour, called at T0."""
    whole = Meeting("meeting", "case", starts_at, starts_at + HOUR, T0, place="Rådhuset")
    return replace(whole, **facts)  # type: ignore[arg-type]


def duty(agency_id: str, meeting_id: str = "meeting", **facts: object) -> Duty:
    whole = Duty(f"duty:{agency_id}:{meeting_id}", "case", meeting_id, f"in:{agency_id}", T0)
    return replace(whole, **facts)  # type: ignore[arg-type]


def ask(person_id: str, agency_id: str, meeting_id: str = "meeting", **facts: object) -> Ask:
    """Return an ask to a person at T0, to be answered within an hour."""
    own, of = f"ask:{person_id}:{agency_id}:{meeting_id}", f"duty:{agency_id}:{meeting_id}"
    whole = Ask(own, "case", of, meeting_id, person_id, person_id, T0, 0)
    return replace(whole, **facts)  # type: ignore[arg-type]


def called(
    at: str, meets: str, *, phase: Phase = Phase.ACUTE, rules: TeamRules = cast.RULES, confirmed: bool = True
) -> CaseFile:
    """Return a case in which the officer is asked at one local time to a meeting at another."""
    asked_at = cast.oslo(at)
    held = meeting(cast.oslo(meets), called_at=asked_at)
    return case_file(
        *(part("police"), seat("officer", "police", confirmed=confirmed), held, duty("police")),
        ask("officer", "police", asked_at=asked_at),
        phase=phase,
        rules=rules,
    )


def case_file(
    *facts: object,
    phase: Phase = Phase.ACUTE,
    rules: TeamRules = cast.RULES,
    closed_at: datetime | None = None,
    room: Room | None = None,
) -> CaseFile:
    """Return a case opened by the coordinator, with these involvements, seats, meetings, duties, asks."""

    def of(kind: type) -> tuple[object, ...]:
        return tuple(f for f in facts if isinstance(f, kind))

    opened = Case("case", "team", "k7f3", phase, 2, "coordinator", T0)
    return CaseFile(
        team=replace(cast.TEAM, rules=rules),
        case=replace(opened, closed_at=closed_at),
        room=room or Room("room", "case"),
        involvements=of(Involvement),  # type: ignore[arg-type]
        seats=(seat("coordinator", None), *of(Seat)),  # type: ignore[arg-type]
        meetings=of(Meeting),  # type: ignore[arg-type]
        duties=of(Duty),  # type: ignore[arg-type]
        asks=of(Ask),  # type: ignore[arg-type]
        agencies=dict(cast.AGENCIES),
        contacts=cast.CONTACTS,
        coordinators=tuple(c for c in cast.COORDINATORS if c.team_id == "team"),
        persons=dict(cast.PERSONS),
    )


def summoned(person_id: str, agency_id: str, *, confirmed: bool = True) -> tuple[object, ...]:
    """Return an agency with a lead who was asked to the meeting at T0."""
    lead = seat(person_id, agency_id, confirmed=confirmed)
    return part(agency_id), lead, duty(agency_id), ask(person_id, agency_id)
