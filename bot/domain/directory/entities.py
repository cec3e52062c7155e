"""Teams, agencies, contacts and the humans behind them.

The terms are those of the TOT mandate: a team is *data* (Bergen has two), an agency is a service, a contact
is a person's role in it. One human may hold several roles; their rights are the union.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain import worktime
from bot.domain.language import Language


class Need(StrEnum):
    """The needs with texts in every language; a team may drop some and add its own."""

    PROTECTION = "protection"
    HOUSING = "housing"
    CHILD_WELFARE = "child_welfare"
    HEALTH = "health"
    LAWYER = "lawyer"
    GUARDIAN = "guardian"
    INTERPRETER = "interpreter"
    RESIDENCE = "residence"
    INCOME = "income"
    SCHOOL_OR_WORK = "school_or_work"
    SAFE_RETURN = "safe_return"
    FAMILY = "family"
    OWN_VOICE = "own_voice"


#: The list of needs of a team without its own.
USUAL_NEEDS: tuple[str, ...] = tuple(need.value for need in Need)


class AgencyKind(StrEnum):
    """The kind of service. Quorum and usual grounds depend on it."""

    POLICE = "police"
    CHILD_WELFARE = "child_welfare"
    CHILD_WELFARE_EMERGENCY = "child_welfare_emergency"
    SOCIAL_SERVICES = "social_services"
    VICTIMS_COUNSEL = "victims_counsel"
    IMMIGRATION = "immigration"
    FOLLOW_UP = "follow_up"
    INSTITUTION = "institution"
    CRISIS_CENTRE = "crisis_centre"
    GUARDIAN = "guardian"
    HEALTH = "health"
    OTHER = "other"


#: Their mere membership in a room tells where somebody lives, so they are shown under a cover name («botilbud
#: 1») and reached through the coordinator.
#: Source: docs/domain.md, «What may never be in the bot, Slack, a calendar or a mail».
SHELTERING = frozenset({AgencyKind.INSTITUTION, AgencyKind.CRISIS_CENTRE})


#: Kinds that a municipality runs, unless the agency's own data says otherwise. Health services, institutions
#: and crisis centres vary.
MUNICIPAL = frozenset(
    {
        AgencyKind.CHILD_WELFARE,
        AgencyKind.CHILD_WELFARE_EMERGENCY,
        AgencyKind.SOCIAL_SERVICES,
        AgencyKind.FOLLOW_UP,
    }
)


class NotOurs(StrEnum):
    """The fixed reasons why a case is not an agency's. None of them says anything about the case."""

    NOT_OUR_TASK = "not_our_task"
    NOT_INVOLVED = "not_involved"
    OTHER_DISTRICT = "other_district"


class Ground(StrEnum):
    """The ground on which an agency shares. It is recorded, never judged, and may be settled later."""

    CONSENT = "consent"
    LEGAL = "legal"
    ANONYMISED = "anonymised"
    NOT_SETTLED = "not_settled"


class Reason(StrEnum):
    INVESTIGATION = "investigation"
    CHILD_PROTECTION = "child_protection"
    HOUSING = "housing"
    INCOME = "income"
    LEGAL_AID = "legal_aid"
    RESIDENCE = "residence"
    HEALTH = "health"
    FOLLOW_UP = "follow_up"
    GUARDIANSHIP = "guardianship"


class Hours(StrEnum):
    """The hours that a contact keeps: barnevernvakt is not barnevern."""

    ALWAYS = "always"
    OFFICE = "office"
    OUT_OF_OFFICE = "out_of_office"


class AgendaPoint(StrEnum):
    """The fixed points of an agenda; a team may leave some out and add texts of its own."""

    PROTECTION = "protection"
    AGE_AND_IDENTITY = "age_and_identity"
    GUARDIAN = "guardian"
    LAWYER = "lawyer"
    INTERPRETER = "interpreter"
    HEALTH = "health"
    RESIDENCE = "residence"
    OWN_VOICE = "own_voice"
    NEXT_CONTACT = "next_contact"


@dataclass(frozen=True, slots=True)
class Quorum:
    """A minimum number of agencies, and groups of kinds. One agency of each group must be present."""

    minimum: int = 3
    any_of: tuple[tuple[AgencyKind, ...], ...] = (
        (AgencyKind.CHILD_WELFARE, AgencyKind.CHILD_WELFARE_EMERGENCY, AgencyKind.SOCIAL_SERVICES),
    )

    def reached(self, kinds: Collection[AgencyKind]) -> bool:
        """Return whether agencies of these kinds, one for each agency, are enough."""
        groups = (any(kind in group for kind in kinds) for group in self.any_of)
        return len(kinds) >= self.minimum and all(groups)


@dataclass(frozen=True, slots=True)
class TeamRules:
    """The rules that a coordinator may want to change: data with defaults, never constants in code.

    Windows are minutes from the ask; lead times are hours before the meeting; retention is days after
    closing; working hours are whole hours of the day in the team's zone. The steps of an escalation in haste
    (reminder, next contact, leader, coordinator) are minutes from the ask. A meeting has too few from
    `late_grace` minutes after its start on. The next coordinator is alerted a *turn* (in minutes) after the
    previous one, unless that one has taken the case. An agenda point is an `AgendaPoint` or the team's text.
    """

    acute_window: int = 60
    acute_steps: tuple[int, ...] = (15, 30, 60, 90)
    acute_turn: int = 10
    working_turn: int = 120
    lead_times: tuple[int, ...] = (24, 1)
    acute_meeting_within_days: int = 3
    retention_days: int = 30
    #: How many days longer a case waits for agencies that have not said that it is on record.
    record_days: int = 14
    work_from: int = 8
    work_to: int = 16
    quorum: Quorum = field(default_factory=Quorum)
    late_grace: int = 5
    agenda: tuple[str, ...] = tuple(point.value for point in AgendaPoint)
    places: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()
    #: The link to the team's video room, which is filled in when a case is opened in haste.
    video_room: str = ""
    #: The sender's name and phone number in the team's mails: never TOT. Without them no mail is signed.
    mail_name: str = ""
    mail_phone: str = ""
    #: Outside cases: working days within which guidance is answered, days until a closed item is deleted, and
    #: the team's own list of themes; without one the default list is used.
    guidance_days: int = 2
    outside_retention_days: int = 30
    themes: tuple[str, ...] = ()
    #: The team's own statement of confidentiality by language; without one the default text is used.
    statement: tuple[tuple[Language, str], ...] = ()
    #: The list of needs: those of `Need` have texts in every language, others are shown as they are.
    needs: tuple[str, ...] = USUAL_NEEDS
    #: What the law says about a placement, by language, and the day on which somebody last looked it up.
    placement_law: tuple[tuple[Language, str], ...] = ()
    placement_law_read: date = date(2026, 11, 1)
    #: The most months that a placement may be entered for.
    placement_months: int = 6
    #: How many weeks before a placement's end a planning meeting is proposed.
    placement_weeks: tuple[int, ...] = (8, 4, 2)

    @property
    def work_hours(self) -> worktime.WorkHours:
        return worktime.WorkHours(start=time(self.work_from), end=time(self.work_to))


#: People are reminded in the morning at this time of day.
REMINDED_AT = time(8)
#: People are asked about a meeting nearer than this in haste, at any hour.
NEAR = timedelta(hours=24)
#: The working time that must be left before the meeting after the half-day for answering.
LEFT_AFTER_ANSWER = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    key: str
    name: str
    mandate: str
    language: Language
    zone: str
    rules: TeamRules

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.time_zone).date()

    def morning(self, day: date) -> datetime:
        """Return the instant, in UTC, at which people are reminded on this day."""
        return worktime.local(day, REMINDED_AT, self.time_zone)

    def half_day_to_answer(self, asked_at: datetime, starts_at: datetime) -> datetime | None:
        """Return the end of the next half working day, the deadline for answering; None in haste.

        It is in haste if the meeting is near, or too little working time would be left after that half-day.
        """
        hours, zone = self.rules.work_hours, self.time_zone
        ends = worktime.end_of_half_day(asked_at, hours, zone)
        left = worktime.working_time_between(ends, starts_at, hours, zone)
        return ends if starts_at - asked_at >= NEAR and left >= LEFT_AFTER_ANSWER else None


@dataclass(frozen=True, slots=True)
class Person:
    """A human: a Slack id, a work mail, or both. Everything else refers to `id`.

    `deactivated` is what Slack says of the account. `home` is whether the person has ever opened the app's
    Home: it is published only to those. `language_on` is the day on which they chose the language.
    """

    id: str
    slack_id: str | None = None
    work_mail: str | None = None
    language: Language | None = None
    dm_channel: str | None = None
    home: bool = False
    deactivated: bool = False
    language_on: date | None = None

    @property
    def on_slack(self) -> bool:
        """Return whether the bot can reach the person in Slack."""
        return self.slack_id is not None and not self.deactivated

    @property
    def can_be_asked(self) -> bool:
        """Return whether there is any way to ask: Slack, or the coordinator by mail or phone."""
        return self.on_slack or self.work_mail is not None


@dataclass(frozen=True, slots=True)
class Coordinator:
    """The post of a person as coordinator of a team; `until` is set when they are relieved."""

    id: str
    team_id: str
    person_id: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """A service that takes part. `usual_reason` and `usual_ground` pre-fill an involvement.

    `municipal` is whether the municipality runs it; None: its kind decides. `duty` is whether it has a duty
    to attend; None: that follows from who runs it, since a municipal mandate binds others only as far as they
    have agreed to it. `line_confirmed` is the first day of the month in which its leader last confirmed the
    duty line.
    """

    id: str
    team_id: str
    key: str
    kind: AgencyKind
    name: str
    core: bool = False
    cover_name: str | None = None
    duty_line: str | None = None
    can: str = ""
    usual_reason: Reason = Reason.FOLLOW_UP
    usual_ground: Ground = Ground.CONSENT
    retired: bool = False
    municipal: bool | None = None
    duty: bool | None = None
    line_confirmed: date | None = None

    @property
    def proposed_ground(self) -> Ground:
        """The usual ground; instead of consent NOT_SETTLED, until somebody has been asked for it."""
        return Ground.NOT_SETTLED if self.usual_ground is Ground.CONSENT else self.usual_ground

    @property
    def led_by_municipality(self) -> bool:
        """Return whether the municipality runs the agency: the municipal director leads it."""
        return self.kind in MUNICIPAL if self.municipal is None else self.municipal

    @property
    def bound_to_attend(self) -> bool:
        """Return whether TOT's mandate obliges the agency to attend; others are only asked to."""
        return self.led_by_municipality if self.duty is None else self.duty

    @property
    def shown_name(self) -> str:
        """The only name that may leave the directory: the cover name where there is one."""
        return self.cover_name or self.name

    @property
    def reached_by_coordinator(self) -> bool:
        """Return whether only the coordinator reaches it: a sheltering agency gets no seat or message."""
        return self.kind in SHELTERING


@dataclass(frozen=True, slots=True)
class Contact:
    """A person's role in an agency. `position` is the order on call, from 1.

    A contact proposed by a leader `waits` for the coordinator's approval, and is not asked before that.
    `last_reached` is the first day of the month in which a drill last reached them.
    """

    id: str
    agency_id: str
    person_id: str
    position: int
    hours: Hours = Hours.ALWAYS
    leader: bool = False
    title: str = ""
    retired: bool = False
    waits: bool = False
    away_from: date | None = None
    away_until: date | None = None
    last_reached: date | None = None

    def away(self, day: date) -> bool:
        """Return whether the contact is away on a day of the team's zone; first and last day included."""
        begun = self.away_from is None or self.away_from <= day
        return self.away_until is not None and begun and day <= self.away_until
