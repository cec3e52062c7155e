"""Forms about joint meetings: call, change, look over, call off, register who came."""

from __future__ import annotations

from bot.domain.directory.entities import Team
from bot.domain.joint import JointInvitation
from bot.texts.words import Words
from bot.usecases.joint.calling import TOPIC, Change, Invitee, JointReview, MoveJointReview
from bot.usecases.joint.view import JointMeetingView
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import bullets, section
from handlers.blocks.modal import CallbackId, View, field, line_blocks, modal, review_id
from handlers.blocks.people import mention, span, warned, where
from handlers.guidance.messages import theme
from handlers.joint.messages import named, topic
from handlers.meeting.modals import Proposal, meeting_fields, proposal_of

JOINT = CallbackId("joint", "team", heading="modal.joint.title", submit="modal.look-over")
JOINT_REVIEW = review_id("joint_review")
JOINT_MOVE = CallbackId(
    "joint_move", "joint meeting", heading="modal.joint-move.title", submit="modal.look-over"
)
JOINT_MOVE_REVIEW = review_id("joint_move_review")
JOINT_CANCEL = CallbackId(
    "joint_cancel", "joint meeting", heading="modal.joint-cancel.title", submit="modal.joint-cancel.submit"
)
JOINT_REGISTER = CallbackId(
    "joint_register", "joint meeting", heading="modal.joint-register.title", submit="modal.save"
)


def joint_form(words: Words, team: Team, themes: list[tuple[str, int]], proposal: Proposal) -> View:
    """Call a joint meeting; what people have asked about since the last one is proposed."""
    blocks = [section(words("modal.joint.intro", team=escape(team.name)))]
    if themes:
        listed = inputs.select([(key, f"{theme(words, key)} ({n})") for key, n in themes])
        blocks.append(field(words, "theme", "field.joint-theme", listed, optional=True))
    blocks += [_topic_field(words, optional=bool(themes)), *meeting_fields(words, team, proposal)]
    return modal(words, JOINT, blocks, team.id)


def _topic_field(words: Words, said: str = "", *, optional: bool) -> Block:
    writing_field = inputs.writing(TOPIC, said)
    return field(words, "topic", "field.topic", writing_field, hint=True, optional=optional)


def move_joint_form(words: Words, found: JointMeetingView) -> View:
    meeting = found.meeting
    when = span(words, meeting, found.team.time_zone)
    blocks = [
        section(words("modal.joint-move.intro", when=when)),
        _topic_field(words, meeting.topic, optional=meeting.theme is not None),
        *meeting_fields(words, found.team, proposal_of(meeting, meeting.agenda)),
    ]
    return modal(words, JOINT_MOVE, blocks, meeting.id)


def move_joint_review(words: Words, metadata: str, review: MoveJointReview) -> View:
    """«Se over og send» for a joint meeting that is changed: who is asked again, told, or rung."""
    now, plan = review.now, review.plan
    zone = now.team.time_zone
    about = review.topic or theme(words, now.meeting.theme or "other")
    told = [_invited(words, now, i) for i in now.invited if now.on_slack(i)]
    mailed = [_invited(words, now, i) for i in now.invited if now.mailed(i) is not None]
    ring = list(dict.fromkeys(_invited(words, now, i) for i in now.to_ring))
    blocks = [
        *line_blocks(f"*{escape(about)}*", span(words, plan, zone), where(words, plan)),
        *line_blocks(*warned(words, review.warnings, plan, zone)),
    ]
    what = words(f"modal.joint-move.{review.change}")
    if review.change is Change.WORDS:
        blocks += line_blocks(what)
    else:
        by_mail = [words("modal.joint-move.mailed"), bullets(mailed)] if mailed else []
        blocks += line_blocks(what, bullets(told) if told else words("modal.no-one"), *by_mail)
        blocks += line_blocks(words("modal.joint-move.ring"), bullets(ring)) if ring else []
    blocks.append(section(words("modal.review.nothing-yet")))
    return modal(words, JOINT_MOVE_REVIEW, blocks, metadata)


def joint_review(words: Words, metadata: str, review: JointReview, *, by_mail: bool) -> View:
    """«Se over og send»: whom the bot will invite, `by_mail` too if it mails, and whom to ring."""
    meeting, zone = review.meeting, review.team.time_zone
    about = meeting.topic or theme(words, meeting.theme or "other")
    written = [_invitee(words, i) for i in review.invitees if i.written]
    mailed = [_invitee(words, i) for i in review.invitees if i.mailed and by_mail]
    others = (i for i in review.invitees if not i.written and not (i.mailed and by_mail))
    ring = list(dict.fromkeys(_invitee(words, i) for i in others))
    when = (span(words, review.plan, zone), *warned(words, review.warnings, review.plan, zone))
    blocks = [
        *line_blocks(f"*{escape(about)}*", *when, where(words, meeting)),
        *line_blocks(words("modal.joint.told"), bullets(written) if written else words("modal.no-one")),
        *(line_blocks(words("modal.joint.mailed"), bullets(mailed)) if mailed else []),
        *(line_blocks(words("modal.joint.ring"), bullets(ring)) if ring else []),
        section(words("modal.review.nothing-yet")),
    ]
    return modal(words, JOINT_REVIEW, blocks, metadata)


def cancel_joint_form(words: Words, found: JointMeetingView) -> View:
    when = span(words, found.meeting, found.team.time_zone)
    then = words("modal.joint-cancel.then", topic=topic(words, found), when=when)
    return modal(words, JOINT_CANCEL, [section(then)], found.meeting.id)


def register_joint_form(words: Words, found: JointMeetingView) -> View:
    """The register; the people who said that they would come are chosen."""
    choices = [(i.id, named(words, found, i)) for i in found.invited]
    blocks = [section(words("modal.joint-register.intro"))]
    if choices:
        came = inputs.selects(choices, [i.id for i in found.invited if i.comes])
        blocks.append(field(words, "came", "field.joint-came", came, optional=True))
    return modal(words, JOINT_REGISTER, blocks, found.meeting.id)


def _invitee(words: Words, each: Invitee) -> str:
    agency = escape(each.agency.shown_name)
    if each.agency.reached_by_coordinator:
        return agency
    return f"{agency}: {mention(words, each.person, each.contact.title)}"


def _invited(words: Words, now: JointMeetingView, invitation: JointInvitation) -> str:
    agency = now.agencies[invitation.agency_id]
    if agency.reached_by_coordinator:
        return escape(agency.shown_name)
    person = now.persons.get(invitation.person_id)
    return f"{escape(agency.shown_name)}: {mention(words, person, now.title(invitation))}"
