"""The steps of the exercises: what each leads to, and why people do it, in three languages.

Exercises, and the reasons here, are written in bokmål. The other languages are in `said/LANGUAGE.po`, keyed
by the bokmål words as in gettext; tests/sandbox/test_captions.py reports missing ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from sandbox.activity import ActivityKind


@dataclass(frozen=True)
class Action:
    """The next step of an exercise."""

    who: str
    """The handle of the person who does it; empty when time passes."""
    kind: ActivityKind
    place: str
    text: str


@dataclass(frozen=True)
class Way:
    """The result of a step. A human who opens the same form in another way has also done the step."""

    form: str = ""
    """The title of the form that it opens."""
    why: str = ""
    """Why people do it, in bokmål."""


#: Beginning of a command → its way; the longest match counts.
COMMANDS = {
    "/tot sak": Way("Opprett sak", why="Ett skjema er nok: hvem ba om TOT, hvem trengs, og når møtes de?"),
    "/tot inviter": Way("Kall inn en tjeneste til", why="Bare de som er direkte involvert, spørres."),
    "/tot ut": Way("Ta ut en tjeneste", why="En tjeneste som er ferdig, mister tilgangen med en gang."),
    "/tot flytt": Way("Flytt møtet", why="Får møtet ny tid, spørres alle på nytt."),
    "/tot møte": Way("Kall inn til møte", why="Alle tjenestene i saken kalles inn samlet."),
    "/tot avlys": Way("Avlys møtet", why="Ingen skal møte opp forgjeves."),
    "/tot oppmøte": Way("Oppmøte", why="Møteplikten følges opp: hvem kom, og hvem ble ikke nådd?"),
    "/tot fase": Way("Skift fase", why="I arbeidsfasen går TOT fra å koordinere til å veilede."),
    "/tot avslutt": Way("Avslutt saken", why="Ingen skal ha tilgang lenger enn de trenger."),
    "/tot person": Way("Flere personer", why="Personene er bare bokstaver. Navn skrives aldri her."),
    "/tot koble": Way("Koble saker", why="Koblede saker hører sammen, men ingen ser inn i den andres rom."),
    "/tot tiltak behov": Way("Behov", why="Det ingen har tatt ansvar for, skal synes."),
    "/tot tiltak": Way("Avtal tiltak", why="Et tiltak har en ansvarlig tjeneste og en frist."),
    "/tot frist": Way(
        "Plassering og frister", why="Boten regner aldri ut en frist. Et menneske skriver den inn."
    ),
    "/tot vent": Way("Sett på vent", why="Saken kan vente på personen uten å bli glemt."),
    "/tot rapport": Way("Rapport", why="Tallene hjelper koordinatoren å se hvor det svikter."),
    "/tot veiledning": Way("Be om veiledning", why="Alle kan spørre, uten å si hvem det gjelder."),
    "/tot kalle": Way("Be om at TOT samles", why="Alle kan be om at TOT møtes. Koordinatoren avgjør."),
    "/tot fellesmøte": Way("Fellesmøte", why="Fellesmøter er for å lære. Ingen saker tas opp der."),
    "/tot hvem": Way(why="Alle kan slå opp hvem som kan hva."),
}
BUTTONS = {
    "Jeg bekrefter taushetsplikten": Way(
        why="Rommet og innkallingen åpnes først når taushetsplikten er bekreftet for akkurat denne saken.",
    ),
    "Jeg kommer": Way(why="Ett trykk er nok, og svaret kan endres."),
    "Kan ikke": Way("Kan ikke", why="Møteplikten gjelder tjenesten. Kan ikke du, kommer en vara."),
    "Oppgi grunn og vara": Way("Kan ikke", why="Kalenderen spør ikke om grunn og vara. Det gjør boten."),
    "Godkjenn": Way(why="Varaen må kunne bestemme noe, så koordinatoren sier ja først."),
    "Registrer svar": Way("Registrer svar", why="De som ikke er på Slack, ringes. Svaret skrives inn."),
    "Registrer hvem som kom": Way("Oppmøte", why="Møteplikten følges opp: hvem kom, og hvem ble ikke nådd?"),
    "Jeg er til stede": Way(why="De som er i møtet, sier fra selv."),
    "Valg": Way("Valg", why="Her står det som trengs nå. De andre ser bare sitt eget."),
    "Oppmøte": Way("Oppmøte", why="Noen er med på telefon. Den som leder, fører dem opp."),
    "Svar": Way("Svar", why="Svaret går bare til den som spurte."),
    "Inviter til samtale": Way("Inviter til samtale", why="Noe er lettere å snakke om enn å skrive."),
    "Avslutt veiledningen": Way("Avslutt veiledningen", why="Spørsmålet slettes. Bare temaet huskes."),
    "Nei": Way("Ikke kall sammen", why="Den som spurte, skal vite hvorfor."),
    "Kommer": Way(why="Fellesmøter er frivillige, men det er greit å vite hvem som kommer."),
    "Kommer ikke": Way(why="Ingen spør om hvorfor. Det er ingen møteplikt her."),
    "Endre fellesmøtet": Way("Endre fellesmøtet", why="Får møtet ny tid, spørres alle på nytt."),
    "Hvem kom?": Way("Hvem kom?", why="Bare antallet blir stående."),
    "Vi tar ansvar": Way(why="Ett trykk på sakskortet, og alle ser hvem som har det."),
    "Utført": Way(why="Koordinatoren slipper å spørre."),
    "Sett neste møte": Way("Kall inn til møte", why="Det som kommer etterpå, planlegges i god tid."),
    "Kall inn til dette møtet": Way("Kall inn til møte", why="Boten foreslår. Koordinatoren bestemmer."),
    "Passer": Way(why="Alle tidene som passer, kan trykkes på, og svaret kan endres til møtet kalles inn."),
    "Kall inn": Way(why="De som har sagt at tiden passer, har dermed svart. De andre spørres som vanlig."),
    "Flytt hit": Way(why="De som har sagt at den nye tiden passer, har dermed svart."),
    "Journalført hos oss": Way(why="Hver tjeneste journalfører saken hos seg. Boten er aldri journalen."),
    "Registrer at den er journalført": Way(
        "Journalført", why="Noen sier det på telefon. Koordinatoren registrerer det for dem."
    ),
    "Avklart eller opphevet": Way(why="En plassering skal aldri ta slutt uten en plan."),
}
#: Title of the sent form → its way.
FORMS = {
    "Se over og send": Way(why="Før noe sendes, står det her hvilke mennesker som nå får vite det."),
    "Opprett sak": Way(why="Ingenting er sendt ennå. Først kommer en oversikt."),
    "Kan ikke": Way(why="Koordinatoren får vite det med en gang, og må si ja til varaen."),
    "Oppmøte": Way(why="«Ble ikke nådd» er noe annet enn å utebli."),
    "Avslutt saken": Way(why="Alle andre enn koordinatorene går ut av rommet, og slettedatoen settes."),
}
#: The way of every command of the person who is not involved.
OUTSIDER = Way(why="Den som ikke er med, får samme svar enten det finnes en sak eller ikke.")
OTHERS: dict[ActivityKind, Way] = {
    "time": Way(why="Boten følger med på klokka, og minner på det som ikke er svart."),
    "writes": Way(why="Boten tolker ikke det folk skriver. Den viser knappene som passer."),
    "opens_home": Way(why="På Home står alt som venter på en."),
    "answers": Way(why="Ja og nei i kalenderen teller like mye som i Slack."),
}
_NOTHING = Way()


def way(kind: ActivityKind, text: str, who: str = "") -> Way:
    """Return where a step leads, or an empty Way if that is unknown."""
    if kind == "types":
        fitting = [start for start in COMMANDS if f"{text} ".startswith(f"{start} ")]
        found = COMMANDS[max(fitting, key=len)] if fitting else _NOTHING
        return OUTSIDER if who == "utenforstaende" else found
    if kind == "presses":
        return BUTTONS.get(text, _NOTHING)
    if kind == "submits":
        return FORMS.get(text, _NOTHING)
    return OTHERS.get(kind, _NOTHING)


TRANSLATED = ("nn", "en")
_FOLDER = Path(__file__).with_name("said")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return bokmål → the words in this language."""
    with (_FOLDER / f"{language}.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale=language)}


def said(text: str, language: str) -> str:
    """Return words of an exercise in this language, or in bokmål if they are not translated."""
    return text if language not in TRANSLATED else catalogue(language).get(text) or text


def why(action: Action, language: str) -> str:
    """Return why a step is done; empty if that is obvious."""
    return said(way(action.kind, action.text, action.who).why, language)
