"""Names that do not repeat."""

import multiprocessing

from app.domain.identifiers import STOCKED, quick_text


def test_quick_texts_do_not_repeat_and_have_the_length_asked_for() -> None:
    made = [quick_text(length) for _ in range(2 * STOCKED + 1) for length in (12, 16)]

    assert len(set(made)) == len(made)
    assert {len(text) for text in made} == {12, 16}


def test_a_process_that_is_forked_off_makes_others() -> None:
    quick_text(16)
    with multiprocessing.get_context("fork").Pool(1) as pool:
        theirs = pool.map(quick_text, [16] * STOCKED)

    assert not {quick_text(16) for _ in range(STOCKED)} & set(theirs)
