"""A text made plain, for forms to be found in it however it is written.

Compatibility forms (full-width digits, NBSP) become ordinary ones, digits of every script become 0-9, and
what is not seen (zero-width and other format characters, combining marks) is taken out.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_INVISIBLE = {"\u115f", "\u1160"}  # Hangul fillers: letters by category, blank to the eye
_DOTS = {"·", "•", "∙", "‧"}
_BLANK = {"\u2800"}
_ASCII_SPACE = re.compile(r"[\t-\r\x1c-\x1f]")


def in_plain_characters(text: str) -> tuple[str, Sequence[int]]:
    """The text in plain characters, and for each of them the index in `text` that it came from."""
    if text.isascii():
        return _ASCII_SPACE.sub(" ", text), range(len(text))
    plain: list[str] = []
    origin: list[int] = []
    for index, original in enumerate(text):
        seen = _seen(original)
        plain.append(seen)
        origin += [index] * len(seen)
    return "".join(plain), origin


@lru_cache(1024)
def _seen(original: str) -> str:
    """Return a character in plain ones. One that stands for a word or more («ﷺ») has no digits."""
    characters = unicodedata.normalize("NFKC", original)
    return "".join(map(_plain_char, characters)) if len(characters) <= 4 else " "


def _plain_char(char: str) -> str:
    if char.isascii() and not char.isspace():
        return char
    category = unicodedata.category(char)
    if category in {"Cf", "Mn", "Me"} or char in _INVISIBLE:
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if char.isspace() or char in _BLANK:
        return " "
    if category == "Pd" or char == "\u2212":
        return "-"
    return "." if char in _DOTS else char


#: Letters that are read as digits («I5IO86»), and where: in what has at least as many digits as letters,
#: beside another such group, or as a group of their own between two.
_LOOKALIKES = str.maketrans("OoIl", "0011")
_MIXED = re.compile(r"(?<![^\W_])[0-9OoIl]{2,}(?![^\W_])|(?<=[0-9OoIl] )[OI](?= [0-9OoIl])")


def lookalikes_as_digits(plain: str) -> str:
    """The text with letters that stand for digits as these; of the same length."""
    return _MIXED.sub(lambda match: _as_digits(match[0]), plain)


def _as_digits(group: str) -> str:
    letters = sum(char.isalpha() for char in group)
    # «OO» and «O» are read so where they stand, as the last pair of a number; «Il» is no number by itself.
    return group.translate(_LOOKALIKES) if 2 * letters <= len(group) or set(group) == {"O"} else group
