"""One entity of each kind, hanging together: a team of two agencies and a case with a meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.case import entities as facts
from bot.domain.case.actions import CaseAction, CaseNeed, Outcome
from bot.domain.case.calendar import CalendarEntry, Post, Trouble
from bot.domain.case.dates import Afterwards, Deadline, DeadlineKind, Placement
from bot.domain.case.entities import (
    Answer,
    Approval,
    Ask,
    Attendance,
    Case,
    CaseContact,
    CaseQuestion,
    ClosedPerson,
    DeclineReason,
    Duty,
    FormerRoom,
    Involvement,
    Meeting,
    Pause,
    PauseReason,
    Phase,
    QuorumReason,
    Rhythm,
    Room,
    RoomTrouble,
    Seat,
    SeatEnd,
    SeatRole,
    Via,
)
from bot.domain.case.links import Liaison, LiaisonInvitation, Link, LinkKind
from bot.domain.case.polls import TimeAnswer, TimePoll
from bot.domain.convening import Convening, NotConvened, Urgency
from bot.domain.directory.entities import (
    Agency,
    AgencyKind,
    Contact,
    Coordinator,
    Ground,
    Hours,
    NotOurs,
    Person,
    Quorum,
    Reason,
    Team,
    TeamRules,
)
from bot.domain.drill import Drill, DrillAsk
from bot.domain.guidance import Guidance, GuidanceOutcome, Theme
from bot.domain.joint import JointEntry, JointInvitation, JointMeeting
from bot.domain.language import Language
from bot.domain.leftovers import Leftovers
from bot.domain.notifications import HeldAnswer, Kind, Revision
from bot.domain.owner import OwnerAnswer
from bot.domain.report.yearly import YearCount, YearMeasure
from bot.usecases.ports import Draft, Posted

T0 = datetime(2026, 11, 24, 8, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
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
POLICE = Agency(
    *("police", "team", "politi", AgencyKind.POLICE, "Politiet", True, "Dekknavn", "02800", "kan mye"),
    *(Reason.INVESTIGATION, Ground.LEGAL, True, False, True, date(2026, 5, 1)),
)
HEALTH = Agency("health", "team", "helse", AgencyKind.HEALTH, "Helse")
OFFICER_OF_POLICE = Contact(
    *("c1", "police", "officer", 1, Hours.OFFICE, True, "etterforsker", True, True),
    *(date(2026, 12, 1), date(2026, 12, 7), date(2026, 5, 1)),
)
NURSE_OF_HEALTH = Contact("c2", "health", "nurse", 1)
CASE = Case(
    *("case", "team", "k7f3", Phase.ACUTE, 3, "leader", T0, "police"),
    *(T0 + HOUR, date(2026, 12, 24), None, Rhythm.MONTHLY, T0, T0 + HOUR),
    *("leader", T0 + HOUR, "leader", True),
)
ROOM = Room(
    *("room", "case", "C1", "rom-k7f3", ("leader", "officer"), 2, True, True),
    *(RoomTrouble.SHARED, T0 + HOUR, ("officer",)),
)
FORMER_ROOM = FormerRoom("former", "case", "p4qx", "C2", T0, ("leader", "officer"), T0 + HOUR)
INVOLVEMENT = Involvement(
    *("inv1", "case", "police", "ABC", Reason.INVESTIGATION, Ground.LEGAL, T0, T0 + HOUR), on_record=True
)
EXPECTED = Involvement(
    *("inv2", "case", "health", "A", Reason.HEALTH, Ground.CONSENT),
    not_ours=NotOurs.OTHER_DISTRICT,
    not_ours_at=T0 + HOUR,
    not_ours_by="nurse",
)
UNASKED = replace(EXPECTED, not_ours=None, not_ours_at=None, not_ours_by=None)
MEETING = Meeting(
    *("meeting", "case", T0 + 24 * HOUR, T0 + 25 * HOUR, "leader", T0, "Rådhuset", "https://meet.example/1"),
    *("ta med kaffe", 2, T0 + HOUR, T0 + 26 * HOUR, "officer", QuorumReason.CANNOT_WAIT, T0, "leader"),
    moved_from=T0,
    treated=("lawyer",),
)
CASE_CONTACT = CaseContact("counsel", "case", "police", "officer", "oppnevnt advokat", "930 00 000")
SEAT = Seat(
    *("seat", "case", "officer", SeatRole.DEPUTY, T0, "inv1", "meeting", T0 + HOUR, Via.PHONE, "leader"),
    *(T0 + 2 * HOUR, SeatEnd.MEETING_REGISTERED),
)
SUCCESSOR = Seat("seat2", "case", "nurse", SeatRole.AGENCY, T0 + HOUR, "inv1", takes_over="seat")
DUTY = Duty(
    *("duty", "case", "meeting", "inv1", T0, T0 + HOUR, Attendance.DEPUTY_PRESENT, "leader", True),
    DeclineReason.TRAVEL,
)
ASK = Ask(
    *("ask", "case", "duty", "meeting", "officer", "uid-1", T0, T0 + 12 * HOUR, 2, None, T0, Via.MAIL),
    *(Answer.DECLINED, T0 + HOUR, "leader", DeclineReason.COURT, T0 + 2 * HOUR),
)
PHONE_ANSWER = facts.PhoneAnswer(
    *("phone", "case", "duty", 2, facts.OnDuty.DUTY_OFFICER, T0 + HOUR, "leader", Answer.CONFIRMED)
)
DEPUTY_ASK = Ask(
    *("ask2", "case", "duty", "meeting", "deputy", "uid-2", T0, T0 + 12 * HOUR, 2),
    deputy_for="ask",
    decides=True,
    named_by="officer",
    approval=Approval.REFUSED,
    approved_by="leader",
    refusal="må kunne ta beslutninger",
    first_answered_at=T0 + HOUR,
    asked_anew=True,
    ring_anew=True,
    with_deputy=True,
)
NEXT_ASK = Ask(
    *("ask3", "case", "duty", "meeting", "nurse", "uid-3", T0, T0 + 12 * HOUR, 2),
    escalated_from="ask",
    overtaken_by="officer",
)
STEP = facts.EscalationStep(
    "step", "case", "duty", "ask", 2, facts.StepKind.LEADER, T0 + HOUR, "leader", T0 + 2 * HOUR
)
ARRIVAL = facts.Arrival("arrival", "case", "meeting", "officer", T0 + 24 * HOUR, "duty", recorded_by="leader")
CORRECTION = facts.Correction(
    *("correction", "case", "duty", T0 + 27 * HOUR, "leader"),
    *(Attendance.ABSENT_WITHOUT_NOTICE, Attendance.DEPUTY_PRESENT, False, True),
)
COUNT = facts.Count("count", "team", "police", date(2026, 11, 1), facts.Measure.SUMMONED, 7)
YEAR_COUNT = YearCount("year-count", "team", 2026, YearMeasure.MEETING_TOO_FEW, 3)
CLOSED_PERSON = ClosedPerson("closed", "case", "B", T0 + HOUR)
LINK = Link("link", "case", LinkKind.REPEAT, "token of both")
LIAISON = Liaison(
    *("liaison", "case", date(2026, 12, 9), T0, "leader", "fra et annet distrikt", "seat"),
    *(Via.PHONE, T0 + HOUR),
)
INVITATION = LiaisonInvitation("invitation", "case", "liaison", "meeting", "officer", "uid-9", T0, 2, True)
STANDSTILL = Pause(*("standstill", "case", PauseReason.THINKING, date(2026, 12, 21), "inv1", T0, T0 + HOUR))
POLL = TimePoll(
    *("poll", "case", "leader", T0, T0 + HOUR, (T0 + 48 * HOUR, T0 + 72 * HOUR), 90, "Rådhuset"),
    *("https://meet.example/1", "ta med kaffe", "officer", "meeting", 2),
)
TIME_ANSWER = TimeAnswer(
    *("time-answer", "case", "poll", "inv1", "officer", T0 + HOUR, "leader"),
    *((T0 + 48 * HOUR,), (T0 + 72 * HOUR,), Via.PHONE),
)
NEED = CaseNeed("need", "case", "housing", T0, "inv1", T0 + HOUR)
ACTION = CaseAction(
    *("action", "case", "inv1", "AB", date(2026, 12, 8), T0, "leader", "housing", "innen helga"),
    *(Outcome.NOT_POSSIBLE, T0 + HOUR, "changed"),
)
CHANGED_ACTION = CaseAction(
    *("changed", "case", "inv1", "AB", date(2026, 12, 4), T0, "leader", "housing", "innen helga"), *(None, T0)
)
PLACEMENT = Placement(
    *("placement", "case", "B", date(2026, 11, 25), date(2027, 5, 24), T0), *(Afterwards.FAMILY, T0 + HOUR)
)
DEADLINE = Deadline(
    *("deadline", "case", DeadlineKind.OWN, date(2026, 12, 1), T0, "inv1", "A", "melding"), ended_at=T0 + HOUR
)
ENTRY = CalendarEntry(
    *("entry", "officer@tot.example", "uid-1", "token", T0, T0 + 24 * HOUR, T0 + 25 * HOUR, T0 + HOUR),
    ask_sequence=2,
    sequence=3,
    cancelled=True,
    post=Post.LEAVING,
    trouble=Trouble.RELAY,
    reply_sequence=2,
    reply_stamp=T0 + HOUR,
    replied_at=T0 + 2 * HOUR,
    tentative=True,
    held=(HeldAnswer("counter", None, T0 + 26 * HOUR, T0, 2),),
    case_id="case",
    ask_id="ask",
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
GUIDANCE = Guidance(
    *("guidance", "team", Theme.MINORS.value, T0, T0 + 48 * HOUR, "nurse", "et spørsmål", "uid-g"),
    answer="et svar",
    answers=2,
    answered_at=T0 + HOUR,
    answered_by="leader",
    talk_at=T0 + 72 * HOUR,
    talk_by="leader",
    talk_invited_at=T0 + 2 * HOUR,
    talk_sequence=1,
    in_time=True,
    outcome=GuidanceOutcome.ANSWERED,
    closed_at=T0 + 80 * HOUR,
    delete_on=date(2026, 12, 24),
    erasing_since=T0 + 80 * HOUR,
)
QUESTION = CaseQuestion("question", "case", T0, "officer", "et spørsmål", 2, "et svar", "leader")
CONVENING = Convening(
    *("convening", "team", "health", Urgency.TODAY, T0, T0 + HOUR, "nurse", "en merknad", False),
    *(NotConvened.GUIDANCE, T0 + HOUR, "leader"),
    delete_on=date(2026, 12, 24),
    erasing_since=T0 + 80 * HOUR,
)
JOINT = JointMeeting(
    *("joint", "team", T0 + 24 * HOUR, T0 + 25 * HOUR, T0, "leader", "et emne", "en plan", "Rådhuset"),
    *("https://meet.example/x", Theme.SIGNS.value, 3, 2, T0 + HOUR, T0 + 26 * HOUR),
    asked_sequence=2,
    delete_on=date(2026, 12, 24),
    erasing_since=T0 + 80 * HOUR,
)
INVITED = JointInvitation(*("invited", "joint", "health", "nurse", "uid-j", T0, True, T0 + HOUR, True))
JOINT_ENTRY = JointEntry(
    *("j-entry", "nurse@health.example", "uid-j", "token-j", T0, T0 + 24 * HOUR, T0 + 25 * HOUR, T0 + HOUR),
    ask_sequence=3,
    sequence=2,
    cancelled=True,
    post=Post.SENT,
    trouble=Trouble.LOGIN,
    reply_sequence=2,
    reply_stamp=T0 + HOUR,
    replied_at=T0 + 2 * HOUR,
    tentative=True,
    held=(HeldAnswer("declined", None, T0 + 26 * HOUR, T0, 2),),
    joint_id="joint",
    invitation_id="invited",
)
DRILL = Drill(*("drill", "team", T0, "leader"), delete_on=date(2026, 12, 8), erasing_since=T0 + 80 * HOUR)
DRILL_ASK = DrillAsk("drill-ask", "drill", "nurse", date(2026, 11, 25), "token-d", date(2026, 11, 24))
LEFTOVERS = Leftovers("left", "team", date(2026, 12, 24), ("https://x.example/p1",), cleared=True)
OWNER = OwnerAnswer("ai", True, date(2026, 11, 1), "Kari, IT")
DRAFT = Draft("draft", "leader", '{"persons": 3}', T0)
#: In an order in which each refers to later ones as well as to earlier ones.
EVERYTHING: tuple[object, ...] = (
    *(DRILL_ASK, DRILL, LEFTOVERS, OWNER, JOINT_ENTRY, INVITED, JOINT, CONVENING, GUIDANCE),
    *(QUESTION, CLOSED_PERSON, LINK, INVITATION, LIAISON, STANDSTILL, TIME_ANSWER, POLL),
    *(NEED, ACTION, CHANGED_ACTION, PLACEMENT, DEADLINE),
    *(CORRECTION, ARRIVAL, STEP, COUNT, YEAR_COUNT, NEXT_ASK),
    *(ENTRY, LIAISONS_ENTRY, DEPUTY_ASK, PHONE_ANSWER, ASK, DUTY, SUCCESSOR, CASE_CONTACT, SEAT),
    *(MEETING, EXPECTED, INVOLVEMENT, FORMER_ROOM, ROOM, CASE, POSTED, POSTED_OF_ITEM, DRAFT),
    *(NURSE_OF_HEALTH, OFFICER_OF_POLICE, HEALTH, POLICE, COORDINATOR),
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
    Ask("ask", "case", "duty", "meeting", "officer", "uid-1", T0, T0 + 12 * HOUR, 2),
    replace(DEPUTY_ASK, asked_at=T0 + HOUR),
    *(POSTED, DRAFT),
)
