"""Ages: somebody's are found by their form, and spans of time pass."""

from datetime import date

from bot.domain.guard import ForbiddenKind, find_forbidden
from tests.every import every

TODAY = date(2026, 11, 24)


@every(
    "text",
    [
        *("15-åring", "15 åringen", "femtenåring", "15 år gammel", "15 år gamle", "jente 15 år"),
        *("Jenta, 9 år", "gutten (15)", "jente på 15", "15-year-old", "girl aged 15", "jente 15"),
        *("jenta er 15", "gutt, 12", "15årig jente", "født 2011", "Ung kvinne, Maria 17 år"),
        *("jenta Maria (17 år)", "Maria 17 år", "Maria, 17 år", "Ola (9 år)", "Maria er 17 år"),
        *("Ali 23 years", "Maria 17 år fra utlandet"),
    ],
)
@every("around", ["{}", "Møtet om dette: {}, som avtalt", "({})"])
def test_an_age_is_found(text: str, around: str) -> None:
    found = find_forbidden(around.format(text), today=TODAY)
    assert [finding.kind for finding in found] == [ForbiddenKind.AGE]


@every(
    "text",
    [
        *("Vi møtes igjen om 2 år", "etter 15 års arbeid", "for 15 år siden", "mannskap 12 og 14"),
        *("mandag 14 desember", "mandag (14)", "gutter 14.30", "kvinner og menn, 3 møter"),
        *("jentene på 2. møte", "Kontakt på 3 avdelinger", "kvinner med 3 år i tiltaket"),
        *("Kvinnegruppen, Etter 2 års arbeid", "Etter 12 år", "Om 6 år møtes vi igjen", "Over 18 år"),
        *("Under 18 år: verge", "Fra 16 år", "Samtykke 16 år", "Aldersgrensen er 18 år", "Oppfølging 6 år"),
        *("Strafferamme 6 år", "Siste 12 år", "Politiet har brukt 12 år", "Oslo 12 år siden"),
        *("Avtalen er 12 år", "Mandat i 12 år", "Lagringstid 12 år", "De neste 7 årene"),
        *("Bergen har hatt TOT i 19 år", "For 19 år siden", "EXIT 12 år", "Plan 5 år", "Erfaring 10 år"),
        "Within 12 years",
    ],
)
def test_a_span_of_time_is_no_age(text: str) -> None:
    assert find_forbidden(text, today=TODAY) == []
