"""All that can be delivered, joined from what the subjects declare."""

from __future__ import annotations

from handlers import outside
from handlers.actions import messages as actions
from handlers.answers import messages as answers
from handlers.attendance import notifications as attendance
from handlers.calendar import notifications as calendar
from handlers.convening import messages as convening
from handlers.dates import messages as dates
from handlers.delivery.declarations import joined
from handlers.deputies import messages as deputies
from handlers.directory import messages as directory
from handlers.escalation import messages as escalation
from handlers.guidance import messages as guidance
from handlers.involvement import messages as involvement
from handlers.joint import notifications as joint
from handlers.lifecycle import messages as lifecycle
from handlers.links import messages as links
from handlers.meeting import messages as meeting
from handlers.overview import notifications as overview
from handlers.persons import messages as persons
from handlers.report import delivery as report
from handlers.room import messages as room

REGISTRY = joined(
    *(actions.NOTIFICATIONS, answers.NOTIFICATIONS, attendance.NOTIFICATIONS, calendar.NOTIFICATIONS),
    *(convening.NOTIFICATIONS, dates.NOTIFICATIONS, deputies.NOTIFICATIONS, directory.NOTIFICATIONS),
    *(escalation.NOTIFICATIONS, guidance.NOTIFICATIONS, involvement.NOTIFICATIONS, joint.NOTIFICATIONS),
    *(lifecycle.NOTIFICATIONS, links.NOTIFICATIONS, meeting.NOTIFICATIONS, outside.NOTIFICATIONS),
    *(overview.NOTIFICATIONS, persons.NOTIFICATIONS, report.NOTIFICATIONS, room.NOTIFICATIONS),
)
