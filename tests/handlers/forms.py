"""Every form, built from one case made by hand: what the tests of the forms look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.domain.case.dates import DeadlineKind
from bot.domain.case.entities import CaseQuestion, EscalationStep, Pause, PauseReason, Phase, StepKind
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Link, LinkKind
from bot.domain.directory.entities import Ground, Reason
from bot.domain.language import Language
from bot.domain.links import Linked, linked_to
from bot.texts.words import Words, words
from bot.usecases.actions import Dated
from bot.usecases.case import AcuteForm, OpenCase, Review
from bot.usecases.dates import Dates, PlacementReview, SetDeadline, StartPlacement
from bot.usecases.directory.agencies import Sheet
from bot.usecases.involvement.summons import AgencyChoice, Chosen, WillBeTold
from bot.usecases.lifecycle import ReopenCase, ReopenReview
from bot.usecases.links import SplitReview
from bot.usecases.meeting import MeetingReview
from bot.usecases.polls import TimesReview
from bot.usecases.validation import Warn
from handlers import convening, escalation, on_record, persons, profile
from handlers.actions import modals as actions_modals
from handlers.answers import modals as answers_modals
from handlers.attendance import modals as attendance_modals
from handlers.blocks import choosing, modal
from handlers.case import acute
from handlers.case import modals as case_modals
from handlers.dates import modals as dates_modals
from handlers.deputies import modals as deputies_modals
from handlers.directory import modals as directory_modals
from handlers.guidance import modals as guidance_modals
from handlers.involvement import modals as involvement_modals
from handlers.involvement import not_ours
from handlers.lifecycle import giving, reopening, undoing, unrecorded
from handlers.lifecycle import modals as lifecycle_modals
from handlers.links import modals as links_modals
from handlers.meeting import modals as meeting_modals
from handlers.meeting.modals import Proposal
from handlers.polls import modals as polls_modals
from handlers.report import duty, yearly
from handlers.room import new_room
from handlers.slack.payloads import Fields, ViewState
from tests.handlers import outside
from tests.handlers.cases import NOW, STARTS, amend, base, busy, dated, with_deputy
from tests.handlers.delivery.disclosed_cases import with_times

View = dict[str, Any]
NB = words(Language.NB).read_at(NOW)
PLAN = replace(outside.PLAN, place="Rådhuset, rom 2")


def will_be_told(file: CaseFile, key: str) -> WillBeTold:
    """The contact of an agency, as one who would now be told."""
    agency = file.agencies[f"agency-{key}"]
    contact = file.contacts_of(agency.id)[0]
    by_coordinator = agency.reached_by_coordinator or not file.on_slack(contact.person_id)
    return WillBeTold(agency, contact, key != "social", by_coordinator, file.persons[contact.person_id])


def to_choose(file: CaseFile) -> WillBeTold:
    """The same with everybody of the agency who could be asked."""
    told = will_be_told(file, "police")
    people = tuple((c, file.persons[c.person_id]) for c in file.contacts_of(told.agency.id))
    return replace(told, people=people)


def open_case(file: CaseFile) -> OpenCase:
    choice = AgencyChoice("agency-police", "AB", Reason.INVESTIGATION, Ground.LEGAL)
    return OpenCase(file.team.id, Phase.ACUTE, 2, (choice,), PLAN)


def review(file: CaseFile) -> Review:
    told = [will_be_told(file, key) for key in ("police", "social", "counsel", "shelter")]
    told.append(WillBeTold(file.agencies["agency-child"], None, False, True))
    return Review(
        file.team,
        tuple(told),
        (file.persons["second"],),
        (file.agencies["agency-health"],),
        PLAN,
        tuple(Warn),
    )


#: What prompted an acute case, and that the police asked.
METADATA = "team|convening/c|agency-police"
TICKED = {"agencies": {"value": {"selected_options": [{"value": "agency-police"}]}}}


def hasty(file: CaseFile) -> AcuteForm:
    """Somebody is on call at the police and the shelter, and nobody at the others."""
    told = [will_be_told(file, key) for key in ("police", "shelter", "social", "counsel")]
    return AcuteForm(file.team, tuple(told[:2]), tuple(told[2:]), just_opened=None)


def meeting_review(file: CaseFile, *, asks_again: bool = True) -> MeetingReview:
    """A meeting that two agencies' leads are asked to."""
    leads = (("part-police", "police"), ("part-counsel", "counsel"), ("part-shelter", "shelter"))
    return MeetingReview(file, PLAN, leads, (Warn.NIGHT,), asks_again)


def times_review(file: CaseFile) -> TimesReview:
    """Two times, one of them at night, which two agencies are asked about, a third by the coordinator."""
    poll = with_times(file).polls[0]
    later = replace(PLAN, starts_at=poll.starts[1], ends_at=poll.starts[1] + timedelta(hours=1))
    people = (("part-police", "police"), ("part-child", "child"))
    ring, unconfirmed = ((file.involvement(f"part-{key}"),) for key in ("shelter", "social"))
    return TimesReview(file, poll, (PLAN, later), ((), (Warn.NIGHT,)), people, ring, unconfirmed)


def waiting(file: CaseFile) -> CaseFile:
    standing = Pause("s", "case", PauseReason.NO_CONTACT, STARTS.date(), "part-police", NOW)
    return replace(file, pauses=(standing,))


def closed(file: CaseFile) -> CaseFile:
    """The case, closed: everybody's part ended by that."""
    parts = tuple(replace(i, ended_at=NOW) for i in file.involvements)
    return replace(file, case=replace(file.case, closed_at=NOW, delete_on=STARTS.date()), involvements=parts)


def offered(file: CaseFile) -> CaseFile:
    """The case, which the other coordinator is asked to take over."""
    return replace(file, case=replace(file.case, offered_to="second"))


def with_all_in(file: CaseFile) -> CaseFile:
    """Everybody who was asked has confirmed taushetsplikt."""
    return replace(file, seats=tuple(replace(s, acknowledged_at=NOW) for s in file.seats))


def reopened(file: CaseFile) -> ReopenReview:
    """A review with somebody of each sort: asked anew, asked as coordinator, there all along, expected."""
    people = list(file.persons.values())
    told = {f"part-{key}": will_be_told(file, key) for key in ("police", "counsel", "shelter")}
    expected = (file.agencies["agency-health"],)
    some = (tuple(people[:1]), tuple(people[1:2]), expected)
    here: Any = None
    return ReopenReview(here, told, *some, PLAN, tuple(Warn), new_room=True)


def linked(file: CaseFile) -> list[Linked]:
    """Two cases to which this one is linked, in each way."""
    others = [replace(file.case, id=f"other-{n}", code=f"zzz{n}") for n in range(2)]
    halves = [Link(f"half-{n}", "case", kind, f"token-{n}") for n, kind in enumerate(LinkKind)]
    files = [
        replace(file, case=other, links=(replace(half, case_id=other.id),))
        for other, half in zip(others, halves, strict=True)
    ]
    return linked_to(replace(file, links=tuple(halves)), files)


def some_dates(file: CaseFile) -> Dates:
    """The choices of somebody who coordinates and has a seat."""
    file = dated(file)
    return Dates(file, True, tuple(file.current()), file.deadlines)


def _sheet(file: CaseFile, key: str, *, approves: bool = True) -> Sheet:
    agency_id = f"agency-{key}"
    contacts = tuple(c for c in file.contacts if c.agency_id == agency_id)
    return Sheet(file.agencies[agency_id], contacts, file.persons, STARTS.date(), approves)


FORMS: dict[str, Callable[[Words, Any], View]] = {
    "choose_team": lambda w, f: modal.choose_team(w, [f.team, replace(f.team, id="t2")], "open_case", "17"),
    "open_case": lambda w, f: case_modals.open_case_form(
        w, f.team, list(f.agencies.values()), Proposal(STARTS, 50, "Nei.")
    ),
    "acute": lambda w, f: acute.acute_form(w, hasty(f), METADATA, NOW),
    "acute_more": lambda w, f: acute.acute_form_with_more(
        w, hasty(f), METADATA, NOW, Fields(ViewState.model_validate({"values": TICKED}))
    ),
    "not_coordinator": lambda w, f: convening.not_coordinator(w, [f.agencies["agency-police"]]),
    "open_case_review": lambda w, f: case_modals.open_case_review(
        w, "draft.seen", open_case(f), review(f), NOW
    ),
    "phase": lambda w, f: lifecycle_modals.phase_form(w, f, Phase.WORKING),
    "close": lambda w, f: lifecycle_modals.close_form(w, f, STARTS.date(), NOW),
    "close_later": lambda w, f: lifecycle_modals.close_form(w, f, STARTS.date(), STARTS + timedelta(days=1)),
    "records": lambda w, f: on_record.records_form(
        w, amend(closed(with_all_in(f)), "part-police", on_record=True)
    ),
    "records_none": lambda w, f: on_record.records_form(w, closed(with_all_in(f))),
    "delete_unrecorded": lambda w, f: unrecorded.delete_form(w, closed(f)),
    "undo_opening": lambda w, f: undoing.undo_form(
        w,
        f,
        [f.persons["police"], f.persons["counsel"]],
        [f.persons["second"]],
        [f.involvement("part-shelter")],
    ),
    "give_case": lambda w, f: giving.give_form(w, offered(f), ["second"], {}),
    "ask_in_case": lambda w, f: guidance_modals.ask_in_case_form(w, f, NOW),
    "answer_in_case": lambda w, f: guidance_modals.answer_in_case_form(
        w, f, CaseQuestion("q", "case", NOW, "police", "Nei.", 1, "Jo.", "lead")
    ),
    "reopen": lambda w, f: reopening.reopen_form(w, closed(f), "", NOW),
    "reopen_review": lambda w, f: reopening.reopen_review(
        *(w, "draft.seen", f.team, ReopenCase("case", Phase.ACUTE, (), PLAN), reopened(f), NOW)
    ),
    "add_persons": lambda w, f: persons.add_persons_form(w, replace(f, case=replace(f.case, persons=7))),
    "link_menu": lambda w, f: links_modals.link_menu(w, f, linked(f), "split:B"),
    "link": lambda w, f: links_modals.link_form(w, f, LinkKind.REPEAT, [each.other for each in linked(f)]),
    "wait": lambda w, f: lifecycle_modals.wait_form(w, waiting(f), NOW),
    "liaison": lambda w, f: links_modals.liaison_form(w, f, STARTS.date()),
    "split": lambda w, f: links_modals.split_form(
        w, f, "B", list(f.agencies.values()), ["agency-police"], Proposal(STARTS, 60)
    ),
    "split_review": lambda w, f: links_modals.split_review(
        w, "draft.seen", "B", SplitReview(f, open_case(f), review(f)), NOW
    ),
    "invite": lambda w, f: involvement_modals.invite_form(w, f, list(f.agencies.values()), "agency-health"),
    "invite_review": lambda w, f: involvement_modals.invite_review(
        w, "draft.seen", f, open_case(f).agencies[0], will_be_told(f, "police"), NOW
    ),
    "ask_other": lambda w, f: choosing.choose_form(
        w, case_modals.ASK_OTHER_FORM, "draft|agency-police", to_choose(f), {"police": "Kari"}
    ),
    "invite_other": lambda w, f: choosing.unlisted_form(
        w, involvement_modals.INVITE_OTHER_FORM, "draft|agency-police", to_choose(f)
    ),
    "reopen_other": lambda w, f: choosing.unlisted_form(
        w,
        reopening.REOPEN_OTHER_FORM,
        "draft|agency-police",
        replace(to_choose(f), unlisted=Chosen(None, "U1", "", "930 00 000", "oppnevnt advokat")),
    ),
    "invite_review_expected": lambda w, f: involvement_modals.invite_review(
        w, "draft.seen", f, open_case(f).agencies[0], None, NOW
    ),
    "release": lambda w, f: involvement_modals.release_form(w, f, list(f.involvements)),
    "release_review": lambda w, f: involvement_modals.release_review(w, f, f.involvements[0]),
    "involvement": lambda w, f: involvement_modals.involvement_form(w, f, f.involvement("part-police")),
    "call": lambda w, f: meeting_modals.call_form(w, f, Proposal(STARTS, 60), NOW),
    "move": lambda w, f: meeting_modals.move_form(
        w, f, f.meetings[0], meeting_modals.proposal_of(f.meetings[0], f.meetings[0].note), NOW
    ),
    "choose_meeting": lambda w, f: meeting_modals.choose_meeting(w, f, list(f.meetings), ""),
    "meeting_review": lambda w, f: meeting_modals.meeting_review(*(w, "draft.seen", meeting_review(f), NOW)),
    "move_review": lambda w, f: meeting_modals.meeting_review(
        *(w, "draft.seen", replace(meeting_review(f, asks_again=False), moved=f.meetings[0]), NOW)
    ),
    "times_review": lambda w, f: polls_modals.times_review(w, "draft.seen", times_review(f), NOW),
    "record_times": lambda w, f: polls_modals.record_times_form(w, f, times_review(f).poll, NOW),
    "cancel": lambda w, f: meeting_modals.cancel_form(w, f, list(f.meetings)),
    "attendance": lambda w, f: attendance_modals.attendance_form(w, f, f.meetings[0], NOW),
    "correct": lambda w, f: attendance_modals.correction_form(w, f, f.meetings[0], 0),
    "arrivals": lambda w, f: attendance_modals.arrivals_form(w, f, f.meetings[0], list(f.duties), STARTS),
    "chair": lambda w, f: attendance_modals.chair_form(w, f, f.meetings[0]),
    "go_on": lambda w, f: attendance_modals.go_on_form(w, f, f.meetings[0]),
    "explain_absence": lambda w, f: attendance_modals.absence_form(w, f, f.duties[0]),
    "decline": lambda w, f: answers_modals.decline_form(
        w, f, f.ask("ask-police"), f.contacts_of("agency-police"), {"police": "Kari", "police2": "Ola"}
    ),
    "decline_numbered": lambda w, f: answers_modals.decline_form(
        w, f, f.ask("ask-police"), f.contacts_of("agency-police"), {}
    ),
    "decline_alone": lambda w, f: answers_modals.decline_form(w, f, f.ask("ask-child"), [], {}),
    "pass_on": lambda w, f: involvement_modals.pass_on_form(
        w, f, f.seat("seat-social"), f.contacts_of("agency-police"), {}, may_decline=True
    ),
    "pass_on_alone": lambda w, f: involvement_modals.pass_on_form(
        w, f, f.seat("seat-social"), [], {}, may_decline=True
    ),
    "not_ours": lambda w, f: not_ours.not_ours_form(w, f, f.involvements[0], "seat-social"),
    "record_acknowledgement": lambda w, f: involvement_modals.record_acknowledgement_form(
        w, f, f.seat("seat-counsel")
    ),
    "record_answer": lambda w, f: answers_modals.record_answer_form(
        w, f, f.ask("ask-counsel"), f.contacts_of("agency-counsel")
    ),
    "record_answer_alone": lambda w, f: answers_modals.record_answer_form(w, f, f.ask("ask-shelter"), []),
    "choose_ask": lambda w, f: deputies_modals.choose_ask(w, [(f, a) for a in f.asks]),
    "name_deputy": lambda w, f: deputies_modals.deputy_form(
        w, f, f.ask("ask-police"), f.contacts_of("agency-police")
    ),
    "refuse_deputy": lambda w, f: deputies_modals.refuse_form(w, f, f.ask("ask-deputy") or f.asks[0]),
    "choose_seat": lambda w, f: deputies_modals.choose_seat(w, [(f, s) for s in f.seats if s.involvement_id]),
    "hand_over": lambda w, f: deputies_modals.handover_form(
        w, f, f.seat("seat-police"), f.contacts_of("agency-police")
    ),
    "absence_deputies": lambda w, f: deputies_modals.absence_form(
        w,
        [(f, a, f.contacts_of(f.agency_of_ask(a).id)) for a in f.asks] + [(f, f.asks[0], [])],
        "Det er lagret.",
    ),
    "choose_agency": lambda w, f: directory_modals.choose_agency(
        w, list(f.agencies.values()), [f.team], contact=True
    ),
    "new_agency": lambda w, f: directory_modals.new_agency_form(w, f.team),
    "agency": lambda w, f: directory_modals.agency_form(w, _sheet(f, "police")),
    "agency_covered": lambda w, f: directory_modals.agency_form(w, _sheet(f, "shelter")),
    "duty_line": lambda w, f: directory_modals.duty_line_form(w, _sheet(f, "police")),
    "contact": lambda w, f: directory_modals.contact_form(
        w, _sheet(f, "police"), _sheet(f, "police").contacts[0]
    ),
    "contact_new": lambda w, f: directory_modals.contact_form(w, _sheet(f, "police", approves=False), None),
    "absence": lambda w, f: directory_modals.absence(w, f.contacts[0], STARTS.date()),
    "coordinators": lambda w, f: directory_modals.coordinators_form(w, f.team, list(f.persons.values())[:2]),
    "language": lambda w, f: profile.language_form(w),
    "report": lambda w, f: duty.report_form(w, [f.team], NOW.date()),
    "report_of_several": lambda w, f: duty.report_form(w, [f.team, replace(f.team, id="t2")], NOW.date()),
    "yearly": lambda w, f: yearly.yearly_form(w, [f.team], 2026),
    "yearly_of_several": lambda w, f: yearly.yearly_form(w, [f.team, replace(f.team, id="t2")], 2026),
    "action": lambda w, f: actions_modals.agree_form(w, f, list(f.current()), STARTS),
    "action_review": lambda w, f: actions_modals.day_review(
        w, actions_modals.ACTION_REVIEW, "draft.seen", date(2026, 12, 5), Warn.WEEKEND
    ),
    "change_action": lambda w, f: actions_modals.change_form(
        w, busy(f), busy(f).actions[0], list(f.current()), NOW
    ),
    "change_action_of_one_that_left": lambda w, f: actions_modals.change_form(
        w, busy(f), busy(f).actions[1], list(f.current())[:1], NOW
    ),
    "change_action_review": lambda w, f: actions_modals.day_review(
        w, actions_modals.CHANGE_ACTION_REVIEW, "draft.seen", date(2026, 12, 24), Warn.HOLIDAY
    ),
    "actions": lambda w, f: actions_modals.actions_form(w, busy(f), busy(f).actions, NOW),
    "actions_seen": lambda w, f: actions_modals.actions_form(w, busy(f), [], NOW),
    "end_action": lambda w, f: actions_modals.end_form(w, busy(f), busy(f).actions[0], NOW),
    "needs": lambda w, f: actions_modals.needs_form(w, busy(f)),
    "owners": lambda w, f: actions_modals.owners_form(w, busy(f), list(f.current())),
    "take_need": lambda w, f: actions_modals.take_form(w, busy(f), busy(f).needs[0], list(f.current())),
    "choose_date": lambda w, f: dates_modals.choose_form(w, some_dates(f)),
    "placement": lambda w, f: dates_modals.placement_form(w, f, STARTS.date()),
    "placement_review": lambda w, f: dates_modals.placement_review(
        w,
        "draft.seen",
        PlacementReview(
            f,
            StartPlacement(f.case.id, "A", STARTS.date(), date(2027, 5, 30)),
            tuple(f.current()),
            Warn.WEEKEND,
        ),
    ),
    "end_placement": lambda w, f: dates_modals.end_placement_form(w, dated(f).placements[0]),
    "deadline_own": lambda w, f: dates_modals.deadline_form(
        w, some_dates(f), DeadlineKind.OWN, STARTS.date()
    ),
    "deadline_reflection": lambda w, f: dates_modals.deadline_form(
        w, some_dates(f), DeadlineKind.REFLECTION, STARTS.date()
    ),
    "deadline_review": lambda w, f: dates_modals.deadline_review(
        w,
        "draft.seen",
        Dated(
            f, SetDeadline(f.case.id, DeadlineKind.REFLECTION, date(2026, 12, 24), None, "A"), Warn.HOLIDAY
        ),
    ),
    "name_attendee": lambda w, f: escalation.name_attendee_form(
        w,
        f,
        EscalationStep("step", "case", f.duties[0].id, f.asks[0].id, 0, StepKind.LEADER, NOW),
        f.contacts_of("agency-police"),
    ),
    "new_room": lambda w, f: new_room.new_room_form(w, f, "9f9b55c48847bca8"),
    "notice": lambda w, f: modal.notice(w, "Noe å si", clears=True),
    **outside.FORMS,
}


def built(name: str, file: CaseFile | None = None, words: Words = NB) -> View:
    return FORMS[name](words, file if file is not None else with_deputy(base()))
