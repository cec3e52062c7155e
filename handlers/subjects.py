"""All subjects of the bot. Help lists their commands in this order."""

from __future__ import annotations

from functools import cache

from handlers.actions.subject import ACTIONS
from handlers.answers.subject import ANSWERS
from handlers.attendance.subject import ATTENDANCE
from handlers.calendar import CALENDAR
from handlers.case.subject import CASE
from handlers.convening import CONVENING
from handlers.coordinating import COORDINATING
from handlers.dates.subject import DATES
from handlers.deputies.subject import DEPUTIES
from handlers.directory.subject import DIRECTORY
from handlers.drill import DRILLS
from handlers.escalation import ESCALATION
from handlers.guidance.subject import GUIDANCE
from handlers.involvement.subject import INVOLVEMENT
from handlers.joint.subject import JOINT
from handlers.leftovers import LEFTOVERS
from handlers.lifecycle.subject import LIFECYCLE
from handlers.links.subject import LINKS
from handlers.meeting.subject import MEETING
from handlers.on_record import ON_RECORD
from handlers.overview.requests import here
from handlers.overview.subject import OVERVIEW
from handlers.persons import PERSONS
from handlers.polls.subject import POLLS
from handlers.profile import PROFILE
from handlers.report.subject import REPORT
from handlers.room.subject import ROOM
from handlers.slack.declarations import Subject, Subjects

SUBJECTS: tuple[Subject, ...] = (
    CASE,
    INVOLVEMENT,
    COORDINATING,
    ANSWERS,
    ESCALATION,
    MEETING,
    POLLS,
    ATTENDANCE,
    ACTIONS,
    DATES,
    PERSONS,
    LINKS,
    ON_RECORD,
    LIFECYCLE,
    GUIDANCE,
    CONVENING,
    DIRECTORY,
    JOINT,
    DRILLS,
    REPORT,
    DEPUTIES,
    CALENDAR,
    ROOM,
    LEFTOVERS,
    PROFILE,
    OVERVIEW,
)


@cache
def joined() -> Subjects:
    """Return all subjects, joined and checked.

    Raises:
        DeclarationError: something is declared twice, or left out.
    """
    return Subjects(SUBJECTS, without_word=here)
