"""The words of the generated parts of docs/no: what a program cannot know of a table, a right or a scope.

A group is a subject in the documents, or a module of `storage/schema`. `{…}` is a figure of `papers.figures`.
An item without words here is «…» in the papers, and a test reports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.access import Right


class Group(NamedTuple):
    title: str
    seen_by: str
    kept: str


_AS_CASE = "som saken"

_OF_MEETINGS = (
    *("Meeting", "Duty", "Ask", "PhoneAnswer", "EscalationStep", "TimePoll", "TimeAnswer", "Arrival"),
    *("Correction", "CalendarEntry", "Liaison", "LiaisonInvitation"),
)
#: Modules that the papers describe under another subject than their own.
TOLD_UNDER: Mapping[str, str] = {
    **dict.fromkeys(_OF_MEETINGS, "meeting"),
    "CaseQuestion": "case_guidance",
    "Convening": "guidance",
    "Count": "report",
    "Draft": "drafts",
}
GROUPS: Mapping[str, Group] = {
    "case": Group(
        "Saken: kode, fase, antall personer, hvem som er i rommet; tjenestene, hvorfor de er med, grunnlag "
        "for å dele, plasser, taushetsplikt; behov, tiltak, plassering, refleksjonsperiode, frister, pauser, "
        "koblinger, hvem av A, B, C … den er avsluttet for",
        "koordinatorene; de i saksrommet, men ikke grunnen til en pause eller et «ikke vår sak», det som "
        "kommer etter en plassering, koblinger, eller om andre har journalført saken; egne frister: bare "
        "tjenesten",
        "som saken (en kobling: den første av de to); kode, antall personer, hvilken tjeneste som ba om TOT, "
        "og årstall for godt, så ingen kode brukes to ganger, og til årsmeldingen",
    ),
    "meeting": Group(
        "Møter og innkallinger: tid, sted, kort notat, hvem som er spurt, svar, grunn, vara, purringer, "
        "oppmøte, kalenderinvitasjon, kontakter fra andre distrikter",
        "den som er spurt: sitt eget, og tiden, etter bekreftelsen stedet; koordinatorene; saksrommet: svar "
        "og oppmøte per tjeneste",
        "som saken; foreslåtte tider til en er valgt, eller de er trukket tilbake eller passert",
    ),
    "case_guidance": Group("Veiledning i et saksrom", "den som spurte; koordinatorene i saken", _AS_CASE),
    "guidance": Group(
        "Veiledning, og spørsmål om å kalle TOT sammen",
        "den som spurte; teamets koordinatorer",
        "{outside_retention_days} dager etter at det er over; så tema eller tjeneste, måned og utfall",
    ),
    "joint": Group(
        "Fellesmøter",
        "de inviterte; teamets koordinatorer",
        "{outside_retention_days} dager etter møtet; så tema, måned og antall",
    ),
    "drill": Group(
        "Kontaktprøver",
        "den som fikk prøven; lederen og koordinatorene: nådd eller ikke, fra dagen etter",
        "{drill_days} dager; så måneden",
    ),
    "directory": Group(
        "Katalogen: Slack-id, jobbadresse, språk, om kontoen er stengt, tittel, vakt, fravær, måneden "
        "sist nådd, måneden vakttelefonen ble bekreftet, hvem som har koordinert når",
        "alle i arbeidsområdet: tjeneste, tittel og vakt (`/tot hvem`); resten: koordinatorene; fravær og "
        "vakttelefonens måned: også lederen; språk: bare en selv",
        "til den endres; en person til rollen er over og ingenting nevner den, og inntil {person_days} "
        "dager til",
    ),
    "report": Group(
        "Tall til rapporten, uten sak og person", "koordinatorene; den som får rapporten", "for godt"
    ),
    "leftovers": Group(
        "Lenker til det Slack ikke lot boten slette",
        "teamets koordinatorer; lenkene sier ikke hvilken sak",
        "til noen trykker «Ryddet», ellers {leftover_days} dager",
    ),
    "owner": Group(
        "Eierens svar om innstillingene i Slack", "driften (`tot doctor`)", "til det er besvart på nytt"
    ),
    "drafts": Group(
        "Skjemaer som ikke er sendt", "den som fyller ut", "til det er sendt, ellers {draft_days} dag"
    ),
    "documents": Group(
        "Alt det over, forseglet", "som over", "som over; av det slettede bare det som telles"
    ),
    "ledgers": Group(
        "Det boten har skrevet og skal skrive, forseglet",
        "ingen",
        "til det er levert eller fjernet; at noe er sagt, og det Slack avviste for godt, {outbox_days} dager "
        "til; aldri lenger enn saken",
    ),
    "infrastructure": Group(
        "Kvitteringer (bare hasher) og hendelseslogg",
        "loggen: hver person egne handlinger (`/tot innsyn`), personvernombudet ved uttrekk",
        "kvitteringer {receipt_days} dager; loggen leselig {audit_days} dager etter at saken er slettet, "
        "nummer, hendelse, nøyaktig tid og hash for godt",
    ),
}

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

#: What one can do, in the papers' words: rows of the access table with the same rights, described as one
#: thing. Any other row has its event's words.
THINGS: Mapping[str, str] = {
    "endre tjenester og kontaktpersoner": "keep_agency",
    "se saksrommet, spørre der": "see_room ask_in_case",
    "styre saken: møter, tjenester, personer, vara, behov, plassering, fase, rom, koblinger, sletting; "
    "svare på spørsmål, registrere for andre": (
        "answer_in_case invite_agency change_involvement release_agency ask_again call_meeting move_meeting "
        "cancel_meeting propose_times answer_on_behalf acknowledge_on_behalf change_phase close_case "
        "reopen_case delete_unrecorded undo_opening add_persons close_person split_off link_cases "
        "unlink_cases name_liaison end_liaison wait new_room take_case give_case approve_deputy name_chair "
        "keep_needs keep_placement keep_reflection"
    ),
    "lede møtet, føre oppmøte, sette ny dato": (
        "register_attendance lead_meeting postpone_meeting correct_attendance"
    ),
    "si at saken er journalført": "put_on_record take_off_record",
    "melde seg til stede": "arrive",
    "si grunnen til fravær": "explain_absence",
    "se tiltakene": "see_actions",
    "avtale, endre og avslutte tiltak": "agree_action change_action end_action",
    "ta ansvar for et behov, føre tjenestens egne frister": "take_need keep_own_deadline",
    "melde vara, gi plassen videre": "name_deputy hand_over",
    "si hvem som kommer, bekrefte vakttelefonen": "confirm_line name_attendee",
    "bekrefte taushetsplikten, svare, sende videre": (
        "answer_joint join_joint acknowledge_seat pass_on say_not_ours answer_summons answer_times"
    ),
    "svare på en kontaktprøve": "answer_drill",
    "svare på invitasjonen": "answer_joint_by_calendar answer_by_calendar",
    "se hjelp, vakter og sitt eget; velge språk": (
        "see_help see_home set_language see_roster see_own_asks see_own_log"
    ),
    "be om veiledning, og at TOT kalles sammen": "ask_guidance ask_to_convene",
    "som kontaktperson: se fellesmøtene": "see_joint",
    "svare på veiledning, avgjøre om TOT kalles sammen": (
        "answer_guidance invite_to_talk close_guidance decide_convening"
    ),
    "holde fellesmøter og kontaktprøver": "call_joint move_joint cancel_joint register_joint begin_drill",
    "opprette saker, bekrefte taushetsplikten i teamets saker": "open_case acknowledge_case decline_case",
    "velge koordinatorer, legge til tjenester, godkjenne kontaktpersoner": (
        "keep_coordinators add_agency approve_contact"
    ),
    "melde rester i Slack ryddet": "clear_leftovers",
    "se og dele rapporten": "see_report share_report",
    "melde seg borte, si om deltakelsen er over": "set_absence leave",
}

#: What Slack's scopes let an app like this one do or see, whether it asks for them or not.
GRANTED: Mapping[str, str] = {
    "channels:history": "se at et saksrom er gjort åpent",
    "channels:manage": "ta folk ut av et slikt rom og arkivere det",
    "channels:read": "se hva et slikt rom er, og hvem som er der",
    "chat:write": "skrive meldinger",
    "commands": "ta imot `/tot`: hvem som skrev hva, og hvor",
    "dnd:read": "se om noen har dempet Slack, og til når",
    "files:write": "legge ut kalenderfiler, rapport og utskrift",
    "groups:history": "lese det som skrives i saksrommene, for tekstkontrollen",
    "groups:read": "se hvem som er i saksrommene",
    "groups:write": "opprette saksrom, slippe folk inn og ut, arkivere",
    "im:history": "lese det som skrives til boten",
    "im:write": "skrive direktemeldinger",
    "pins:write": "feste sakskortet i saksrommet",
    "users:read": "se om en konto er gjest, app eller stengt; navn på kolleger å velge blant",
}
#: What else a scope lets the token's holder do or see, by Slack's documentation.
OPENS: Mapping[str, str] = {
    "channels:history": "lese alt i åpne kanaler der boten er medlem",
    "channels:manage": "opprette åpne kanaler; styre dem der boten er medlem",
    "channels:read": "liste alle åpne kanaler, og hvem som er i dem",
    "chat:write": "skrive som TOT der boten er",
    "commands": "–",
    "dnd:read": "se det om alle, når som helst",
    "files:write": "laste opp, endre og slette botens filer",
    "groups:history": "lese alt i saksrommene, også det som ble skrevet før",
    "groups:read": "liste alle saksrommene",
    "groups:write": "slippe hvem som helst inn i saksrommene",
    "im:history": "lese alle direktemeldinger med boten",
    "im:write": "med `chat:write`: skrive til hvem som helst",
    "pins:write": "feste og løsne meldinger der boten er",
    "users:read": "liste alle, med navn, tittel og profil (ikke e-postadresse)",
}
