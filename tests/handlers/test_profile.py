"""How `/tot innsyn` tells what has reached somebody, and what they did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.access import Action
from bot.domain.audit import Logged
from bot.domain.language import Language
from bot.texts.words import words
from bot.usecases.profile import Access
from handlers.profile import told
from tests.bot import cast

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
HEAD = "*Dette har du fått fra TOT:* meldingene i samtalen med meg."
FOOT = (
    "Alt om deg får du hos personvernombudet (personvernforordningen artikkel 15). "
    "Noe kan være unntatt (personopplysningsloven § 16)."
)


def shown(access: Access) -> list[str]:
    return told(words(Language.NB), access).splitlines()


def test_roles_are_told_as_the_roster_has_them_and_what_one_did() -> None:
    contact = next(c for c in cast.CONTACTS if c.person_id == "clerk")
    agency = cast.AGENCIES[contact.agency_id]
    contact = replace(contact, title="<vakt>", leader=True, last_reached=date(2026, 11, 1))
    contact = replace(contact, away_from=date(2026, 12, 1), away_until=date(2026, 12, 7))
    post = cast.COORDINATORS[0]
    acts = [Logged(1, AT, Action.ACKNOWLEDGE_SEAT, None, "me", "case", None)]
    assert shown(Access(cast.OSLO, ((contact, agency),), ((post, cast.TEAM),), acts)) == [
        HEAD,
        "• kontaktperson i Social: &lt;vakt&gt;, hele døgnet, nr. 2 på vakt, leder, "
        "borte tirsdag 1. desember 2026–mandag 7. desember 2026, sist nådd i en prøve i november 2026",
        "• koordinator i TOT Bergen fra mandag 23. november 2026",
        "",
        "*Det du selv har gjort*, det nyeste først:",
        "• tirsdag 1. desember 2026 kl. 10:00: taushetsplikt bekreftet",
        "",
        FOOT,
    ]


def test_nobody_is_told_that_nothing_names_them() -> None:
    assert shown(Access(cast.OSLO, (), (), ())) == [HEAD, "", FOOT]
