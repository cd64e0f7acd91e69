"""How hard a text is to read: clients read on bad days, and on small screens."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Flesch-Kincaid (Kincaid and others 1975, Navy Research Branch Report 8-75). Reading grade of client texts at most six:
# DESIGN section 5.
GRADE = 6.0

_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouydt]ed|[^aeiouyscgxz]es|ely)$")
_VOWELS = re.compile(r"[aeiouy]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z’']*")


def syllables(word: str) -> int:
    """Count the groups of vowels of an English word, but for a silent end."""
    word = word.lower().replace("’", "'")
    word = re.sub(r"'(?:s|re|ve|ll|d|t|m)?$", "", word)
    count = len(_VOWELS.findall(word))
    if count > 1 and _SILENT.search(word):
        count -= 1
    return max(count, 1)


def grade(sentences: Sequence[str]) -> float:
    """Return the Flesch-Kincaid grade of some sentences, in years of school.

    Raises:
        ValueError: there is no word in them.
    """
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    kept = [sentence for sentence in sentences if _WORD.search(sentence)]
    if not words:
        raise ValueError(f"no word in {len(sentences)} sentences; expected a text to read")
    return 0.39 * len(words) / len(kept) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def whole_sentences(text: str) -> list[str]:
    """Return the whole sentences of a text: headings and answers are short, and would make it look plainer."""
    parts = [part for line in text.splitlines() for part in re.split(r"(?<=[.?!])\s+", " ".join(line.split()))]
    return [part for part in parts if re.search(r"[.?!]\W*$", part) and len(part.split()) > 1]
