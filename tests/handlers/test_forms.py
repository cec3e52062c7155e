"""The forms: what they say, that they fit in Slack, and that nothing of anybody's becomes markup."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.case.entities import Answer, Phase, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Ground
from bot.domain.language import Language
from bot.domain.meeting import soon
from bot.texts.words import words
from bot.usecases.involvement.summons import AgencyChoice
from handlers.attendance.modals import attendance_form
from handlers.case.modals import open_case_form, open_case_review
from handlers.meeting import modals as meeting_modals
from handlers.meeting.modals import Proposal, call_form
from handlers.meeting.modals import meeting_review as review_form
from handlers.meeting.times import in_words
from sandbox.block_kit.checks import check_view, view_bytes
from tests.every import every
from tests.handlers.busy_case import busy
from tests.handlers.cases import NOW, SPAN, STARTS, WHEN, amend, base, with_deputy
from tests.handlers.forms import FORMS, NB, built, fields, initial, meeting_review, open_case, review, said

NASTY = "<!channel> *x* <@U0EVIL> & " + "æ" * 200


def crowded() -> CaseFile:
    """A case with everything long: 26 persons, 120 agencies, names with markup."""
    file = with_deputy(base())
    police = file.agencies["agency-police"]
    more = {f"more-{n}": replace(police, id=f"more-{n}", name=f"{n} {NASTY}") for n in range(120)}
    file = replace(file, agencies={**file.agencies, **more})
    file = amend(file, "agency-police", name=NASTY)
    file = amend(file, "contact-police", title=NASTY)
    file = amend(file, "case", persons=26)
    rules = replace(file.team.rules, places=(NASTY, "Rom"), link_hosts=("meet.example",))
    return amend(file, "team", name=NASTY, rules=rules)


@every("language", Language)
@every("name", FORMS)
def test_fits_in_slack(name: str, language: Language) -> None:
    """Slack accepts every form in every language, also when everything in it is long."""
    for file in (with_deputy(base()), crowded()):
        view = built(name, file, words(language))
        assert check_view(view) == []
        assert view_bytes(view) < 250_000


@every("name", FORMS)
def test_names_become_no_markup(name: str) -> None:
    """Text from data is escaped wherever Slack reads markup."""
    view = built(name, crowded())
    for text in _mrkdwn(view["blocks"]):
        assert "<!channel>" not in text
        assert "<@U0EVIL>" not in text


@every("name", FORMS)
def test_a_shelter_is_only_its_cover_name(name: str) -> None:
    """The name and the people of a sheltering service are in no form that shows the agency."""
    text = json.dumps(built(name), ensure_ascii=False)
    assert "Krisesenteret" not in text
    assert "U0SHELTER" not in text


def test_what_is_agreed_is_shown_before_closing() -> None:
    """The actions that nobody has ended, and how many are late."""
    assert "• Tiltak: 12 åpne, 2 over fristen" in said(built("close", busy(with_deputy(base()))))


def _mrkdwn(part: Any) -> list[str]:
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            return [part["text"]]
        return [text for value in part.values() for text in _mrkdwn(value)]
    if isinstance(part, list):
        return [text for value in part for text in _mrkdwn(value)]
    return []


def test_open_case_form() -> None:
    """One form with all that it takes; its fields are named as the problems of the use case are."""
    view = built("open_case")
    assert view["callback_id"] == "open_case"
    assert view["private_metadata"] == "team"
    assert list(fields(view)) == [
        "phase",
        "asked_by",
        "persons",
        "agencies",
        "expected",
        "starts_at",
        "minutes",
        "place",
        "note",
    ]
    first = {name: initial(block) for name, block in fields(view).items()}
    assert first == {
        "phase": "acute",
        "asked_by": "own",
        "persons": "1",
        "agencies": None,
        "expected": None,
        "starts_at": int(STARTS.timestamp()),
        "minutes": "50",
        "place": "Rådhuset, rom 2",
        "note": None,
    }
    assert "Nei." in said(view)


def test_review_of_a_case_exactly() -> None:
    """Each is told, has to be rung, or is not told; and nothing is sent yet."""
    assert said(built("open_case_review")) == (
        "*Saken:* akuttfase\n"
        "Gjelder: A og B\n"
        "*Møtet*\n"
        f"{SPAN} (i morgen)\n"
        "Rådhuset, rom 2, og på video\n"
        ":warning: Det er under en halv time til møtet. Rekker alle det?\n"
        ":warning: Dette er en fridag for mange ().\n"
        ":warning: Møtet er i en helg.\n"
        ":warning: Møtet er på en tid da mange sover (mellom kl. 22 og 07).\n"
        ":warning: Møtet overlapper et annet møte i en sak du er med i.\n"
        ":warning: Møtet overlapper et fellesmøte.\n"
        "*Får beskjed når du sender*\n"
        "• Politiet: <@U0POLICE> (Vakt)\n"
        "• Sosialtjenesten: <@U0SOCIAL> (Vakt). "
        "Ingen i tjenesten er på vakt nå, så svaret kan la vente på seg.\n"
        "• Bistandsadvokaten: Vakt. Nås ikke her i Slack: du må ringe.\n"
        "• botilbud 1: du må ringe: 55 00 00 01.\n"
        "• Barneverntjenesten: ingen å spørre. Du må finne noen der selv.\n"
        "*Andre koordinatorer, som også får beskjed*\n"
        "• <@U0SECOND>\n"
        "*Ventes senere, får ikke beskjed*\n"
        "• Helsetjenesten\n"
        "*Grunnlag for å dele, og hvorfor de er med*\n"
        "Politiet (etterforskning): lovhjemmel\n"
        "_Ingenting er sendt ennå. Det skjer først når du sender._"
    )


def test_a_ground_that_several_have_is_said_once() -> None:
    """And as a proposal, of those for whom nobody has chosen another."""
    agencies = [base().agencies[f"agency-{name}"] for name in ("police", "social", "counsel")]

    def reviewed(grounds: list[Ground]) -> str:
        choices = (AgencyChoice(a.id, "A", a.usual_reason, g) for a, g in zip(agencies, grounds, strict=True))
        command = replace(open_case(base()), agencies=tuple(choices))
        return said(open_case_review(NB, "draft", command, review(base()), NOW))

    chosen = reviewed([Ground.LEGAL] * 3)
    assert (
        "Politiet (oppfølging), Sosialtjenesten (oppfølging) og Bistandsadvokaten (oppfølging): lov" in chosen
    )
    assert "Forslag" not in chosen
    proposed = reviewed([a.proposed_ground for a in agencies])
    assert "*Forslag til grunnlag for å dele, og hvorfor de er med*\nPolitiet (" in proposed
    assert "*Grunnlag for å dele, og" not in proposed


def test_review_warns_of_a_meeting_that_can_never_have_enough() -> None:
    """Before it is sent, not when it is to begin."""
    file = base()
    alone = replace(review(file), told=review(file).told[:1], warnings=())
    text = said(open_case_review(NB, "draft.seen", open_case(file), alone, NOW))
    assert (
        ":warning: Det blir for få tjenester på møtet, selv om alle kommer. "
        "Det må være minst 3, og minst én må være barnevern, barnevernvakt eller sosiale tjenester (NAV)."
    ) in text
    assert "for få tjenester" not in said(built("open_case_review"))


def test_review_carries_the_draft_and_can_be_left() -> None:
    """The review is sent by one button and left by another."""
    view = built("open_case_review")
    assert view["private_metadata"] == "draft.seen"
    assert view["submit"]["text"] == "Send"
    assert view["close"]["text"] == "Tilbake"
    assert fields(view) == {}


def test_move_review_of_a_note_asks_nobody() -> None:
    """Only another time or place has people answer again."""
    assert "Ingen må svare på nytt" in said(built("move_review"))
    assert "U0POLICE" not in said(built("move_review"))


def test_meeting_review_names_who_has_nobody_to_ask() -> None:
    """An agency in the case without a lead is not left out in silence."""
    text = said(built("meeting_review"))
    assert "• Politiet: <@U0POLICE> (Vakt)" in text
    assert "• Sosialtjenesten: ingen å spørre. Du må finne noen der selv." in text


def test_move_review_lists_those_whom_somebody_has_to_ring() -> None:
    """Never where the shelter is."""
    file = base()
    ring = tuple(file.ask(id) for id in ("ask-counsel", "ask-shelter"))
    seen = replace(meeting_review(file), people=(), ring=tuple(a for a in ring if a is not None))
    text = said(review_form(NB, meeting_modals.MOVE_REVIEW, "draft.seen", seen, NOW))
    listed = text.partition("*Må få vite det av deg: de står i «Ring disse»*")[2]
    assert "• Bistandsadvokaten: Vakt. Nås ikke her i Slack: du må ringe." in listed
    assert "• botilbud 1: du må ringe: 55 00 00 01." in listed
    assert "Skulle møte som vara" not in said(built("meeting_review"))


def test_attendance_is_filled_in_where_it_is_known() -> None:
    """An agency that never answered was not reached. One that said yes may not have come: that is asked."""
    file = with_deputy(base(), answer=Answer.CONFIRMED)
    file = amend(file, "ask-child", answer=Answer.CONFIRMED)
    view = attendance_form(NB, file, file.meetings[0], NOW)
    assert {name: initial(block) for name, block in fields(view).items()} == {
        "duty-police": None,
        "duty-child": None,
        "duty-social": "not_reached",
        "duty-counsel": "not_reached",
        "duty-shelter": "not_reached",
        **dict.fromkeys(("call:ask-deputy", "call:ask-social", "call:ask-counsel", "call:ask-shelter")),
        "reports": None,
        "treated": None,
        "reason": None,
    }
    assert fields(view)["duty-police"]["label"]["text"] == "Politiet"
    assert fields(view)["reason"]["label"]["text"] == "Hvorfor ble møtet holdt med så få?"


def test_attendance_of_a_meeting_without_duties_can_be_registered() -> None:
    """Otherwise the case would lack it for ever."""
    file = replace(base(), duties=())
    view = attendance_form(NB, file, file.meetings[0], NOW)
    assert set(fields(view)) == {"treated"}
    assert view["submit"]["text"] == "Registrer"


def test_closing_lists_what_is_open_and_the_date() -> None:
    """First what is open, then what happens, then when it is deleted."""
    text = said(built("close"))
    assert f"• Møtet {WHEN}. Det blir avlyst." in text
    assert "• Har ikke svart på innkallingen: Barneverntjenesten, Bistandsadvokaten" in text
    assert "• Ventet, men ikke spurt: Helsetjenesten" in text
    assert "• Sletting tidligst tirsdag 1. desember: da sletter jeg meldingene mine" in text
    nobodys = said(FORMS["close"](NB, busy(base())))
    assert "• *Ingen har tatt ansvar for:* " in nobodys
    assert "Ingen har tatt ansvar for" not in text


def test_a_meeting_for_which_too_few_are_asked_is_warned_of_before_it_is_sent() -> None:
    """As when a case is opened; not where only a note changes and nobody is asked."""
    asked = {"part-police", "part-counsel", "part-shelter"}
    parts = (p if p.id in asked else replace(p, ended_at=p.asked_at) for p in base().involvements)
    few = replace(base(), involvements=tuple(parts))
    warned = "Det må være minst 3"
    form = meeting_modals.MEETING_REVIEW
    shown = [review_form(NB, form, "draft", meeting_review(file), NOW) for file in (few, base())]
    assert [warned in said(view) for view in shown] == [True, False]
    note = meeting_review(few, asks_again=False)
    assert warned not in said(review_form(NB, meeting_modals.MOVE_REVIEW, "draft", note, NOW))


def test_cancelling_tells_those_who_have_confirmed_confidentiality() -> None:
    """The others read it where they are asked to confirm."""
    text = said(built("cancel", base()))
    assert "beskjed til <@U0CHILD> (Vakt) og <@U0POLICE> (Vakt)" in text
    assert "Du må selv si fra til Bistandsadvokaten og botilbud 1." in text
    assert "<@U0SOCIAL> (Vakt) har ikke bekreftet taushetsplikten, og leser det i spørsmålet" in text


def test_one_form_for_one_call_with_nothing_filled_in_for_them() -> None:
    """Taushetsplikt and the answer are a field each; who has confirmed is not asked to again."""
    first = built("record_answer")
    assert list(fields(first))[:3] == ["acknowledged", "answer", "via"]
    assert [initial(fields(first)[name]) for name in ("acknowledged", "answer", "via")] == [
        None,
        None,
        "phone",
    ]
    assert "Er det en annen enn Vakt? Trykk «Gi plassen videre» i «Valg»" in said(first)
    assert "Er det en annen enn kontaktpersonen, velg hvem ovenfor." in said(built("record_answer_alone"))
    mailed = amend(amend(base(), "seat-counsel", acknowledged_at=NOW), "ask-counsel", told_via=Via.MAIL)
    then = built("record_answer", mailed)
    assert list(fields(then))[:2] == ["answer", "via"]
    assert initial(fields(then)["via"]) == "phone", "whoever is rung was not told by mail"


def test_a_meeting_is_moved_and_called_in_one_tap() -> None:
    def times(name: str) -> list[str]:
        return [o["text"]["text"] for o in fields(built(name))["starts_at"]["element"]["options"]]

    assert times("move") == [
        "Om 30 minutter, kl. 10:00",
        "Om 60 minutter, kl. 10:30",
        "Som nå: tir. 1. des. kl. 10:00",
        "15 minutter senere, kl. 10:15 (tir. 1. des.)",
        "30 minutter senere, kl. 10:30 (tir. 1. des.)",
        "60 minutter senere, kl. 11:00 (tir. 1. des.)",
        "I morgen (tir. 1. des.) kl. 09:00",
    ]
    assert times("call")[0] == "tir. 1. des. kl. 10:00"
    assert "Om 60 minutter, kl. 10:30" in times("call")
    assert initial(fields(built("move"))["starts_at"]) == str(int(STARTS.timestamp()))
    assert times("reopen") == [
        "Om 30 minutter, kl. 10:00",
        "Om 60 minutter, kl. 10:30",
        "Om 90 minutter, kl. 11:00",
        "I kveld kl. 20:00",
        "I morgen (tir. 1. des.) kl. 09:00",
    ]
    assert initial(fields(built("reopen"))["starts_at"]) == str(int((NOW + timedelta(hours=1)).timestamp()))


def test_a_time_after_midnight_has_its_date() -> None:
    """From Friday evening: «om 60 minutter» may be Saturday, and «i morgen» is."""
    late = datetime(2026, 12, 4, 22, 40, tzinfo=UTC)
    said = [in_words(NB, base().team, each, late)[1] for each in soon(late, base().team.time_zone)]
    assert said == [
        "Om 30 minutter, kl. 00:10 (lør. 5. des.)",
        "Om 60 minutter, kl. 00:40 (lør. 5. des.)",
        "Om 90 minutter, kl. 01:10 (lør. 5. des.)",
        "I morgen (lør. 5. des.) kl. 09:00",
    ]


def test_a_time_that_is_far_off_says_so_where_it_is_chosen() -> None:
    far = amend(base(), "meeting", starts_at=STARTS + timedelta(days=3), ends_at=STARTS + timedelta(days=4))
    options = fields(built("move", far))["starts_at"]["element"]["options"]
    assert options[2]["text"]["text"] == "Som nå: fre. 4. des. kl. 10:00, om fire dager"
    working = amend(base(), "case", phase=Phase.WORKING)
    shown = [o["text"]["text"] for o in fields(built("reopen", working))["starts_at"]["element"]["options"]]
    assert shown[0] == "Om 30 minutter, kl. 10:00", "the phase is chosen there"
    morning = STARTS - timedelta(hours=1)
    assert initial(fields(built("reopen", working))["starts_at"]) == str(int(morning.timestamp()))


def test_consent_is_not_proposed_before_somebody_has_asked() -> None:
    file = base()
    social = file.agencies["agency-social"]
    assert (social.usual_ground, social.proposed_ground) == (Ground.CONSENT, Ground.NOT_SETTLED)
    assert replace(social, usual_ground=Ground.LEGAL).proposed_ground is Ground.LEGAL
    asked = replace(open_case(file).agencies[0], agency_id=social.id, ground=social.proposed_ground)
    command = replace(open_case(file), agencies=(asked,))
    text = said(open_case_review(NB, "draft", command, review(file), NOW))
    assert "Sosialtjenesten (etterforskning): ikke avklart (vanligvis samtykke)" in text


def test_places_and_links_as_the_team_has_them() -> None:
    """A team without places gives a link; one without approved hosts gives a place."""
    file = base()
    rules = file.team.rules
    nowhere = amend(file, "team", rules=replace(rules, places=()))
    both = amend(file, "team", rules=replace(rules, link_hosts=("meet.example",)))
    assert "link" not in fields(call_form(NB, file, Proposal(STARTS, 60), NOW))
    assert "place" not in fields(call_form(NB, nowhere, Proposal(STARTS, 60), NOW))
    assert "link" in fields(call_form(NB, nowhere, Proposal(STARTS, 60), NOW))
    form = fields(call_form(NB, both, Proposal(STARTS, 60, place="Et gammelt sted"), NOW))
    assert {"place", "link"} <= set(form)
    assert initial(form["place"]) is None
    assert form["place"]["hint"]["text"] == "Velg et sted, eller legg inn en lenke."
    assert form["link"]["hint"]["text"] == "Legg inn en lenke, eller velg et sted. Godkjent: meet.example"


def test_more_than_a_hundred_agencies_are_grouped() -> None:
    """A select holds a hundred options; groups hold the rest."""
    file = crowded()
    view = open_case_form(NB, file.team, list(file.agencies.values()), Proposal(STARTS, 60))
    element = fields(view)["agencies"]["element"]
    assert [len(g["options"]) for g in element["option_groups"]] == [100, 26]
    assert [g["label"]["text"] for g in element["option_groups"]] == ["1–100", "101–126"]
