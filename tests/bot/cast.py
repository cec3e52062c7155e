"""The directory for tests of rules: one team, its agencies, their people.

A person's id is their role; their Slack id is `slack(id)`. `both` is health's only contact and a contact of
the social services; `deputy-coordinator` also takes part for follow-up; the lawyers have only a work mail;
the shelter's person is on Slack, but is still reached by the coordinator.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.directory.entities import (
    Agency,
    AgencyKind,
    Contact,
    Coordinator,
    Hours,
    Person,
    Team,
    TeamRules,
)
from bot.domain.language import Language

OSLO = ZoneInfo("Europe/Oslo")


def oslo(text: str) -> datetime:
    """Return the instant of a local «2026-11-24 10:00»."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(UTC)


#: A Tuesday, in working hours.
T0 = oslo("2026-11-24 10:00")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
RULES = TeamRules(places=("Rådhuset", "Utekontakten"), link_hosts=("meet.example",))
TEAM = Team("team", "bergen", "TOT Bergen", "mandate", Language.NB, "Europe/Oslo", RULES)
OTHER_TEAM = Team("other", "annet", "TOT 2", "mandate", Language.NB, "Europe/Oslo", RULES)
_KINDS = {
    "police": AgencyKind.POLICE,
    "welfare": AgencyKind.CHILD_WELFARE,
    "emergency": AgencyKind.CHILD_WELFARE_EMERGENCY,
    "counsel": AgencyKind.VICTIMS_COUNSEL,
    "shelter": AgencyKind.INSTITUTION,
    "health": AgencyKind.HEALTH,
    "social": AgencyKind.SOCIAL_SERVICES,
    "follow-up": AgencyKind.FOLLOW_UP,
    "deserted": AgencyKind.OTHER,
}
_CONTACTS: dict[str, tuple[str, ...]] = {
    "police": ("chief", "officer", "sergeant", "detective"),
    "welfare": ("caseworker", "head"),
    "emergency": ("night-watch",),
    "counsel": ("lawyer", "partner"),
    "shelter": ("keeper",),
    "health": ("both",),
    "social": ("both", "clerk"),
    "follow-up": ("deputy-coordinator",),
}
_HOURS = {"caseworker": Hours.OFFICE, "night-watch": Hours.OUT_OF_OFFICE}
_LEADERS, _MAIL_ALONE = ("chief", "head"), ("lawyer", "partner")


def slack(person_id: str) -> str:
    """Return the Slack id of a cast member."""
    return f"U-{person_id}"


def _person(person_id: str) -> Person:
    mail = f"{person_id}@work.example"
    return Person(person_id, None if person_id in _MAIL_ALONE else slack(person_id), mail)


PERSONS = {
    p: _person(p)
    for people in (
        ("coordinator", "deputy-coordinator", "stranger", "other-coordinator"),
        *_CONTACTS.values(),
    )
    for p in people
}
COORDINATORS = (
    Coordinator("c1", "team", "coordinator", T0 - DAY),
    Coordinator("c2", "team", "deputy-coordinator", T0 - DAY),
    Coordinator("c3", "other", "other-coordinator", T0 - DAY),
)
AGENCIES = {a: Agency(a, "team", a, kind, a.title()) for a, kind in _KINDS.items()}
OTHER_AGENCY = Agency("elsewhere", "other", "elsewhere", AgencyKind.OTHER, "Elsewhere")
CONTACTS = tuple(
    Contact(f"{agency}:{who}", agency, who, position, _HOURS.get(who, Hours.ALWAYS), who in _LEADERS)
    for agency, people in _CONTACTS.items()
    for position, who in enumerate(people, 1)
)
_PEOPLE = (*PERSONS.values(), *COORDINATORS)
DIRECTORY: tuple[object, ...] = (TEAM, OTHER_TEAM, OTHER_AGENCY, *_PEOPLE, *AGENCIES.values(), *CONTACTS)
