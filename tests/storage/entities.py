"""One connected entity of each kind: a team of two agencies and a case with a meeting."""

from __future__ import annotations

from dataclasses import Field, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from bot.domain.case import entities as facts
from bot.domain.case.actions import CaseAction, CaseNeed
from bot.domain.case.calendar import CalendarEntry
from bot.domain.case.dates import Deadline, Placement
from bot.domain.case.entities import (
    Ask,
    Case,
    CaseContact,
    CaseQuestion,
    ClosedPerson,
    Duty,
    FormerRoom,
    Involvement,
    Meeting,
    Pause,
    Phase,
    Room,
    Seat,
    SeatRole,
)
from bot.domain.case.links import Liaison, LiaisonInvitation, Link
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.convening import Convening
from bot.domain.directory.entities import (
    Agency,
    AgencyKind,
    Contact,
    Coordinator,
    Ground,
    NotOurs,
    Person,
    Quorum,
    Reason,
    Team,
    TeamRules,
)
from bot.domain.drill import Drill, DrillAsk
from bot.domain.guidance import Guidance
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.language import Language
from bot.domain.leftovers import Leftovers
from bot.domain.notifications import HeldAnswer, Kind, Revision
from bot.domain.report.yearly import YearCount
from bot.usecases.ports import Draft, Posted
from storage.unit_of_work import STORED

E = TypeVar("E")
T0 = datetime(2026, 11, 24, 8, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
#: What a field that names no person refers to, by field name.
REFERS = {
    "agency_id": "police",
    "asked_by": "police",
    "ask_id": "ask",
    "case_id": "case",
    "deputy_for": "ask",
    "drill_id": "drill",
    "duty_id": "duty",
    "involvement_id": "inv1",
    "joint_id": "joint",
    "liaison_id": "liaison",
    "meeting_id": "meeting",
    "poll_id": "poll",
    "takes_over": "seat",
    "team_id": "team",
}
#: Set at an item's deletion, when its other content is gone.
LAST = "purged_at"


def made(kind: type[E], id: str, **given: Any) -> E:
    """Return an entity with a value in each field: these, or one by the field's type and name."""
    of: Any = kind
    types = get_type_hints(kind)
    rest = [f for f in fields(of) if f.name not in ("id", LAST, *given)]
    made: E = of(id=id, **given, **{f.name: _something(kind, f, types[f.name]) for f in rest})
    return made


def full(entity: E, *but: str) -> E:
    """Return the entity with a value in each field that has its default, except these."""
    given: Any = entity
    filled: E = replace(given, **{name: each for name, each in lacking(given).items() if name not in but})
    return filled


def lacking(entity: Any) -> dict[str, Any]:
    """Return a value for each field that has its default."""
    types = get_type_hints(type(entity))
    left = [f for f in fields(entity) if f.default == getattr(entity, f.name) and f.name != LAST]
    return {f.name: _something(type(entity), f, types[f.name]) for f in left}


def _something(kind: type[Any], field: Field[Any], wanted: Any) -> Any:
    wanted = get_args(wanted)[0] if get_origin(wanted) is UnionType else wanted
    if wanted is bool:
        return field.default is not True
    if wanted is str:
        return "leader" if field.name in STORED[kind].persons else REFERS.get(field.name, field.name)
    if get_origin(wanted) is tuple:
        return (_something(kind, field, get_args(wanted)[0]),)
    if issubclass(wanted, StrEnum):
        return list(wanted)[-1]
    return {datetime: T0 + HOUR, date: date(2026, 12, 24), int: 2, HeldAnswer: HELD}[wanted]


HELD = HeldAnswer("counter", None, T0 + HOUR, T0, 2)
RULES = TeamRules(
    lead_times=(48, 2),
    quorum=Quorum(2, ((AgencyKind.POLICE,), (AgencyKind.HEALTH, AgencyKind.OTHER))),
    places=("Rådhuset", "«Sal 2»"),
    statement=((Language.NB, "Jeg bekrefter …"), (Language.EN, "I confirm …")),
)
TEAM = Team("team", "bergen", "TOT Bergen", "mandate", Language.NN, "Europe/Oslo", RULES)
LEADER = Person("leader", "U1", "leader@tot.example", Language.EN, "D1", True, False, date(2026, 11, 2))
#: Of no agency and in no case; not among the examples.
STRANGER = Person("stranger", slack_id="U9")
OFFICER = Person("officer", slack_id="U2")
NURSE = Person("nurse", work_mail="nurse@health.example")
DEPUTY = Person("deputy", slack_id="U4", deactivated=True)
COORDINATOR = Coordinator("coordinator", "team", "leader", T0, T0 + HOUR)
POLICE = full(Agency("police", "team", "politi", AgencyKind.POLICE, "Politiet"))
HEALTH = Agency("health", "team", "helse", AgencyKind.HEALTH, "Helse")
OFFICER_OF_POLICE = full(Contact("c1", "police", "officer", 1, title="etterforsker"))
NURSE_OF_HEALTH = Contact("c2", "health", "nurse", 1)
CASE = full(Case("case", "team", "k7f3", Phase.ACUTE, 3, "leader", T0))
ROOM = full(Room("room", "case", "C1", "rom-k7f3", ("leader", "officer")))
INVOLVEMENT = Involvement(
    *("inv1", "case", "police", "ABC", Reason.INVESTIGATION, Ground.LEGAL, T0),
    ended_at=T0 + HOUR,
    on_record=True,
)
EXPECTED = Involvement(
    *("inv2", "case", "health", "A", Reason.HEALTH, Ground.CONSENT),
    not_ours=NotOurs.OTHER_DISTRICT,
    not_ours_at=T0 + HOUR,
    not_ours_by="nurse",
)
UNASKED = replace(EXPECTED, not_ours=None, not_ours_at=None, not_ours_by=None)
MEETING = full(Meeting("meeting", "case", T0 + 24 * HOUR, T0 + 25 * HOUR, T0))
SEAT = full(Seat("seat", "case", "officer", SeatRole.DEPUTY, T0), "takes_over")
SUCCESSOR = Seat("seat2", "case", "nurse", SeatRole.AGENCY, T0 + HOUR, "inv1", takes_over="seat")
DUTY = full(Duty("duty", "case", "meeting", "inv1", T0))
ASK = full(
    Ask("ask", "case", "duty", "meeting", "officer", "uid-1", T0, 2),
    *("deputy_for", "escalated_from"),
)
DEPUTY_ASK = Ask(*("ask2", "case", "duty", "meeting", "deputy", "uid-2", T0, 2), deputy_for="ask")
NEXT_ASK = Ask(
    *("ask3", "case", "duty", "meeting", "nurse", "uid-3", T0, 2),
    escalated_from="ask",
    overtaken_by="officer",
)
TIMES = (T0, T0 + 24 * HOUR, T0 + 25 * HOUR, T0 + HOUR)
ENTRY = full(
    CalendarEntry("entry", "officer@tot.example", "uid-1", "token", *TIMES, 2, case_id="case"),
    "invitation_id",
)
LIAISONS_ENTRY = CalendarEntry(
    *("entry2", "officer@tot.example", "uid-9", "token9", T0, T0 + 24 * HOUR, T0 + 25 * HOUR, T0 + HOUR, 2),
    case_id="case",
    invitation_id="invitation",
)
POSTED = Posted(
    *("posted", "summons:ask:officer", Kind.SUMMONS, "ask", "op", "D2", "1.2", "digest", T0),
    *("case", "officer", "F1"),
)
POSTED_OF_ITEM = Posted(
    *("posted2", "guidance_answer:guidance:nurse:2", Kind.GUIDANCE_ANSWER, "guidance", "op2", "D3", "1.3"),
    *("digest", T0, None, "nurse"),
    params=Revision(2),
    item="guidance/guidance",
)
GUIDANCE, CONVENING = made(Guidance, "guidance"), made(Convening, "convening")
JOINT, INVITED = made(JointMeeting, "joint"), made(JointInvitation, "invited", uid="uid-j")
JOINT_ENTRY = made(JointEntry, "j-entry", uid="uid-j", token="token-j", invitation_id="invited")
DRILL, DRILL_ASK = made(Drill, "drill"), made(DrillAsk, "drill-ask", token="token-d")
LEFTOVERS = made(Leftovers, "left")
DRAFT = Draft("draft", "leader", '{"persons": 3}', T0)
#: Kinds of which nothing in particular is asked.
OTHERS: tuple[object, ...] = (
    *(made(CaseQuestion, "question"), made(ClosedPerson, "closed")),
    *(made(Link, "link"), made(LiaisonInvitation, "invitation"), made(Liaison, "liaison")),
    *(made(Pause, "standstill"), made(TimeAnswer, "time-answer"), made(TimePoll, "poll")),
    *(made(CaseNeed, "need"), made(CaseAction, "action"), made(CaseAction, "changed", follows=None)),
    *(made(Placement, "placement"), made(Deadline, "deadline"), made(facts.Correction, "correction")),
    *(made(facts.Arrival, "arrival"), made(facts.EscalationStep, "step"), made(facts.Count, "count")),
    *(made(YearCount, "year-count"), made(facts.PhoneAnswer, "phone"), made(CaseContact, "counsel")),
    made(FormerRoom, "former", code="p4qx", members=("leader",)),
)
#: Ordered so that each refers both to later and to earlier ones.
EVERYTHING: tuple[object, ...] = (
    *(DRILL_ASK, DRILL, LEFTOVERS, JOINT_ENTRY, INVITED, JOINT, CONVENING, GUIDANCE, *OTHERS, NEXT_ASK),
    *(ENTRY, LIAISONS_ENTRY, DEPUTY_ASK, ASK, DUTY, SUCCESSOR, SEAT, MEETING, EXPECTED, INVOLVEMENT, ROOM),
    *(CASE, POSTED, POSTED_OF_ITEM, DRAFT, NURSE_OF_HEALTH, OFFICER_OF_POLICE, HEALTH, POLICE, COORDINATOR),
    *(LEADER, OFFICER, NURSE, DEPUTY, TEAM),
)
#: A case in its first hour: nothing is closed, withdrawn or ended.
OPEN: tuple[object, ...] = (
    *(TEAM, LEADER, OFFICER, NURSE, replace(DEPUTY, deactivated=False)),
    *(replace(COORDINATOR, until=None), replace(POLICE, retired=False), HEALTH),
    *(replace(OFFICER_OF_POLICE, retired=False), NURSE_OF_HEALTH),
    replace(CASE, closed_at=None, delete_on=None, purged_at=None),
    replace(ROOM, archived=False),
    *(replace(INVOLVEMENT, ended_at=None), UNASKED),
    replace(MEETING, cancelled_at=None, registered_at=None),
    Seat("seat0", "case", "leader", SeatRole.COORDINATOR, T0, acknowledged_at=T0),
    Seat("seat", "case", "officer", SeatRole.AGENCY, T0 + HOUR, "inv1"),
    Duty("duty", "case", "meeting", "inv1", T0),
    Ask("ask", "case", "duty", "meeting", "officer", "uid-1", T0, 2),
    replace(DEPUTY_ASK, asked_at=T0 + HOUR),
    *(POSTED, DRAFT),
)
