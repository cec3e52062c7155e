"""The form of an acute case, with few taps. The review shows the values that it does not ask for."""

from __future__ import annotations

from datetime import datetime

from bot.domain.case.entities import Phase, letters
from bot.domain.directory.entities import Agency, Ground, Reason, TeamRules
from bot.domain.errors import Refusal, Refused
from bot.domain.meeting import USUAL_MINUTES, likely_soon, soon
from bot.texts.words import Words
from bot.usecases.case import AcuteForm, OpenCase
from bot.usecases.involvement.summons import AgencyChoice, AskPreview
from bot.usecases.validation import MeetingPlan
from handlers.blocks import inputs
from handlers.blocks.context import Block, escape
from handlers.blocks.elements import ActionId, actions, button, context, lines, section
from handlers.blocks.inputs import Choice, choices_of
from handlers.blocks.modal import CallbackId, View, field, labelled, modal
from handlers.case.modals import asked_by_field, persons_field, read_asked_by, read_persons
from handlers.meeting.modals import duration_field, note_field, other_time_field, plan_at, where_fields
from handlers.meeting.times import in_words
from handlers.slack.payloads import Fields

ACUTE_BUTTON = ActionId("acute", "team, perhaps with a bar; or `choose`")
ACUTE_MORE = ActionId("acute_more", "as the form's private_metadata")
ACUTE = CallbackId(
    "acute",
    "team, what prompted it (`convening/` and its id) and the agency that asked, parted by bars",
    submit="modal.look-over",
)


def metadata_of(team_id: str, item: str | None, asked_by: str | None) -> str:
    return f"{team_id}|{item or ''}|{asked_by or ''}"


def of_metadata(metadata: str) -> tuple[str, str | None, str | None]:
    """Return the team, what prompted the case, and the agency that asked."""
    team_id, item, asked_by = (*metadata.split("|"), "", "")[:3]
    return team_id, item or None, asked_by or None


def acute_form(words: Words, shown: AcuteForm, metadata: str, now: datetime) -> View:
    """Choose whom to ask, and when. Only the agency that asked is ticked."""
    blocks = [*_blocks(words, shown, metadata, now), _more(words, "press.more", metadata)]
    return modal(words, ACUTE, blocks, metadata)


def acute_form_with_more(
    words: Words, shown: AcuteForm, metadata: str, now: datetime, filled: Fields
) -> View:
    """The form of an acute case with all fields; what is filled in stays."""
    agencies = shown.agencies
    names = [(a.id, a.shown_name) for a in agencies.values()]
    _, _, asked_by = of_metadata(metadata)
    ticked = [agencies[id] for id in chosen_ids(filled) if id in agencies]
    blocks = [
        *_blocks(words, shown, metadata, now, more=True),
        other_time_field(words),
        duration_field(words, USUAL_MINUTES),
        persons_field(words),
        asked_by_field(words, names, asked_by),
        note_field(words, ""),
        *(block for agency in ticked for block in _why(words, agency)),
        _more(words, "press.more-grounds", metadata),
    ]
    return modal(words, ACUTE, blocks, metadata)


def _blocks(
    words: Words, shown: AcuteForm, metadata: str, now: datetime, *, more: bool = False
) -> list[Block]:
    team = shown.team
    _, _, asked_by = of_metadata(metadata)
    ticked = [asked_by] if asked_by is not None else []
    blocks = [section(lines(words("modal.acute.intro", team=escape(team.name)), _before(words, shown, now)))]
    if shown.on_call:
        on_call = inputs.ticks([_who(words, told) for told in shown.on_call], ticked)
        hint = words("field.acute.hint")
        blocks.append(field(words, "agencies", "field.agencies", on_call, hint=hint, optional=True))
    if shown.others:
        others = inputs.selects([_who(words, told) for told in shown.others], ticked)
        blocks.append(field(words, "others", "field.acute-others", others, hint=True, optional=True))
    times = soon(now, team.time_zone)
    choices = [in_words(words, team, each, now) for each in times]
    likely = str(int(likely_soon(times).at.timestamp()))
    blocks.append(field(words, "starts_at", "field.starts-at", inputs.radio(choices, likely)))
    # A team with one usual place is not asked for it.
    if more or not (team.rules.video_room or len(team.rules.places) == 1):
        blocks += where_fields(words, team, *_usual_where(team.rules))
    else:
        where = "".join(filter(None, _usual_where(team.rules)))
        blocks.append(context(words("modal.acute.room", where=escape(where))))
    return blocks


def _before(words: Words, shown: AcuteForm, now: datetime) -> str | None:
    """Point out the case that the same person has just opened."""
    before = shown.just_opened
    if before is None:
        return None
    minutes = max(1, int((now - before.opened_at).total_seconds() // 60))
    return words.count("modal.acute.just-opened", minutes, code=escape(before.code))


def _who(words: Words, told: AskPreview) -> Choice:
    """An agency and who would be asked, by title: an option holds no mention."""
    name = told.agency.shown_name
    if told.agency.reached_by_coordinator or told.contact is None:
        return told.agency.id, words("modal.acute.by-you", agency=name)
    who = told.contact.title or words("modal.contact")
    key = "modal.acute.by-you-who" if told.by_coordinator else "modal.acute.on-call"
    return told.agency.id, words(key, agency=name, who=who)


def _why(words: Words, agency: Agency) -> list[Block]:
    reasons = inputs.select(choices_of(words, "reason", Reason), agency.usual_reason)
    grounds = inputs.select(choices_of(words, "ground", Ground), agency.proposed_ground)
    name = agency.shown_name
    return [
        labelled(f"reason:{agency.id}", words("field.reason-of", agency=name), reasons),
        labelled(f"ground:{agency.id}", words("field.ground-of", agency=name), grounds),
    ]


def _more(words: Words, key: str, metadata: str) -> Block:
    return actions(button(words(key), ACUTE_MORE, metadata))


def _usual_where(rules: TeamRules) -> tuple[str | None, str]:
    """The team's first place, if it has no video room, and the link to its video room."""
    place = rules.places[0] if not rules.video_room and rules.places else None
    return place, rules.video_room


def chosen_ids(fields: Fields) -> tuple[str, ...]:
    return (*fields.options("agencies"), *fields.options("others"))


def read_acute(fields: Fields, asked: list[str], metadata: str, shown: AcuteForm) -> OpenCase:
    """Return the command from the form; `asked` are the block_ids of the fields that it has."""
    team, agencies = shown.team, shown.agencies
    team_id, item, asked_by = of_metadata(metadata)
    persons = read_persons(fields) if "persons" in asked else 1
    if any(id not in agencies for id in chosen_ids(fields)):
        raise Refused(Refusal.COORDINATORS_ONLY)
    return OpenCase(
        team_id=team_id,
        phase=Phase.ACUTE,
        persons=persons,
        agencies=tuple(_choice(fields, agencies[id], letters(persons)) for id in chosen_ids(fields)),
        meeting=_plan(fields, asked, team.rules),
        asked_by=read_asked_by(fields) if "asked_by" in asked else asked_by,
        item=item,
    )


def _choice(fields: Fields, agency: Agency, persons: str) -> AgencyChoice:
    reason = fields.choice(f"reason:{agency.id}", Reason) or agency.usual_reason
    ground = fields.choice(f"ground:{agency.id}", Ground) or agency.proposed_ground
    return AgencyChoice(agency.id, persons, reason, ground)


def _plan(fields: Fields, asked: list[str], rules: TeamRules) -> MeetingPlan:
    minutes = fields.minutes("minutes") if "minutes" in asked else USUAL_MINUTES
    place, link = fields.option("place"), fields.text("link")
    if not {"place", "link"} & set(asked):
        place, link = _usual_where(rules)
    return plan_at(fields, minutes, place, link)
