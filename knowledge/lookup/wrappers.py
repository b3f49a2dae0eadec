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

HESITATING = words_in("hesitating")
"""What is said while thinking, wherever it stands in a transcript."""

_SAID_BEFORE = [
    "what do you call it",
    "whats it called",
    "what is it called",
    "i think its",
    "i think it is",
    "is it like",
    "right so",
    "right ok",
    "right okay",
    "right then",
    "right what",
    "right whats",
    "well what",
    "well whats",
    "well so",
    "go on",
    "go on then",
    "well",
    "hang on",
    "yeah so",
    "so yeah",
    "you know like",
    "talk me through",
    "tell me",
    "alright so",
]
_SAID_AFTER = [
    "or something",
    "or whatever",
    "what are they",
    "you draw",
    "you use",
    "and that",
    "and stuff",
    "how does it work",
    "how does that work",
    "how do you do it",
    "how is it done",
    "what does it show",
    "what does it do",
    "what goes in it",
    "what goes in that",
    "define it",
    "explain it",
    "explain that",
    "explain that to me",
    "who are they",
    "who are they again",
    "when do you use it",
    "why do we need it",
    "why do they do it",
    "do you know",
    "you know",
    "if that makes sense",
    "innit",
    "yeah",
]
_BEFORE, _AFTER = (
    sorted([tuple(each.split()) for each in listed], key=len, reverse=True) for listed in (_SAID_BEFORE, _SAID_AFTER)
)
SAID_BEFORE = {said[0]: [each for each in _BEFORE if each[0] == said[0]] for said in _BEFORE}
SAID_AFTER = {said[-1]: [each for each in _AFTER if each[-1] == said[-1]] for said in _AFTER}
"""What people say around a term when they speak, by the first word and by the last."""

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


_SMALL = STOP | LEADING | TRAILING


def is_small(word: str) -> bool:
    """Whether a word only asks, or carries little meaning."""
    return word in _SMALL
