"""What people may type: NFC, trimmed, visible, and never a key (SPEC 3)."""

import unicodedata

from app.domain import keys
from app.domain.errors import Unfit

NAME_LENGTH = 100
FOLDED_LENGTH = 400
DESCRIPTION_LENGTH = 2_000
REASON_MIN, REASON_MAX = 10, 2_000
LINE_BREAKS = "\n\t"
UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What is not drawn although its category does not say so: Default_Ignorable_Code_Point of Unicode 16, section "Derived
# Property: Default_Ignorable_Code_Point" of DerivedCoreProperties.txt, without Cc, Cf and the selectors below; and
# U+2800, the Braille pattern with no dots.
UNSEEN = frozenset(
    map(
        chr,
        [
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x2800, 0x3164, 0xFFA0),
            *range(0xFFF0, 0xFFF9),
            *range(0xE0000, 0xE0100),
            *range(0xE01F0, 0xE1000),
        ],
    )
)
# Which drawing of the character before is meant, of an emoji or an ideograph: welcome, but nothing to see by itself.
SELECTORS = frozenset(map(chr, [*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))


def name(raw: str) -> str:
    """A name of 1 to 100 characters on one line."""
    text = _clean(raw, allowed="")
    if not _visible(text):
        raise Unfit("Enter a name.")
    # One ligature can fold to eighteen letters, and names are kept folded too.
    if len(folded(_at_most(text, NAME_LENGTH))) > FOLDED_LENGTH:
        raise Unfit("Write this name with plain letters: some of these characters stand for whole words.")
    return text


def description(raw: str) -> str:
    """A description of at most 2,000 characters; may be empty."""
    return _at_most(_clean(raw, allowed=LINE_BREAKS), DESCRIPTION_LENGTH)


def reason(raw: str) -> str:
    """A reason of 10 to 2,000 characters: approvers and auditors read it."""
    text = _clean(raw, allowed=LINE_BREAKS)
    if len(_visible(text)) < REASON_MIN:
        raise Unfit(f"Say why, in at least {REASON_MIN} characters. Approvers and auditors read this.")
    return _at_most(text, REASON_MAX)


def optional_reason(raw: str) -> str:
    """A reason that may be left out, but is a proper text of at most 2,000 characters if given."""
    return _at_most(_clean(raw, allowed=LINE_BREAKS), REASON_MAX)


def folded(text: str) -> str:
    """The form in which two names are compared: NFKC and case folding, inner spaces as one, no selectors."""
    once = unicodedata.normalize("NFKC", _visible(text)).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())


def is_unseen(character: str) -> bool:
    """Whether a character is not drawn, and so has no place in a text: controls, formats, fillers."""
    return unicodedata.category(character) in UNSEEN_CATEGORIES or character in UNSEEN


def _visible(text: str) -> str:
    return " ".join("".join(character for character in text if character not in SELECTORS).split())


def _clean(raw: str, *, allowed: str) -> str:
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in text:
        if character not in allowed and is_unseen(character):
            raise Unfit(f"Remove the invisible character U+{ord(character):04X}; only visible text is kept here.")
    if keys.occurs_in(text):
        raise Unfit("This text contains a key. A key written down here would be read by others: remove it.")
    return text


def _at_most(text: str, length: int) -> str:
    if len(text) > length:
        raise Unfit(f"Use at most {length:,} characters; this has {len(text):,}.")
    return text
