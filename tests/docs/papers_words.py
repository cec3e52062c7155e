"""Words of the generated parts of docs/no: rights, and what one can do."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.access import Right

RIGHTS: Mapping[Right, str] = {
    Right.ANYONE: "alle i arbeidsområdet, av gjester bare registrerte",
    Right.TEAM_COORDINATOR: "koordinator for teamet",
    Right.CASE_COORDINATOR: "koordinator med bekreftet taushetsplikt i saken",
    Right.SEAT_HOLDER: "den som har plass i saken, med bekreftet taushetsplikt",
    Right.DEPUTY: "vara for ett møte, godkjent, med bekreftet taushetsplikt",
    Right.CHAIR: "møteleder som koordinatoren har valgt",
    Right.LIAISON: "kontakt fra et annet distrikt, til en dato",
    Right.LEADER: "leder for tjenesten",
    Right.ASKED: "spurt, men har ikke bekreftet taushetsplikten",
    Right.INVITED: "den som svarer i kalender eller e-post",
    Right.OWN: "den spørsmålet eller plassen gjelder",
    Right.OWN_PART: "den som har plass for tjenesten det gjelder",
    Right.LEFT_AT_CLOSING: "den som hadde plass da saken ble avsluttet",
}

#: What one can do, in the papers' words: rows of the access table with the same rights are one thing.
THINGS: Mapping[str, str] = {
    "endre tjenester og kontaktpersoner": "keep_agency",
    "se saksrommet, spørre der": "see_room ask_in_case",
    "styre saken: møter, tjenester, personer, vara, behov, plassering, fase, rom, koblinger, sletting; "
    "svare på spørsmål, registrere for andre": (
        "answer_in_case invite_agency change_involvement release_agency ask_again call_meeting move_meeting "
        "cancel_meeting propose_times answer_on_behalf acknowledge_on_behalf change_phase close_case "
        "reopen_case undo_opening add_persons close_person split_off link_cases "
        "unlink_cases name_liaison end_liaison wait new_room take_case give_case approve_deputy name_chair "
        "keep_needs keep_placement keep_reflection"
    ),
    "lede møtet, føre oppmøte, sette ny dato": "register_attendance postpone_meeting",
    "si at saken er journalført": "put_on_record take_off_record",
    "melde seg til stede": "arrive",
    "si grunnen til fravær": "explain_absence",
    "se tiltakene": "see_actions",
    "avtale, endre og avslutte tiltak": "agree_action change_action end_action",
    "ta ansvar for et behov, føre tjenestens egne frister": "take_need keep_own_deadline",
    "melde vara, gi plassen videre": "name_deputy hand_over",
    "si hvem som kommer, bekrefte vakttelefonen": "confirm_line name_attendee",
    "bekrefte taushetsplikten, svare, sende videre": (
        "acknowledge_seat pass_on say_not_ours answer_summons answer_times"
    ),
    "svare på en kontaktprøve": "answer_drill",
    "svare på invitasjonen": "answer_by_calendar",
    "si om en kommer på et fellesmøte": "answer_joint",
    "se hjelp, vakter og sitt eget; velge språk": (
        "see_help see_home set_language see_roster see_own_asks see_own_log"
    ),
    "be om veiledning, og at TOT kalles sammen": "ask_guidance ask_to_convene",
    "svare på veiledning, avgjøre om TOT kalles sammen": (
        "answer_guidance invite_to_talk close_guidance decide_convening"
    ),
    "holde fellesmøter og kontaktprøver": "call_joint move_joint cancel_joint register_joint begin_drill",
    "opprette saker, bekrefte taushetsplikten i teamets saker": "open_case acknowledge_case",
    "velge koordinatorer, legge til tjenester, godkjenne kontaktpersoner": (
        "keep_coordinators add_agency approve_contact"
    ),
    "melde rester i Slack ryddet": "clear_leftovers",
    "se og dele rapporten": "see_report share_report",
    "melde seg borte, si om deltakelsen er over": "set_absence leave",
}
