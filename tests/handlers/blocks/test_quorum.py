"""How many have to come, in words: as many as it says, and the kinds among them, not besides."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.attendance import QuorumLack
from bot.domain.directory.entities import Agency, AgencyKind, Quorum, TeamRules
from bot.domain.language import Language
from bot.domain.overview.missing import Lack, Missing
from bot.texts.words import words
from handlers.blocks.formatting import lack
from handlers.blocks.quorum import lacking, least, who_is_lacking
from tests.every import every
from tests.handlers.cases import base

NB = words(Language.NB)
CHILDREN = (AgencyKind.CHILD_WELFARE, AgencyKind.CHILD_WELFARE_EMERGENCY, AgencyKind.SOCIAL_SERVICES)
POLICE = (AgencyKind.POLICE,)


@every(
    ("few", "groups", "said"),
    [
        (1, (), "Det mangler én tjeneste."),
        (2, (), "Det mangler 2 tjenester."),
        (
            1,
            (CHILDREN,),
            "Det mangler én tjeneste, og det må være barnevern, barnevernvakt eller sosiale tjenester (NAV).",
        ),
        (
            3,
            (CHILDREN,),
            "Det mangler 3 tjenester, og minst én av dem må være "
            "barnevern, barnevernvakt eller sosiale tjenester (NAV).",
        ),
        (0, (CHILDREN,), "Barnevern, barnevernvakt eller sosiale tjenester (NAV) må være med."),
        (
            2,
            (POLICE, CHILDREN),
            "Det mangler 2 tjenester. Politi må være med. "
            "Barnevern, barnevernvakt eller sosiale tjenester (NAV) må være med.",
        ),
    ],
)
def test_what_is_lacking(few: int, groups: tuple[tuple[AgencyKind, ...], ...], said: str) -> None:
    assert lacking(NB, QuorumLack(few, groups)) == f"*For få har trykket «Jeg er til stede».* {said}"


def absent(*keys: str) -> list[Agency]:
    return [base().agencies[f"agency-{key}"] for key in keys]


def test_the_agencies_are_named_where_the_reader_may_know_them() -> None:
    both, either = absent("child", "police"), absent("child", "police", "shelter")
    two, one = QuorumLack(2, (CHILDREN,)), QuorumLack(1, ())
    assert who_is_lacking(NB, two, both) == "Det mangler Barneverntjenesten og Politiet."
    assert who_is_lacking(NB, one, either) == (
        "Det mangler én tjeneste. Ikke trykket ennå: Barneverntjenesten, Politiet og botilbud 1."
    )
    of_no_kind = who_is_lacking(NB, QuorumLack(2, (CHILDREN,)), absent("police", "shelter"))
    assert of_no_kind.startswith("Det mangler 2 tjenester, og minst én av dem må være barnevern")
    assert who_is_lacking(NB, one, []) == "Det mangler én tjeneste."
    # In the room they stand just above.
    assert lacking(NB, two, both) == "*For få har trykket «Jeg er til stede».*"
    assert lacking(NB, one, either) == "*For få har trykket «Jeg er til stede».* Det mangler én tjeneste."


def test_what_a_team_asks_of_a_meeting() -> None:
    assert least(NB, Quorum(2, ())) == "Det må være minst 2."
    assert least(NB, Quorum(2, (POLICE, CHILDREN))).startswith(
        "Det må være minst 2. Politi må være med. Barn"
    )


def test_the_card_says_what_would_be_enough() -> None:
    assert lack(NB, base(), Lack(Missing.BELOW_QUORUM)) == (
        "For få tjenester kommer til neste møte. "
        "Det må være minst 3, og minst én må være barnevern, barnevernvakt eller sosiale tjenester (NAV)."
    )
    rules = replace(TeamRules(), quorum=Quorum(2, (POLICE,)))
    other = replace(base(), team=replace(base().team, rules=rules))
    assert "Det må være minst 2, og minst én må være politi." in lack(NB, other, Lack(Missing.BELOW_QUORUM))
