"""Calendar words that people type in bokmål, nynorsk and English, as data. They are never shown.

Keys are lower case. A word that means the same in two languages is listed once.
"""


def _numbered(*groups: str, start: int) -> dict[str, int]:
    return {word: number for number, words in enumerate(groups, start) for word in words.split()}


MONTHS = _numbered(
    "januar january jan",
    "februar february feb",
    "mars march mar",
    "april apr",
    "mai may",
    "juni june jun",
    "juli july jul",
    "august aug",
    "september sept sep",
    "oktober october okt oct",
    "november nov",
    "desember december des dec",
    start=1,
)

WEEKDAYS = _numbered(
    "mandag måndag monday man mån mon",
    "tirsdag tysdag tuesday tir tirs tys tue tues",
    "onsdag wednesday ons wed",
    "torsdag thursday tor tors thu thur thurs",
    "fredag friday fre fri",
    "lørdag laurdag saturday lør lau sat",
    "søndag sundag sunday søn sun",
    start=0,
)

NUMBERS = _numbered(
    "en ein ei et eit ett eitt one a an",
    "to two",
    "tre three",
    "fire four",
    "fem five",
    "seks six",
    "sju syv seven",
    "åtte eight",
    "ni nine",
    "ti ten",
    "elleve eleven",
    "tolv twelve",
    start=1,
)


def one_of(words: dict[str, int]) -> str:
    """Return a regular-expression alternative of the words, longest first: «mars» is not «mar»."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"
