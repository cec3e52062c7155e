"""The small pieces: texts that are cut, parted and listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.blocks.elements import ActionId, bullets, clip, menu, parts
from tests.every import every

TEXT = st.text(alphabet="ab \n", max_size=200)


@given(TEXT, st.integers(min_value=2, max_value=50))
def test_clip_is_short_enough_and_leaves_short_text_alone(text: str, most: int) -> None:
    clipped = clip(text, most)
    assert len(clipped) <= most
    assert clipped == text if len(text) <= most else clipped.endswith("…")


@given(TEXT, st.integers(min_value=2, max_value=50))
def test_parts_lose_no_letter(text: str, most: int) -> None:
    pieces = parts(text, most)
    assert all(0 < len(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.lists(st.text(alphabet="ab", min_size=1, max_size=30)), st.integers(min_value=10, max_value=200))
def test_bullets_fit_and_tell_when_something_is_left_out(texts: list[str], most: int) -> None:
    listed = bullets(texts, most)
    assert len(listed) <= most
    assert (listed.count("• ") == len(texts)) != listed.endswith("…")


@every("number", [0, 6])
def test_a_menu_that_would_hide_a_choice_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"{number} options"):
        menu(ActionId("any"), [(f"Valg {n}", str(n)) for n in range(number)])
