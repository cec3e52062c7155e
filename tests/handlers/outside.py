"""Objects outside cases, made from a case's team; their size follows the team's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening, Urgency
from bot.domain.directory.entities import Contact, Person
from bot.domain.directory.on_call import Turn
from bot.domain.drill import Drill, DrillAsk
from bot.domain.guidance import Guidance
from bot.domain.joint import JointInvitation, JointMeeting, JointMeetingView
from bot.domain.notifications import Kind, Notification, Params
from bot.texts.words import Words
from bot.usecases.convening import ConveningView
from bot.usecases.directory.agencies import Listed, Roster
from bot.usecases.drill import DrillView
from bot.usecases.guidance import ANSWER, QUESTION, GuidanceView
from bot.usecases.joint import Change, JointReview
from bot.usecases.outside import AskedView
from bot.usecases.validation import MeetingPlan, Warn
from handlers.blocks.context import Message, PersonRenderContext
from handlers.directory import roster
from handlers.guidance import messages as guidance_messages
from handlers.joint import messages as joint_messages
from tests.handlers.cases import NOW, ORGANIZER, STARTS

DAY = timedelta(days=1)
UID = f"{'0a' * 16}"
NASTY = "<!channel> *x* <@U0EVIL> & "
PLAN = MeetingPlan(STARTS, STARTS + timedelta(hours=1), place="Rådhuset", link="https://meet.example/x")


def standing(file: CaseFile, **facts: Any) -> GuidanceView:
    """Return a question from the police officer to the team."""
    asked = Guidance("guidance", file.team.id, "minors", NOW, NOW + 2 * DAY, "police", NASTY * 50, UID)
    asked = replace(asked, **facts)
    return AskedView(asked, file.team, ("lead", "second"), dict(file.persons))


def answered(file: CaseFile) -> GuidanceView:
    """Return the same, answered at length and discussed."""
    return standing(
        file,
        text=("&<>" * QUESTION.longest)[: QUESTION.longest],
        answer=("&<>" * ANSWER.longest)[: ANSWER.longest],
        answers=1,
        answered_at=NOW,
        answered_by="lead",
        talk_at=STARTS,
        talk_by="lead",
        talk_invited_at=NOW,
    )


def request(file: CaseFile) -> ConveningView:
    """Return the police's request that TOT convenes."""
    asked = Convening(
        *("convening", file.team.id, "agency-police", Urgency.TODAY, NOW, NOW + DAY, "police", NASTY * 10)
    )
    agency = file.agencies["agency-police"]
    return AskedView(asked, file.team, ("lead", "second"), dict(file.persons), agency)


def meeting_view(file: CaseFile) -> JointMeetingView:
    """Return a joint meeting to which a contact of every agency is invited."""
    meeting = JointMeeting(
        *("joint", file.team.id, STARTS, PLAN.ends_at, NOW, "lead", NASTY * 4, NASTY * 10, "Rådhuset"),
        link="https://meet.example/x",
        delete_on=STARTS.date(),
    )
    people = dict(file.persons) | {
        f"p-{id}": Person(f"p-{id}", f"U{n}") for n, id in enumerate(file.agencies)
    }
    invited = tuple(
        JointInvitation(f"i-{id}", "joint", id, f"p-{id}", UID, NOW, comes=n % 2 == 0)
        for n, id in enumerate(file.agencies)
    )
    own = JointInvitation("own", "joint", "agency-police", "police", UID, NOW)
    titles = {(c.agency_id, c.person_id): c.title for c in file.contacts}
    contacts = tuple(
        Contact(f"c-{i.id}", i.agency_id, i.person_id, 1, title=titles.get((i.agency_id, i.person_id), ""))
        for i in (own, *invited)
    )
    return JointMeetingView(
        *(NOW, meeting, file.team, (own, *invited), dict(file.agencies), contacts, ("lead", "second"), people)
    )


def review(file: CaseFile) -> JointReview:
    """Return the people to whom a joint meeting would be told."""
    now = meeting_view(file)
    contacts = tuple(c for c in file.contacts if c.person_id in file.persons)
    invited = tuple(JointInvitation("", "", c.agency_id, c.person_id, "", NOW) for c in contacts)
    return JointReview(replace(now, invited=invited, contacts=contacts), {}, Change.CALLED, ())


def move_review(file: CaseFile) -> JointReview:
    """Return the people to whom a move would be told, with every warning."""
    return JointReview(meeting_view(file), {"topic": NASTY}, Change.TIME, tuple(Warn))


def moved(file: CaseFile) -> JointMeetingView:
    """Return the same, moved twice."""
    now = meeting_view(file)
    return replace(now, meeting=replace(now.meeting, sequence=2, asked_sequence=2))


def a_roster(file: CaseFile) -> Roster:
    """Return every agency, and who is on call in it."""

    def listed(agency_id: str) -> Listed:
        agency, contacts = file.agencies[agency_id], tuple(file.contacts_of(agency_id))
        if agency.reached_by_coordinator:
            return Listed(agency, None)
        first = contacts[0] if contacts else None
        return Listed(agency, Turn(first, STARTS, None, None), contacts)

    return Roster(file.team, (), tuple(map(listed, file.agencies)), dict(file.persons))


def a_drill(file: CaseFile, **facts: Any) -> DrillView:
    """Return a drill of every agency's contacts on its second day; the police officer leads, unpressed."""
    agencies = tuple(a for a in file.agencies.values() if not a.reached_by_coordinator)
    own = [c for a in agencies for c in file.contacts if c.agency_id == a.id]
    contacts = tuple(replace(c, leader=c.person_id == "police") for c in own)
    begun = Drill("drill", file.team.id, NOW - DAY, "lead", delete_on=STARTS.date())
    asks = {c.person_id: DrillAsk(f"ask-{c.person_id}", "drill", c.person_id) for c in contacts}
    posted = {(Kind.DRILL_ASKED, id): NOW - DAY for id in asks}
    now = DrillView(
        *(begun, file.team, NOW, ("lead", "second"), agencies, contacts, dict(file.persons), asks, posted),
        mailable=frozenset(),
        acute=False,
    )
    return replace(now, **facts)


def ctx(words: Words, kind: Kind, reader: str, params: Params | None = None) -> PersonRenderContext:
    """Return a message's delivery to a reader who is known to get it."""
    told = Notification(kind, "item", recipient=reader, params=params)
    person = Person(reader)
    return PersonRenderContext(cast(Any, None), told, person, words, NOW, ORGANIZER, mail_is_read=True)


#: Besides those of `tests.lock_screen`.
MESSAGES: dict[str, Callable[[Words, CaseFile], Message | None]] = {
    "asked_answered": lambda w, f: guidance_messages.asked(ctx(w, Kind.GUIDANCE_ASKED, "lead"), answered(f)),
    "moved": lambda w, f: joint_messages.invited(ctx(w, Kind.JOINT_INVITED, "police"), moved(f)),
    "called_moved": lambda w, f: joint_messages.called(ctx(w, Kind.JOINT_CALLED, "lead"), moved(f)),
    "roster": lambda w, f: roster.roster_answer(w, [a_roster(f)]),
}
