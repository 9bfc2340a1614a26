"""How alike two texts are, by the folded syllables and pairs they share. Does not know what they mean."""

from functools import lru_cache
from itertools import pairwise

from moderation.text import expand, fold, syllables


# The newest titles are compared with every title that is written, so theirs are not folded again each time.
@lru_cache(maxsize=2_000)
def shingles(text: str) -> frozenset[str]:
    """Folded syllables and pairs of neighbours, abbreviations written out."""
    row = syllables(fold(expand(text)))
    return frozenset(row).union(f"{left} {right}" for left, right in pairwise(row))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Shared over all, 0 to 1. Two empty texts share nothing."""
    together = len(a | b)
    return len(a & b) / together if together else 0.0


def containment(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of `part` is found in `whole`, 0 to 1."""
    return len(part & whole) / len(part) if part else 0.0


def near(a: str, b: str) -> float:
    """0 to 1: the same text is 1; a short text inside a long one counts, but less than the same text."""
    left, right = shingles(a), shingles(b)
    short, long = sorted((left, right), key=len)
    return (jaccard(left, right) + containment(short, long)) / 2
