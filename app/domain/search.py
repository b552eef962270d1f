"""What somebody looks for by the box on every page: a name, an id, a key's hint, the request id of a refusal (SPEC 14).
A key that was pasted whole is taken for its hint, and stands in no address and on no page (SPEC 5)."""

from dataclasses import dataclass

from app.domain import keys, text
from app.domain.errors import Unfit
from app.domain.identifiers import Kind, is_id

MOST = 200
_LONGEST_REQUEST_ID = 40


@dataclass(frozen=True)
class Sought:
    """What was typed, as it may be shown and stand in an address, and the ways to take it; None where it cannot be
    meant that way. `folded` is a part of a name. `was_key`: a whole key was typed, of which only the hint is left."""

    text: str
    folded: str | None = None
    application_id: str | None = None
    token_id: str | None = None
    hint: str | None = None
    request_id: str | None = None
    was_key: bool = False


def read(raw: str) -> Sought:
    """What is typed into the box. Raises Unfit, with a sentence that does not repeat it."""
    typed = raw.strip()
    if keys.occurs_in(typed):
        hint = keys.hint_in(typed)
        return Sought(str(hint), hint=hint, was_key=True)
    if not typed:
        raise Unfit("Type what you look for.")
    if keys.may_hold_part(typed):
        raise Unfit("This looks like a part of a key. Its last four characters are enough to find it.")
    if len(typed) > MOST:
        raise Unfit(f"Use at most {MOST} characters; this has {len(typed):,}.")
    unseen = next((character for character in typed if text.is_unseen(character)), None)
    if unseen is not None:
        raise Unfit(f"Remove the invisible character U+{ord(unseen):04X}: nothing here has one.")
    return _taken(typed)


def _taken(typed: str) -> Sought:
    if is_id(Kind.APPLICATION, typed):
        return Sought(typed, application_id=typed)
    if is_id(Kind.TOKEN, typed):
        return Sought(typed, token_id=typed)
    hint = keys.hint_in(typed)
    if hint is not None and typed.startswith(keys.PREFIX):
        return Sought(typed, hint=hint)
    return Sought(
        typed,
        folded=text.folded(typed) or None,
        hint=hint,
        request_id=typed if len(typed) <= _LONGEST_REQUEST_ID else None,
    )
