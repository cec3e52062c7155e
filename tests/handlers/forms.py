"""Every form, built from one handmade case, for the tests of the forms."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib import import_module
from itertools import chain
from types import SimpleNamespace, UnionType
from typing import Any, cast, get_args, get_origin, get_type_hints

import handlers
from bot.domain.case.dates import DeadlineKind
from bot.domain.case.entities import (
    Ask,
    Attendance,
    CaseQuestion,
    Correction,
    EscalationStep,
    Pause,
    PauseReason,
    Seat,
    StepKind,
)
from bot.domain.case.file import CaseFile
from bot.domain.case.links import Link, LinkKind
from bot.domain.directory.entities import Person, Team
from bot.domain.joint import JointMeetingView
from bot.domain.language import Language
from bot.domain.links import Linked, linked_to
from bot.texts.words import Words, words
from bot.usecases.actions import AgreeAction, CheckedDate
from bot.usecases.convening import ConveningView
from bot.usecases.dates import SetDeadline
from bot.usecases.directory.agencies import Sheet
from bot.usecases.drill import DrillView
from bot.usecases.guidance import GuidanceView
from bot.usecases.involvement.agencies import InviteReview
from bot.usecases.involvement.summons import AgencyChoice, AskPreview, Chosen
from bot.usecases.joint import JointReview
from bot.usecases.lifecycle import ReopenReview
from bot.usecases.meeting import MeetingReview
from bot.usecases.polls import TimesReview
from bot.usecases.validation import MeetingPlan, Warn
from handlers import convening, on_record, persons
from handlers.actions import modals as actions_modals
from handlers.answers import modals as answers_modals
from handlers.attendance import modals as attendance_modals
from handlers.blocks import choosing, modal
from handlers.case import modals as case_modals
from handlers.dates import modals as dates_modals
from handlers.directory import modals as directory_modals
from handlers.guidance import modals as guidance_modals
from handlers.involvement import modals as involvement_modals
from handlers.joint import modals as joint_modals
from handlers.lifecycle import giving, reopening, unrecorded
from handlers.lifecycle import modals as lifecycle_modals
from handlers.links import modals as links_modals
from handlers.meeting import modals as meeting_modals
from handlers.report import duty
from handlers.report.yearly import yearly_form
from handlers.slack.payloads import Fields, ViewState
from tests.handlers import outside
from tests.handlers.cases import NOW, STARTS, amend, base, busy, dated, with_deputy
from tests.handlers.delivery.disclosed_cases import with_times

View = dict[str, Any]
NB = words(Language.NB).read_at(NOW)
Made = Callable[[Words, CaseFile], View]
PLAN = replace(outside.PLAN, place="Rådhuset, rom 2")


def will_be_told(file: CaseFile, key: str) -> AskPreview:
    """Return an agency's contact, as somebody who would now be told."""
    agency = file.agencies[f"agency-{key}"]
    contact = file.contacts_of(agency.id)[0]
    return AskPreview(agency, contact, key != "social", file.persons[contact.person_id])


def to_choose(file: CaseFile) -> AskPreview:
    """Return the same with everybody of the agency who could be asked."""
    told = will_be_told(file, "police")
    people = tuple((c, file.persons[c.person_id]) for c in file.contacts_of(told.agency.id))
    return replace(told, people=people)


#: The request behind an acute case, and the police as the asking agency.
METADATA = "team|convening/c|agency-police"
TICKED = {"agencies": {"value": {"selected_options": [{"value": "agency-police"}]}}}


def meeting_review(file: CaseFile, *, asks_again: bool = True) -> MeetingReview:
    """Return a meeting's review, with the agencies' leads who are asked."""
    leads = (("part-police", "police"), ("part-counsel", "counsel"), ("part-shelter", "shelter"))
    return MeetingReview(file, PLAN, leads, (Warn.NIGHT,), asks_again)


def times_review(file: CaseFile) -> TimesReview:
    """Return two times, one at night; two agencies are asked, a third by the coordinator."""
    poll = with_times(file).polls[0]
    later = replace(PLAN, starts_at=poll.starts[1], ends_at=poll.starts[1] + timedelta(hours=1))
    people = (("part-police", "police"), ("part-child", "child"))
    ring, unconfirmed = ((file.involvement(f"part-{key}"),) for key in ("shelter", "social"))
    return TimesReview(file, poll, (PLAN, later), ((), (Warn.NIGHT,)), people, ring, unconfirmed)


def waiting(file: CaseFile) -> CaseFile:
    standing = Pause("s", "case", PauseReason.NO_CONTACT, STARTS.date(), "part-police", NOW)
    return replace(file, pauses=(standing,))


def closed(file: CaseFile) -> CaseFile:
    """Return the closed case: everybody's part ended by that."""
    parts = tuple(replace(i, ended_at=NOW) for i in file.involvements)
    return replace(file, case=replace(file.case, closed_at=NOW, delete_on=STARTS.date()), involvements=parts)


def with_all_in(file: CaseFile) -> CaseFile:
    """Return the file where everybody who was asked has confirmed taushetsplikt."""
    return replace(file, seats=tuple(replace(s, acknowledged_at=NOW) for s in file.seats))


def reopened(file: CaseFile) -> ReopenReview:
    """Return a review with every sort: asked again, asked as coordinator, there all along, expected."""
    people = list(file.persons.values())
    told = tuple(will_be_told(file, key) for key in ("police", "counsel", "shelter"))
    expected = (file.agencies["agency-health"],)
    here: Any = SimpleNamespace(file=file)
    some = (tuple(people[:1]), expected, PLAN, tuple(Warn), here, tuple(people[1:2]))
    return ReopenReview(file.team, told, *some, new_room=True)


def twice_corrected(file: CaseFile) -> CaseFile:
    duty = next(d for d in file.duties if d.meeting_id == file.meetings[0].id)
    what = (duty.case_id, duty.id, NOW, "lead", Attendance.LATE, Attendance.PRESENT)
    return replace(file, corrections=tuple(Correction(f"correction-{n}", *what) for n in range(2)))


def invited(file: CaseFile, *, expected: bool = False) -> InviteReview:
    """Return the review of an invitation; of an agency that is only expected, nobody is told."""
    here: Any = SimpleNamespace(file=file)
    told = () if expected else (will_be_told(file, "police"),)
    return InviteReview(file.team, told, here, made(AgencyChoice, file))


def linked(file: CaseFile) -> list[Linked]:
    """Return two cases to which this one is linked, in each way."""
    others = [replace(file.case, id=f"other-{n}", code=f"zzz{n}") for n in range(2)]
    halves = [Link(f"half-{n}", "case", kind, f"token-{n}") for n, kind in enumerate(LinkKind)]
    files = [
        replace(file, case=other, links=(replace(half, case_id=other.id),))
        for other, half in zip(others, halves, strict=True)
    ]
    return linked_to(replace(file, links=tuple(halves)), files)


def on_holiday(file: CaseFile) -> CheckedDate[AgreeAction]:
    """Return an action whose day raises the first of the warnings."""
    return CheckedDate(file, AgreeAction("case", involvement="", due_on=STARTS.date()), next(iter(Warn)))


def two_teams(file: CaseFile) -> list[Team]:
    return [file.team, replace(file.team, id="t2")]


def _sheet(file: CaseFile, key: str, *, approves: bool = True) -> Sheet:
    agency_id = f"agency-{key}"
    contacts = tuple(c for c in file.contacts if c.agency_id == agency_id)
    return Sheet(file.agencies[agency_id], contacts, file.persons, STARTS.date(), approves)


def everything_in(file: CaseFile) -> CaseFile:
    """Return the case with at least one of every object that a form can have."""
    question = CaseQuestion("q", "case", NOW, "police", "Nei.", 1, "Jo.", "lead")
    step = EscalationStep("step", "case", file.duties[0].id, file.asks[0].id, 0, StepKind.LEADER, NOW)
    return replace(with_times(dated(busy(file))), questions=(question,), steps=(step,))


#: Objects outside the case, or a particular one in it: how to get one for a form, by type.
OF_TYPE: dict[Any, Callable[[CaseFile], Any]] = {
    Ask: lambda f: f.ask("ask-police"),
    CaseFile: lambda f: f,
    ConveningView: outside.request,
    CheckedDate[SetDeadline]: lambda f: CheckedDate(
        f,
        SetDeadline(f.case.id, DeadlineKind.REFLECTION, due_on=date(2026, 12, 24), person="A"),
        Warn.HOLIDAY,
    ),
    DrillView: lambda f: outside.a_drill(f, drill=None, asks={}, posted={}),
    Fields: lambda f: Fields(ViewState.model_validate({"values": TICKED})),
    GuidanceView: outside.answered,
    JointMeetingView: outside.meeting_view,
    MeetingReview: meeting_review,
    JointReview: outside.review,
    MeetingPlan: lambda f: PLAN,
    InviteReview: invited,
    ReopenReview: reopened,
    Seat: lambda f: f.seat("seat-social"),
    Sheet: lambda f: _sheet(f, "police"),
    TimesReview: times_review,
    AskPreview: lambda f: will_be_told(f, "police"),
    date: lambda f: STARTS.date(),
    datetime: lambda f: NOW,
    int: lambda f: 2,
    bool: lambda f: True,
    str: lambda f: "draft.seen",
    Mapping[str, str]: lambda f: {id: f"Kari {n}" for n, id in enumerate(f.persons)},
    list[Team]: lambda f: [f.team],
    list[tuple[str, int]]: lambda f: [("minors", 3)],
    Sequence[Linked]: linked,
    dict[str, Person]: lambda f: f.persons,
}


#: The same by name, where that is more exact.
OF_NAME: dict[str, Any] = {
    "agency_id": "agency-police",
    "case_id": "case",
    "involvement": "part-police",
    "involvement_id": "part-police",
    "letter": "B",
    "metadata": METADATA,
    "person": "A",
    "persons": "AB",
    "typed": "",
}


def one(kind: Any, file: CaseFile, name: str = "") -> Any:
    """Return a value of this type for a form of the case; a list has all that exist."""
    of, parts = get_origin(kind), get_args(kind)
    if kind is str and name in OF_NAME:
        return OF_NAME[name]
    if kind in OF_TYPE:
        return OF_TYPE[kind](file)
    if of is UnionType:
        return one(parts[0], file, name)
    if of in (list, Sequence):
        return every_one(parts[0], file)
    if of is tuple:
        return tuple(every_one(parts[0], file))
    return every_one(kind, file)[0]


def made(make: Callable[..., Any], file: CaseFile, /, *first: Any, **given: Any) -> Any:
    """Call a class or function with the `given` arguments; fill in the others by their types."""
    types = get_type_hints(make)
    asked = [p.name for p in inspect.signature(make).parameters.values() if p.default is p.empty]
    lacking = [name for name in asked[len(first) :] if name not in given]
    return make(*first, **{name: one(types[name], file, name) for name in lacking}, **given)


def every_one(kind: Any, file: CaseFile) -> list[Any]:
    if get_origin(kind) is tuple:
        first, second, *more = get_args(kind)
        each = every_one(second, file) if isinstance(second, type) else [one(second, file)]
        return [(one(first, file), found, *(one(other, file) for other in more)) for found in each]
    if kind is str:
        return ["second"]
    if kind is AskPreview:
        return [will_be_told(file, key) for key in ("police", "social", "counsel", "shelter")]
    if issubclass(kind, StrEnum):
        return list(kind)
    held = [getattr(file, field.name) for field in fields(file)]
    listed = [each.values() if isinstance(each, dict) else each for each in held]
    listed = [each for each in listed if isinstance(each, Collection)]
    found = [each for each in (file, *held, *chain(*listed)) if isinstance(each, kind)]
    found = found or [made(kind, file)]
    return [each for each in found if not has_no_form(each)]


def has_no_form(thing: object) -> bool:
    """Return whether no form is about it: a coordinator's seat, or a shelter's person."""
    if isinstance(thing, Seat):
        return thing.involvement_id is None
    return isinstance(thing, Person) and thing.id == "shelter"


#: Other arguments for each form.
GIVEN: dict[Callable[..., View], dict[str, Any]] = {
    attendance_modals.correction_form: {"file": twice_corrected},
    duty.report_form: {"now": STARTS},
    convening.not_coordinator: {"services": lambda f: [f.agencies["agency-police"]]},
    giving.give_form: {"file": lambda f: amend(f, "case", offered_to="second"), "names": {}},
    lifecycle_modals.phase_form: {"typed": "akutt"},
    lifecycle_modals.wait_form: {"file": waiting},
    links_modals.split_form: {"there": ["agency-police"]},
    on_record.records_form: {"file": lambda f: amend(closed(with_all_in(f)), "part-police", on_record=True)},
    persons.add_persons_form: {"file": lambda f: replace(f, case=replace(f.case, persons=7))},
    reopening.reopen_form: {"file": closed},
    unrecorded.delete_form: {"file": closed},
}


def drawn(form: Callable[..., View], /, **given: Any) -> Made:
    """Return a form as drawn; functions in `given` are called with the case."""

    def draw(words: Words, file: CaseFile) -> View:
        file = everything_in(file)
        more = GIVEN.get(form, {}) | given
        more = {name: value(file) if callable(value) else value for name, value in more.items()}
        return cast(View, made(form, file, words, **more))

    return draw


#: Arguments of helpers that build several forms, or a part of one.
HELPER_ARGUMENTS = {"CallbackId", "list[Block]"}


def forms() -> Iterator[Callable[..., View]]:
    """Yield every function of a subject that builds a view from words and objects of a case."""
    for module in pkgutil.walk_packages(handlers.__path__, "handlers."):
        if module.name.startswith(("handlers.slack", "handlers.blocks")):
            continue
        for function in vars(import_module(module.name)).values():
            if getattr(function, "__module__", "") != module.name:
                continue
            if not (inspect.isfunction(function) or isinstance(function, modal.Drawing)):
                continue
            if getattr(function, "__name__", "_").startswith("_"):
                continue
            first, *types = [str(each) for each in function.__annotations__.values()] or [""]
            returns = isinstance(function, modal.Drawing) or types[-1:] == ["View"]
            if first == "Words" and returns and not HELPER_ARGUMENTS & set(types):
                yield function


FORMS: dict[str, Made] = {
    **{f"{form.__module__.removeprefix('handlers.')}.{form.__name__}": drawn(form) for form in forms()},
    "choose_team": drawn(modal.choose_team, teams=two_teams, press="drill_of"),
    "notice": lambda w, f: modal.notice(w, "Noe å si", clears=True),
    # several forms that one function builds
    "action_review": drawn(actions_modals.action_review, review=on_holiday),
    "change_action_review": drawn(actions_modals.change_action_review, review=on_holiday),
    "move_review": drawn(
        meeting_modals.meeting_review,
        review=lambda f: replace(meeting_review(f, asks_again=False), moved=f.meetings[0]),
    ),
    "ask_other": drawn(choosing.choose_form, id=case_modals.ASK_OTHER_FORM, told=to_choose),
    "invite_other": drawn(
        choosing.unlisted_form,
        id=involvement_modals.INVITE_OTHER_FORM,
        told=to_choose,
    ),
    "reopen_other": drawn(
        choosing.unlisted_form,
        id=reopening.REOPEN_OTHER_FORM,
        told=lambda f: replace(
            to_choose(f), unlisted=Chosen(None, "U1", "", "930 00 000", "oppnevnt advokat")
        ),
    ),
    # the same form with another object
    "close_later": drawn(lifecycle_modals.close_form, now=STARTS + timedelta(days=1)),
    "records_none": drawn(on_record.records_form, file=lambda f: closed(with_all_in(f))),
    "invite_review_expected": drawn(
        involvement_modals.invite_review, review=lambda f: invited(f, expected=True)
    ),
    "decline_numbered": drawn(answers_modals.decline_form, names={}),
    "decline_alone": drawn(answers_modals.decline_form, deputies=[]),
    "pass_on_alone": drawn(involvement_modals.pass_on_form, colleagues=[]),
    "record_answer_alone": drawn(answers_modals.record_answer_form, deputies=[]),
    "agency_covered": drawn(directory_modals.agency_form, sheet=lambda f: _sheet(f, "shelter")),
    "contact_new": drawn(
        directory_modals.contact_form, sheet=lambda f: _sheet(f, "police", approves=False), contact=None
    ),
    "report_of_several": drawn(duty.report_form, teams=two_teams),
    "yearly_of_several": drawn(yearly_form, teams=two_teams),
    "joint_move_review": drawn(joint_modals.joint_review, review=outside.move_review),
    "guidance_of_teams": drawn(guidance_modals.ask_form, teams=two_teams),
    "change_action_of_one_that_left": drawn(
        actions_modals.change_form, action=lambda f: f.actions[1], parts=lambda f: list(f.current())[:1]
    ),
    "deadline_reflection": drawn(dates_modals.deadline_form, kind=DeadlineKind.REFLECTION),
    "link_menu_for_one": drawn(links_modals.link_menu, likely="split:B"),
    "placement_extended": drawn(dates_modals.placement_form, extended=lambda f: f.placements[0]),
}


def built(name: str, file: CaseFile | None = None, words: Words = NB) -> View:
    return FORMS[name](words, file if file is not None else with_deputy(base()))
