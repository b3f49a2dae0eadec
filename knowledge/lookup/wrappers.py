"""The words around a term in a question: *what does ... stand for pls*, *explain ... to me*."""

from __future__ import annotations

from knowledge.lookup.wordlists import words_in

LEADING = words_in("leading")
LEADING_WITH_OF = words_in("leading with of")
"""Words that ask when *of* follows: *the purpose of a survey*."""

TRAILING = words_in("trailing")
ASKING = words_in("asking")
"""Words of a question about a word."""

BEFORE_A_TERM = words_in("before a term")
"""Words that may stand before a term that is itself a word of questions: *what does mean mean*."""

SETTINGS = frozenset(
    f"{link} {place}"
    for link in ("in", "for", "at", "within")
    for place in [
        "customer service",
        "customer services",
        "customer care",
        "business",
        "a business",
        "businesses",
        "retail",
        "a shop",
        "work",
        "a company",
        "a call centre",
        "call centres",
        "the workplace",
        "hospitality",
        "service",
        "my course",
        "the course",
        "btec",
        "class",
        "simple terms",
    ]
)
"""Where it is said to matter: *what is churn in customer service*."""

FILLING = words_in("filling")
"""Words that add nothing to a term's name."""

PLEASE = frozenset(["please", "pls", "plz"])

GENERAL = words_in("general")
"""Words that say what kind of thing a term is: *kano theory*, *nps formula*."""

LIGHT = words_in("light")
"""Words that say little beside a term: *showing* empathy."""

STOP = words_in("stop")
"""Words that carry little meaning of their own."""

SUBJECT = words_in("subject")
"""Words of working life that are seldom in a message about anything else."""

TASK = words_in("task")
"""Words of tasks, and of the places that tasks are about."""

EVERYDAY = words_in("everyday")
"""Words of life outside work: a message with one is seldom about a term."""

_SLIPPABLE = sorted(words_in("slippable"))


def _slips(word: str) -> set[str]:
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    dropped = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    return swapped | dropped | doubled


MISTYPED = {
    slip: word
    for word in reversed(_SLIPPABLE)
    for slip in _slips(word)
    if len(slip) > 3 and slip not in LEADING and slip not in TRAILING and slip not in {"mens", "hats", "hat"}
} | {
    "waht": "what",
    "wht": "what",
    "hwat": "what",
    "wjat": "what",
    "dose": "does",
    "deos": "does",
    "diff": "difference",
}
"""Slips of the finger in question words."""


def is_small(word: str) -> bool:
    """Whether a word only asks, or carries little meaning."""
    return word in STOP or word in LEADING or word in TRAILING
