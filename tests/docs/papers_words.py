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
_ROOM = "de i saksrommet; koordinatorene"
_OUTSIDE = (
    "{outside_retention_days} dager etter at det er over; så står tema eller tjeneste, måned og utfall igjen"
)

#: What of a document belongs together, as the papers tell it.
OF_DOCUMENTS: Mapping[str, tuple[str, ...]] = {
    "case": ("Case", "Room", "FormerRoom"),
    "involvement": ("Involvement", "Seat", "CaseContact"),
    "persons": ("ClosedPerson",),
    "meeting": ("Meeting", "Duty"),
    "answers": ("Ask", "PhoneAnswer"),
    "polls": ("TimePoll", "TimeAnswer"),
    "escalation": ("EscalationStep",),
    "attendance": ("Arrival", "Correction"),
    "actions": ("CaseNeed", "CaseAction"),
    "dates": ("Placement", "Deadline"),
    "case_guidance": ("CaseQuestion",),
    "lifecycle": ("Pause",),
    "links": ("Link", "Liaison", "LiaisonInvitation"),
    "calendar": ("CalendarEntry",),
    "guidance": ("Guidance",),
    "convening": ("Convening",),
    "drill": ("Drill", "DrillAsk"),
    "joint": ("JointMeeting", "JointInvitation", "JointEntry"),
    "directory": ("Team", "Agency", "Contact", "Coordinator", "Person"),
    "report": ("Count", "YearCount"),
    "leftovers": ("Leftovers",),
    "owner": ("OwnerAnswer",),
    "drafts": ("Draft",),
}
GROUPS: Mapping[str, Group] = {
    "case": Group(
        "Saken og saksrommet: kode, fase, antall personer, hvem som er i rommet",
        "koordinatorene og de som har plass i saken, i Slack; den som drifter boten",
        "som saken; koden, antall personer, hvem som ba om TOT og årstallene blir stående, så ingen kode gis "
        "ut to ganger, og til årsmeldingen",
    ),
    "involvement": Group(
        "Tjenestenes deltakelse og plassene: hvorfor med, grunnlag for å dele, bekreftet taushetsplikt",
        _ROOM,
        _AS_CASE,
    ),
    "persons": Group("Hvilke av A, B, C … saken er avsluttet for", _ROOM, _AS_CASE),
    "meeting": Group(
        "Møter og møteplikt: tid, sted, kort notat, oppmøte, grunn til fravær",
        "de som er spurt: når, og etter bekreftelsen hvor; de i saksrommet",
        _AS_CASE,
    ),
    "answers": Group(
        "Innkallinger og svar: hvem som er spurt, svar, grunn, vara",
        "den som er spurt; koordinatorene; saksrommet per tjeneste",
        _AS_CASE,
    ),
    "polls": Group(
        "Foreslåtte møtetider, og hvem de passer for",
        "den som er spurt: sine egne svar; koordinatorene; saksrommet: om det blir nok, og hvilke tjenester "
        "som mangler",
        "til en tid er kalt inn, de trekkes tilbake eller er passert; ellers som saken",
    ),
    "escalation": Group("Purringer", "koordinatorene", _AS_CASE),
    "attendance": Group(
        "Oppmøte: hvem som kom når, rettelser, gjennomgåtte punkter",
        "de i saksrommet; rettelser: koordinatorene",
        _AS_CASE,
    ),
    "actions": Group(
        "Behov og tiltak: fra lister eller en kort tekst, hvem som har dem, utfall", _ROOM, _AS_CASE
    ),
    "dates": Group(
        "Plassering, refleksjonsperiode og frister",
        "de i saksrommet, av hva som kommer etterpå bare at det er avklart; tjenestens egne frister: bare de "
        "som har plass for den",
        _AS_CASE,
    ),
    "case_guidance": Group(
        "Veiledning i et saksrom", "den som spurte; koordinatorene i saken, ingen andre i rommet", _AS_CASE
    ),
    "lifecycle": Group("Saker på vent", "saksrommet at den venter; grunnen: koordinatorene", _AS_CASE),
    "links": Group(
        "Koblede saker og kontakter fra andre distrikter",
        "saksrommet at kontakten er med; titler: koordinatorene; koblinger: koordinatorene i begge sakene",
        "som saken; en kobling til den første av de to sakene er slettet",
    ),
    "calendar": Group(
        "Kalenderinvitasjoner: adresse, om den kom fram, svar",
        "den inviterte, i egen kalender; koordinatorene: at den ikke kom fram",
        _AS_CASE,
    ),
    "guidance": Group("Veiledning", "den som spurte; teamets koordinatorer", _OUTSIDE),
    "convening": Group("Spørsmål om å kalle TOT sammen", "den som spurte; teamets koordinatorer", _OUTSIDE),
    "drill": Group(
        "Kontaktprøver",
        "den som fikk prøven; lederen og teamets koordinatorer: nådd eller ikke nådd, fra dagen etter",
        "{drill_days} dager; så står måneden prøven ble holdt i",
    ),
    "joint": Group("Fellesmøter", "de inviterte; teamets koordinatorer", _OUTSIDE),
    "directory": Group(
        "Team, tjenester, kontaktpersoner og koordinatorer: Slack-id, jobbadresse, tittel, vakt, fravær",
        "alle i arbeidsområdet: tjeneste, tittel og vakt (`/tot hvem`); resten: koordinatorene og driften",
        "til katalogen endres; en person, også hvem som har koordinert når, til rollen er over og ingenting "
        "som finnes nevner den, og inntil {person_days} dager til",
    ),
    "report": Group(
        "Tall til rapporten, uten sak og person", "koordinatorene; den som får rapporten", "for godt"
    ),
    "leftovers": Group(
        "Lenker til det Slack ikke lot boten slette",
        "teamets koordinatorer; lenkene sier ikke hvilken sak de hører til",
        "til en koordinator trykker «Ryddet», ellers 14 dager",
    ),
    "owner": Group(
        "Eierens svar om innstillingene i Slack",
        "den som drifter boten (`tot doctor`)",
        "til samme punkt er besvart på nytt",
    ),
    "drafts": Group(
        "Skjemaer som er fylt ut, og ikke sendt",
        "den som fyller ut",
        "til det er sendt, ellers {draft_days} dag",
    ),
    "documents": Group(
        "Alt det over, forseglet: hver sak, hvert spørsmål, hvert skjema, hvert fellesmøte og hver prøve for "
        "seg; så katalogen, tallene og listene til eieren og koordinatorene",
        "som linjene over",
        "som linjene over; av det som er slettet, bare det som telles",
    ),
    "ledgers": Group(
        "Det boten har skrevet og skal skrive, for hver sak: forseglet samlet",
        "ingen",
        "til det er levert, eller meldingen er fjernet; at noe er sagt, {outbox_days} dager til; "
        "aldri lenger enn saken",
    ),
    "infrastructure": Group(
        "Det boten trenger for å virke: kvitteringer, hendelsesloggen",
        "ingen i Slack; loggen: hver person egne handlinger (`/tot innsyn`), personvernombudet ved uttrekk "
        "som driften lager",
        "kvitteringer {receipt_days} dager; "
        "loggen leselig i {audit_days} dager etter at saken er slettet, tid og hendelse for godt",
    ),
}

RIGHTS: Mapping[Right, str] = {
    Right.ANYONE: "alle i arbeidsområdet; en gjest bare når gjesten er registrert",
    Right.TEAM_COORDINATOR: "koordinator for teamet",
    Right.CASE_COORDINATOR: "koordinator som har bekreftet taushetsplikten i saken",
    Right.SEAT_HOLDER: "den som har plass i saken for en tjeneste, og har bekreftet taushetsplikten",
    Right.DEPUTY: "vara for ett møte, godkjent, med bekreftet taushetsplikt",
    Right.CHAIR: "møteleder som koordinatoren har valgt",
    Right.LIAISON: "kontakt fra et annet distrikt, til en dato",
    Right.LEADER: "leder for tjenesten",
    Right.ASKED: "spurt, men har ikke bekreftet taushetsplikten",
    Right.INVITED: "den en kalenderinvitasjon eller en prøve på e-post gjelder, ved svar på den",
    Right.OWN: "den spørsmålet eller plassen gjelder",
    Right.OWN_PART: "den som har plass for tjenesten som har behovet, tiltaket eller fristen",
    Right.LEFT_AT_CLOSING: "den som hadde plass for tjenesten da saken ble avsluttet",
}

#: What the log has no words for: seeing is no event.
SEEING: Mapping[Action, str] = {
    Action.SEE_HELP: "se hjelpen",
    Action.SEE_HOME: "se sin egen Home",
    Action.SET_LANGUAGE: "velge språk",
    Action.SEE_ROSTER: "se hvem som kan hva",
    Action.SEE_JOINT: "se fellesmøtene som kommer, som kontaktperson",
    Action.SEE_ROOM: "se saksrommet",
    Action.SEE_OWN_ASKS: "se det som venter på en selv",
    Action.SEE_REPORT: "se rapporten",
    Action.SEE_OWN_LOG: "se hva som er lagret om en selv, og loggen",
    Action.SEE_ACTIONS: "se tiltakene",
}

#: What Slack's scopes and events let an app like this one do or see, whether it asks for them or not.
GRANTED: Mapping[str, str] = {
    "channels:history": "se at noen har gjort et saksrom åpent; resten som skrives der, ser den ikke på",
    "channels:manage": "ta folk ut av et slikt rom og arkivere det",
    "channels:read": "se hva et slikt rom er nå, og hvem som er i det",
    "chat:write": "skrive meldinger",
    "commands": "ta imot `/tot`: hvem som skrev hva, og hvor",
    "dnd:read": "se om noen har slått av varslene, og til når",
    "files:write": "legge ut kalenderfiler, rapporten og siden til utskrift",
    "groups:history": "lese det som skrives i saksrommene, for tekstkontrollen",
    "groups:read": "se hvem som er i saksrommene",
    "groups:write": "opprette saksrom, slippe folk inn og ut, arkivere",
    "im:history": "lese det som skrives til boten",
    "im:write": "skrive direktemeldinger",
    "pins:write": "feste sakskortet i saksrommet",
    "users:read": "se om en konto er gjest, app eller stengt; navn på kolleger i en liste å velge fra",
    "app_home_opened": "at noen åpner sin Home",
    "app_uninstalled": "at appen er tatt ut av arbeidsområdet",
    "tokens_revoked": "at en nøkkel til Slack er trukket tilbake; boten ser etter om den er dens egen",
    "member_joined_channel": "hvem som kom inn i et rom",
    "member_left_channel": "hvem som gikk ut av et rom",
    "message.channels": "det som skrives i et saksrom noen har gjort åpent",
    "message.groups": "det som skrives i saksrommene",
    "message.im": "det som skrives til boten",
    "user_change": "at en konto er endret; Slack sender hele profilen, boten ser bare på kontoens tilstand",
}
#: What a scope lets whoever has the token do or see besides: by Slack's documentation.
OPENS: Mapping[str, str] = {
    "channels:history": "lese alt i åpne kanaler der boten er medlem",
    "channels:manage": "opprette åpne kanaler; styre dem der boten er medlem",
    "channels:read": "liste alle åpne kanaler i arbeidsområdet, og hvem som er i dem",
    "chat:write": "skrive som TOT der boten er",
    "commands": "–",
    "dnd:read": "se det om alle i arbeidsområdet, når som helst",
    "files:write": "laste opp, endre og slette botens filer",
    "groups:history": "lese alt i saksrommene, også det som ble skrevet før",
    "groups:read": "liste alle saksrommene",
    "groups:write": "slippe hvem som helst inn i saksrommene",
    "im:history": "lese alle direktemeldinger med boten",
    "im:write": "med `chat:write`: skrive til hvem som helst i arbeidsområdet",
    "pins:write": "feste og løsne meldinger der boten er",
    "users:read": "liste alle i arbeidsområdet, med navn, tittel og profil (ikke e-postadresse)",
}
#: The same of an event of a room, private (`group_`) or not (`channel_`), by what comes after.
ROOM_EVENTS: Mapping[str, str] = {
    "archive": "at et rom er arkivert",
    "deleted": "at et rom er slettet",
    "left": "at boten er tatt ut av et rom, og av hvem (det lagres ikke)",
    "rename": "at et rom har fått et annet navn",
    "shared": "at et rom er delt med en annen organisasjon",
    "unarchive": "at et rom er tatt i bruk igjen",
    "unshared": "at et rom ikke lenger er delt",
}
#: What docs/data.md says besides columns, of where something that Slack tells is kept.
KEPT_ELSEWHERE: Mapping[str, str] = {
    "as the case": "som saken",
    "in the log": "tidspunktet i hendelsesloggen",
    "in memory": "ellers noen minutter i minnet",
}
