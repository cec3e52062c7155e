"""Forms about joint meetings: call, change, review, call off, register who came."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.directory.entities import Team
from bot.domain.joint import JointInvitation, JointMeetingView
from bot.texts.words import Words
from bot.usecases.joint import TOPIC, Change, JointReview
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import as_asked, bullets, section
from handlers.blocks.formatting import where
from handlers.blocks.modal import Blocks, field, form, line_blocks, review_form
from handlers.blocks.people import away, mention, span, warned
from handlers.joint.messages import named
from handlers.meeting.defaults import Proposal, proposal_of
from handlers.meeting.modals import meeting_fields


@form("joint", "team", submit="modal.look-over", heading="command.joint.choice")
def joint_form(words: Words, team: Team, proposal: Proposal) -> Blocks:
    """Call a joint meeting; text after the word is read as its time."""
    yield section(words("modal.joint.intro", team=escape(team.name)))
    yield _topic_field(words)
    yield from meeting_fields(words, team, proposal)
    return team.id


def _topic_field(words: Words, said: str = "") -> Block:
    return field(words, "topic", "field.topic", inputs.writing(TOPIC, said), hint=True)


@form("joint_move", "joint meeting and its sequence", submit="modal.look-over", heading="press.joint-move")
def move_joint_form(words: Words, found: JointMeetingView) -> Blocks:
    meeting = found.meeting
    when = span(words, meeting, found.team.time_zone)
    yield section(words("modal.joint-move.intro", when=when))
    yield _topic_field(words, meeting.topic)
    yield from meeting_fields(words, found.team, proposal_of(meeting, meeting.agenda))
    return as_asked(meeting.id, meeting.sequence)


def _review(words: Words, metadata: str, review: JointReview, *, by_mail: bool) -> Blocks:
    """«Se over og send»: who is invited or told, also `by_mail` if the bot mails, and whom to ring."""
    now, change = review.planned, review.change
    calls, zone = change is Change.CALLED, now.team.time_zone
    told = [i for i in now.invited if now.on_slack(i)]
    mailed = [i for i in now.invited if (by_mail and now.by_mail(i) if calls else now.mailed(i) is not None)]
    ring = [i for i in now.invited if now.agency_now(i) is not None and i not in (*told, *mailed)]
    heading = words("modal.joint.told" if calls else f"modal.joint-move.{change}")
    mails, rings = ("joint.mailed", "joint.ring") if calls else ("modal.joint-move.mailed", "joint.untold")
    yield from line_blocks(
        f"*{escape(now.meeting.topic)}*", span(words, now.meeting, zone), where(words, now.meeting)
    )
    yield from line_blocks(*warned(words, review.warnings))
    if change is Change.WORDS:
        yield from line_blocks(heading)
    else:
        yield from line_blocks(heading, _people(words, now, told) or words("modal.no-one"))
        yield from line_blocks(words(mails), _people(words, now, mailed)) if mailed else []
        yield from line_blocks(words(rings), _people(words, now, ring)) if ring else []
    yield section(words("modal.review.nothing-yet"))
    return metadata


joint_review = review_form("joint_review")(_review)
joint_move_review = review_form("joint_move_review")(_review)


def _people(words: Words, now: JointMeetingView, invited: Sequence[JointInvitation]) -> str:
    """The people by agency; for a sheltering agency only its cover name."""
    shown: dict[str, None] = {}
    for each in invited:
        agency = now.agency_of(each)
        name = escape(agency.shown_name)
        human = mention(words, now.persons.get(each.person_id), now.title(each))
        own = (c for c in now.contacts if c.person_id == each.person_id)
        absence = next((said for c in own if (said := away(words, c, now.team.day_of(now.at)))), "")
        human += f", {absence}" if absence else ""
        shown[name if agency.reached_by_coordinator else f"{name}: {human}"] = None
    return bullets(list(shown))


@form(
    "joint_cancel",
    "joint meeting and its sequence",
    heading="press.joint-cancel",
    submit="press.joint-cancel",
)
def cancel_joint_form(words: Words, found: JointMeetingView) -> Blocks:
    when = span(words, found.meeting, found.team.time_zone)
    then = words("modal.joint-cancel.then", topic=escape(found.meeting.topic), when=when)
    yield section(then)
    return as_asked(found.meeting.id, found.meeting.sequence)


@form("joint_register", "joint meeting", submit="modal.save", heading="press.joint-register")
def register_joint_form(words: Words, found: JointMeetingView) -> Blocks:
    """Register who came; the people who said that they would come are chosen."""
    choices = [(i.id, named(words, found, i)) for i in found.invited]
    yield section(words("modal.joint-register.intro"))
    if choices:
        came = inputs.selects(choices, [i.id for i in found.invited if i.comes])
        yield field(words, "came", "field.joint-came", came, optional=True)
    return found.meeting.id
