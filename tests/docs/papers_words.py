"""The words of the derived parts of docs/no: what a program cannot know of a table, a right or a scope.

A group is a subject of what is in documents, or a module of `storage/schema`. `{…}` is a figure of
`papers.figures`. What has no words here stands as «…» in the papers, and a test says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.access import Action, Right


class Group(NamedTuple):
    title: str
    seen_by: str
    kept: str


_AS_CASE = "som saken"

_OF_MEETINGS = (
    *("Meeting", "Duty", "Ask", "PhoneAnswer", "EscalationStep", "TimePoll", "TimeAnswer", "Arrival"),
    *("Correction", "CalendarEntry", "Liaison", "LiaisonInvitation"),
)
#: What the papers tell under another subject than its own.
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
        "kommer etter en plassering, koblinger, eller om andre har ført saken; en tjenestes egne frister: "
        "bare den",
        "som saken (en kobling: den første av de to); koden, antall personer, hvilken tjeneste som ba om "
        "TOT, og årstallene for godt, så ingen kode brukes to ganger, og til årsmeldingen",
    ),
    "meeting": Group(
        "Møter og innkallinger: tid, sted, kort notat, hvem som er spurt, svar, grunn, vara, purringer, "
        "oppmøte, kalenderinvitasjon, kontakter fra andre distrikter",
        "den som er spurt: sitt eget, og tiden, etter bekreftelsen stedet; koordinatorene; saksrommet per "
        "tjeneste, men ikke kalenderinvitasjoner, purringer, rettelser, kontakters titler eller hvem "
        "foreslåtte tider passer for",
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
        "Alt det over, forseglet", "som linjene over", "som linjene over; av det slettede bare det som telles"
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

#: What one can do, in the words of the papers: all that the same rights allow, each under one of them's.
WITH_THE_RIGHTS_OF: Mapping[Action, str] = {
    Action.KEEP_AGENCY: "endre tjenester og kontaktpersoner",
    Action.SEE_ROOM: "se saksrommet, spørre der",
    Action.CALL_MEETING: "styre saken: møter, tjenester, personer, vara, behov, plassering, fase, rom, "
    "koblinger, sletting; svare på spørsmål, registrere for andre",
    Action.LEAD_MEETING: "lede møtet, føre oppmøte, sette ny dato",
    Action.PUT_ON_RECORD: "si at saken er ført i eget system",
    Action.ARRIVE: "melde seg til stede",
    Action.EXPLAIN_ABSENCE: "si grunnen til fravær",
    Action.SEE_ACTIONS: "se tiltakene",
    Action.AGREE_ACTION: "avtale, endre og avslutte tiltak",
    Action.TAKE_NEED: "ta ansvar for et behov, føre tjenestens egne frister",
    Action.NAME_DEPUTY: "melde vara, gi plassen videre",
    Action.NAME_ATTENDEE: "si hvem som kommer, bekrefte vakttelefonen",
    Action.ANSWER_SUMMONS: "bekrefte taushetsplikten, svare, sende videre",
    Action.ANSWER_DRILL: "svare på en kontaktprøve",
    Action.ANSWER_BY_CALENDAR: "svare på invitasjonen",
}
#: What is told apart though the rights are the same. A row that is in neither has the words of its event.
THINGS: Mapping[str, tuple[Action, ...]] = {
    "se hjelp, vakter og sitt eget; velge språk": (
        Action.SEE_HELP,
        Action.SEE_HOME,
        Action.SET_LANGUAGE,
        Action.SEE_ROSTER,
        Action.SEE_OWN_ASKS,
        Action.SEE_OWN_LOG,
    ),
    "be om veiledning, og at TOT kalles sammen": (Action.ASK_GUIDANCE, Action.ASK_TO_CONVENE),
    "som kontaktperson: se fellesmøtene": (Action.SEE_JOINT,),
    "svare på veiledning, avgjøre om TOT kalles sammen": (
        Action.ANSWER_GUIDANCE,
        Action.INVITE_TO_TALK,
        Action.CLOSE_GUIDANCE,
        Action.DECIDE_CONVENING,
    ),
    "holde fellesmøter og kontaktprøver": (
        Action.CALL_JOINT,
        Action.MOVE_JOINT,
        Action.CANCEL_JOINT,
        Action.REGISTER_JOINT,
        Action.BEGIN_DRILL,
    ),
    "opprette saker, bekrefte taushetsplikten i teamets saker": (
        Action.OPEN_CASE,
        Action.ACKNOWLEDGE_CASE,
        Action.DECLINE_CASE,
    ),
    "velge koordinatorer, legge til tjenester, godkjenne kontaktpersoner": (
        Action.KEEP_COORDINATORS,
        Action.ADD_AGENCY,
        Action.APPROVE_CONTACT,
    ),
    "melde rester i Slack ryddet": (Action.CLEAR_LEFTOVERS,),
    "se og dele rapporten": (Action.SEE_REPORT, Action.SHARE_REPORT),
    "melde seg borte, si om deltakelsen er over": (Action.SET_ABSENCE, Action.LEAVE),
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
#: What a scope lets whoever has the token do or see besides: by Slack's documentation.
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
