"""Answers that cannot earn marks as they stand, and the parts of an answer that are only a list of key words.

Only talk to the marker stops an answer whatever else it says. A list of words takes the credit from what stands inside
the list; the other gates name the reason where nothing was found, and never take a point away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Set
from functools import lru_cache
from itertools import pairwise

from knowledge.marking.result import Gate
from knowledge.marking.stems import GRAMMAR, word_set
from knowledge.marking.tokens import Text
from knowledge.schema import Question
from knowledge.words import english_words

FUNCTION_WORDS = GRAMMAR | word_set("and or do over again after before up out all own same")
"""Words that carry no topic of their own."""

EMPTY_WORDS = word_set(
    """a an the this that these those is are was were be been am has have had do does did will would can could should i
    you he she it we they of in on at by for to with and or as my your their its so then there"""
)
"""Words that prove nothing when they are all that an answer adds to the question's own."""

_SENTENCE_WORDS = GRAMMAR | word_set(
    """use uses used using make makes made get gets got let lets ask asks asked tell tells told keep keeps kept help
    helps mean means feel feels felt become becomes stay stays want wants knows goes come comes gives gave leaves buys
    says thinks sees finds looks happens leads loses shows needed wanted takes took"""
)
"""Words of which one makes a sentence. Not "and", nor the "do" of plan-do-check-act: lists have them."""

_STRONG_WORDS = _SENTENCE_WORDS - word_set(
    """a an the this that these those of in on at by for from to into onto with about against between through during
    above below down off under who whom whose which what when where why how every each any some both few many much such
    very too just only also even still then there here without as than if because so but however therefore"""
)

_PLURALS = word_set("people folk everyone")
_RATHER_NOUNS = word_set(
    """check plan score review survey cycle trend test target record report measure trial pilot contact point proof
    process rate"""
)
"""Verbs that a list of key words has as nouns: "results check plan cycle" is no sentence."""
_LONG_FRAGMENT = 4
"""Words of a fragment that is a list by itself where nothing makes it a sentence."""

_DONT_KNOW = re.compile(
    r"""\b(?:do\s*n['’]?o?t|dunno|donno|no|not)\s*(?:(?:really|got|a|any|even|have)\s+){0,5}
        (?:know|no|sure|idea|clue|certain|remember|understand)\b
      |\b(?:idk|dunno|donno|dk|no\s*(?:idea|clue)|not\s+sure|haven['’]?t\s+(?:a\s+)?(?:clue|got)|beats\s+me|pass|skip
        |next|help|give\s+up|can['’]?t\s+remember|forgot(?:ten)?|never\s+heard)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DONT_KNOW_FILLER = word_set(
    """i it this that the a an is what how why to me do not know no sure sorry pls please idea clue really honestly just
    lol sir miss answer question one have of at all about you can help skip pass next remember forgot dunno idk um umm
    erm uh hmm haha am my tbh on any got u mean means dk bro mate donno give up heard never beats understand even
    certain im"""
)
_DONT_KNOW_ALONE = word_set("pass skip next help")
"""What says "I don't know" only where nothing else is said."""

_SCORE = r"""(?:full|all|max(?:imum)?|top|the|some|more|\d+|every|good|high(?:est)?|my)
        \s+(?:(?:the|of\s+the|available|possible)\s+){0,5}"""
_TALK = re.compile(
    rf"""(?<!who\ )(?<!they\ )(?<!customers\ )(?<!people\ )\b(?:give|award|grant|assign|gimme|hand)\s+
        (?:(?:me|it|this|us|the|answer|an?|learner|student|candidate|out)\s+){{0,5}}{_SCORE}(?:marks?|points?|credit|score|grade)\b
        (?<!good\ points)
      |\bgive\s+(?:me|this|it)\s+(?:a\s+)?(?:marks?|points?|credit|pass|distinction|merit|\d+\s*(?:/|out\s+of)\s*\d+)\b
      |\b(?:mark|score|grade|rate|treat|accept|count|consider)\s+(?:this|it|me|my|the)\s*(?:answer|response|reply|work|as)?
        \s*(?:as\s+)?(?:fully\s+)?(?:correct|right|met|full|complete|true|perfect|passed|distinction)\b
      |\b(?:ignore|disregard|forget|override|skip)\s+
        (?:(?:all|any|your|the|these|those|my|previous|prior|above|earlier|marking|of)\s+){{0,5}}
        (?:instructions?|rules|prompts?|mark\s*schemes?|rubrics?|marking|guidance)\b
      |\b(?:this|my|the)\s+(?:answer|response|reply)\s+
        (?:is|should|deserves?|must|meets?|covers?|contains?|satisf\w+|fulfil\w*|has|gets?|includes?)\s+(?:\w+\s+){{0,3}}?
        (?:correct|right|marks?|points?|full|criteria|perfect|everything|all|award\w*|credit\w*|mark\s*scheme)\b
      |\bi\s+(?:deserve|should\s+get|want|need)\s+(?:(?:the|all|a|full|max\w*|top|good|\d+)\s+){{0,5}}
        (?:marks?|points?|distinction|credit)\b
      |\b(?:all|every|full)\s+(?:(?:the|of\s+the)\s+)?(?:marks?|marking\s+points?|points?|criteria)\s+
        (?:are|is|have\s+been|were)\s+(?:met|awarded|covered|achieved|satisfied)\b
      |\bas\s+an?\s+(?:ai|llm|language\s+model|marker|examiner|assessor)\b
      |\b(?:dear|hey|hi|hello)\s+(?:marker|examiner|assessor|bot|ai|grader)\b
      |\b(?:system|assistant|user)\s*(?:prompt|message)|^\s*(?:system|assistant|user)\s*:
      |\b(?:full|max(?:imum)?|top)\s+marks\s*(?:pl(?:ea)?[sz]e?|for\s+me|thanks?)\b
      |\b(?:pl(?:ea)?[sz]e?|just|can\s+i\s+(?:have|get)|let\s+me\s+(?:have|get))\s+
        (?:full|all|max(?:imum)?|top|the|some|my)\s+(?:the\s+)?(?:marks?|points|credit)\b
      |\b(?:pass|mark)\s+me\b
      |\bplease\s+(?:pass|mark)\s+(?:me|this)\b""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)


def talks_to_marker(answer: str) -> bool:
    """Whether the answer asks for marks or tells the marker what to do."""
    return _TALK.search(answer) is not None


def says_dont_know(answer: str, text: Text) -> bool:
    """Whether it says no more than that the learner does not know."""
    if _DONT_KNOW.search(answer) is None:
        return False
    return sum(word not in _DONT_KNOW_FILLER for word in text.words) <= 1


def guessed_positions(text: Text) -> frozenset[int]:
    """The positions in sentences that say "I don't know" and at most one word more ("idk, feedback").

    Decided sentence by sentence, so that a sentence added elsewhere never turns such a guess into an idea.
    """
    if _DONT_KNOW.search(text.source) is None:
        return frozenset()
    return frozenset(p for low, high in text.sentence_bounds if _is_guess(text, low, high) for p in range(low, high))


def _is_guess(text: Text, low: int, high: int) -> bool:
    said = _DONT_KNOW.search(text.source, text.starts[low], text.ends[high - 1])
    more = [p for p in range(low, high) if text.words[p] not in _DONT_KNOW_FILLER]
    if said is None or len(more) > 1:
        return False
    # "Staff don't know" and "It can help staff" are not about the learner.
    return not more or (text.starts[more[0]] >= said.end() and said.group().lower() not in _DONT_KNOW_ALONE)


def list_positions(text: Text) -> frozenset[int]:
    """The positions that stand in a list of key words rather than in a sentence.

    Decided piece by piece (between any two stops or commas), so that a sentence added elsewhere never changes it.
    """
    listed: set[int] = set()
    run: list[range] = []
    for piece in _pieces(text):
        if _is_fragment(text, piece) and not _is_labelled(text, piece):
            run.append(piece)
        else:
            listed.update(_listed(text, run))
            run = []
    listed.update(_listed(text, run))
    return frozenset(listed)


def _pieces(text: Text) -> list[range]:
    pieces = []
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or text.clause[position] != text.clause[position - 1]:
            pieces.append(range(start, position))
            start = position
    return pieces


def _is_fragment(text: Text, piece: range) -> bool:
    """Whether nothing in a piece makes it a sentence. "Why" and "together" do not, where they stand nearly alone."""
    makers = _STRONG_WORDS if len(piece) == 2 else _SENTENCE_WORDS
    if len(piece) == 1:
        return True
    if any(text.words[position] in makers for position in piece):
        return False
    return len(piece) < _LONG_FRAGMENT or not (_has_figure(text, piece) or _somebody_does(text, piece))


def _has_figure(text: Text, piece: range) -> bool:
    """Whether a piece joins a word to a figure: "45% wrong goods", "complaints -1.2"."""
    words = text.words[piece.start : piece.stop]
    return any(word[0].isdigit() for word in words) and any(word.isalpha() and word != "percent" for word in words)


def _somebody_does(text: Text, piece: range) -> bool:
    """Whether a verb follows a plural: "advisers hurry and leave out questions"."""
    words = text.words[piece.start : piece.stop]
    return any(_is_plural(who) and _is_verb(does) for who, does in pairwise(words))


@lru_cache(maxsize=2000)
def _is_plural(word: str) -> bool:
    return word in _PLURALS or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) and word[:-1] in english_words()
    )


@lru_cache(maxsize=2000)
def _is_verb(word: str) -> bool:
    """Whether the dictionary has the forms of a verb beside it: hurry, hurries, hurried, hurrying."""
    if len(word) < 3 or word.endswith("s") or word in _RATHER_NOUNS:
        return False
    known, root = english_words(), word.removesuffix("e")
    past = word[:-1] + "ied" if word.endswith("y") and word[-2] not in "aeiou" else root + "ed"
    doubled = word + word[-1]
    return (root + "ing" in known and past in known) or (doubled + "ing" in known and doubled + "ed" in known)


def _listed(text: Text, run: list[range]) -> set[int]:
    """The positions of a run of fragments if it is a list.

    A list is one fragment of four words or more in which nothing makes a sentence; three short ones at the start of a
    sentence, five anywhere; or nothing but fragments of one or two words from a sentence's start to its end.
    """
    listed = {position for piece in run if len(piece) >= _LONG_FRAGMENT for position in piece}
    short = [piece for piece in run if len(piece) < _LONG_FRAGMENT]
    if not short or sum(_has_figure(text, piece) for piece in short) >= 2:
        return listed
    starts = {start for start, _ in text.sentence_bounds}
    begins = run[0].start in starts
    enough = 3 if begins else 5
    if len(short) >= enough and sum(map(len, short)) <= 2.4 * len(short):
        listed.update(position for piece in short for position in piece)
    elif len(run) >= 2 and begins and run[-1].stop in starts | {len(text)} and max(map(len, run)) <= 2:
        listed.update(position for piece in run for position in piece)
    return listed


def _is_labelled(text: Text, piece: range) -> bool:
    """Whether a piece is all that follows a label: "Root problem: Saturday overload."."""
    start, end = text.sentence_bounds[text.sentence[piece.start]]
    if len(piece) < 2 or piece.stop != end or piece.start - start not in {1, 2}:
        return False
    return text.source[text.ends[piece.start - 1] : text.starts[piece.start]].strip() == ":"


def is_word_list(text: Text, listed: Collection[int]) -> bool:
    """Whether the answer is little else than a list."""
    return len(text) >= 3 and len(listed) >= 0.6 * len(text)


def is_gibberish(text: Text, unread: Set[str]) -> bool:
    """Whether most of it are no words, or one word again and again."""
    letters = [word for word in text.words if word.isalpha()]
    if not letters:
        return True
    if sum(word in unread for word in letters) >= 0.6 * len(letters):
        return True
    return len(letters) >= 6 and len(set(letters)) <= 2


def content_stems(text: Text) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [s for s, word in zip(text.stems, text.words, strict=True) if word not in FUNCTION_WORDS]


def is_echo(text: Text, of_question: Set[str]) -> bool:
    """Whether nearly every word that carries meaning is the question's own."""
    content = content_stems(text)
    return len(content) >= 2 and sum(s in of_question for s in content) >= 0.85 * len(content)


def gate_of(
    question: Question,
    answer: str,
    text: Text,
    *,
    listed: Collection[int],
    unread: Set[str],
    of_question: Set[str],
    on_topic: Callable[[str], bool],
) -> Gate | None:
    """Why nothing was found in an answer, or ``None`` where no gate fits. Called only where no point was found."""
    content = content_stems(text)
    if says_dont_know(answer, text):
        return Gate.DONT_KNOW
    if is_gibberish(text, unread):
        return Gate.GIBBERISH
    if is_echo(text, of_question):
        return Gate.ECHO
    lists_wanted = question.scheme is not None and all(point.kind == "list" for point in question.scheme.points)
    if not lists_wanted and is_word_list(text, listed):
        return Gate.WORD_LIST
    if len(content) >= 3 and not any(on_topic(s) for s in content):
        return Gate.OFF_TOPIC
    return None
