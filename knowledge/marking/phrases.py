"""The phrase language: how an authored phrase is compiled, and where it matches a text.

Nothing here knows about marks or about denial: a match is the positions of the words that were found.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from knowledge.marking.negation import Polarity
from knowledge.marking.spelling import SHORTEST, Speller
from knowledge.marking.stems import GRAMMAR, stem, word_set
from knowledge.marking.tokens import LEAVING, LEFT_BEHIND, Text, meant, plain
from knowledge.schema import LexiconClass, Phrase
from knowledge.words import english_words_beginning

Positions = tuple[int, ...]

FORM_GAP = 2
"""Other words that may stand between two words of a class form: "come (right) back"."""
ATOMS = 65_536
"""Atoms of which only one is kept; a course has some ten thousand."""
MOST_MATCHES = 60
MOST_STEPS = 600
CONTINUATIONS = 4
"""Ways to go on from a first word that are tried where the nearest one adds nothing to the question."""

_PIECE = re.compile(r"\d{1,3}(?:,\d{3})+|[^\W_]+(?:['’.][^\W_]+)*\.?|[%£&]")
_TAKING_UP = word_set("it this that these they he she which so because then otherwise therefore and but also if who")
_DENYING = frozenset({"not", "never", "nobody"})
_NEEDING = frozenset({"need", "needs", "have", "has"})
_LIMITERS = frozenset({"only", "just", "simply", "merely", "solely", "purely"})


class PhraseError(ValueError):
    """A phrase that cannot be compiled. ``why`` is a sentence for its author."""

    def __init__(self, phrase: str, why: str) -> None:
        super().__init__(f"{phrase!r}: {why}")
        self.phrase = phrase
        self.why = why


@dataclass(frozen=True, slots=True, eq=False)
class Stem:
    """A word, matched by its stem."""

    stem: str
    word: str


@dataclass(frozen=True, slots=True, eq=False)
class Prefix:
    """``word*``: every word that begins so."""

    prefix: str


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """``=word``: that form and no other."""

    word: str


@dataclass(frozen=True, slots=True, eq=False)
class OfClass:
    """``<class>``: any form of a lexicon class."""

    id: str


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """``word|word``: any one of these. ``stems`` are those of them that are a stem, ``others`` the rest."""

    atoms: tuple[Stem | Prefix | Exact | OfClass, ...]
    stems: tuple[str, ...]
    others: tuple[Prefix | Exact | OfClass, ...]


Atom = Stem | Prefix | Exact | OfClass | Either

_one_stem = lru_cache(maxsize=ATOMS)(Stem)
_one_prefix = lru_cache(maxsize=ATOMS)(Prefix)
_one_exact = lru_cache(maxsize=ATOMS)(Exact)
_one_class = lru_cache(maxsize=ATOMS)(OfClass)
"""Equal atoms are one object: whether one was looked for before is then known without comparing what it is made of."""


@lru_cache(maxsize=ATOMS)
def _one_of_several(atoms: tuple[Stem | Prefix | Exact | OfClass, ...]) -> Either:
    stems = tuple(dict.fromkeys(each.stem for each in atoms if isinstance(each, Stem)))
    return Either(atoms, stems, tuple(each for each in atoms if not isinstance(each, Stem)))


Sequenced = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class CompiledPhrase:
    """A phrase ready to match: one slot for ``phrase`` and ``negated``, several for ``all_of``."""

    slots: tuple[Sequenced, ...]
    gap: int
    window: int
    must_be_denied: bool
    written: str


@dataclass(frozen=True, slots=True)
class CompiledClass:
    """A lexicon class: single words by stem, and everything longer or more exact as sequences."""

    id: str
    stems: frozenset[str]
    others: tuple[Sequenced, ...]


class Lexicon:
    """The concept classes of a course. Each is compiled when it is first looked for."""

    def __init__(self, classes: Iterable[LexiconClass]) -> None:
        self.classes: Mapping[str, LexiconClass] = {each.id: each for each in classes}
        self._compiled: dict[str, CompiledClass] = {}

    @classmethod
    def of(cls, classes: Iterable[LexiconClass]) -> Lexicon:
        """The lexicon of these classes: the same one for everybody who asks with the same classes."""
        return _shared_lexicon(tuple(classes))

    def find(self, class_id: str) -> CompiledClass | None:
        """A class, ready to match; ``None`` where there is no such class."""
        found = self._compiled.get(class_id)
        if found is None and class_id in self.classes:
            found = self._compiled[class_id] = _compile_class(self.classes[class_id])
        return found

    @cached_property
    def speller(self) -> Speller:
        """The words that the classes are written in, as what a misspelling may be read as."""
        forms = (_lenient_form(form) for each in self.classes.values() for form in each.forms)
        return Speller(vocabulary_of(forms))


@lru_cache(maxsize=4)
def _shared_lexicon(classes: tuple[LexiconClass, ...]) -> Lexicon:
    return Lexicon(classes)


def _compile_class(written: LexiconClass) -> CompiledClass:
    forms = [atoms for form in written.forms if (atoms := _lenient_form(form))]
    return CompiledClass(
        written.id,
        frozenset(atoms[0].stem for atoms in forms if len(atoms) == 1 and isinstance(atoms[0], Stem)),
        tuple(atoms for atoms in forms if len(atoms) > 1 or not isinstance(atoms[0], Stem)),
    )


def _lenient_form(form: str) -> Sequenced:
    """A form's words; empty where it cannot be read, which ``check_phrases`` reports."""
    try:
        return atoms_of(form, classes_allowed=False)
    except PhraseError:
        return ()


def vocabulary_of(sequences: Iterable[Sequenced]) -> Iterator[str]:
    """The words that phrases are written in: what a misspelling may be read as. A prefix stands for its words."""
    for atoms in sequences:
        for atom in single(atoms):
            if isinstance(atom, Stem | Exact):
                yield atom.word
            elif isinstance(atom, Prefix) and len(atom.prefix) >= SHORTEST:
                yield from english_words_beginning(atom.prefix)


def single(atoms: Iterable[Atom]) -> Iterator[Stem | Prefix | Exact | OfClass]:
    """The atoms of a run, with every alternative of an :class:`Either` on its own."""
    for atom in atoms:
        if isinstance(atom, Either):
            yield from atom.atoms
        else:
            yield atom


def atoms_of(written: str, *, classes_allowed: bool = True) -> Sequenced:
    """Compile one run of tokens. Raises :class:`PhraseError` for what is not in the phrase language."""
    atoms: list[Atom] = []
    for token in written.split():
        if "|" in token:
            atoms.append(_either(written, token, classes_allowed=classes_allowed))
        else:
            atoms.extend(_token(written, token, classes_allowed=classes_allowed))
    if not atoms:
        raise PhraseError(written, "it has no words")
    return tuple(_hear_give(atoms))


def _token(written: str, token: str, *, classes_allowed: bool) -> list[Stem | Prefix | Exact | OfClass]:
    if token.startswith("<") or token.endswith(">"):
        return [_class_atom(written, token, classes_allowed=classes_allowed)]
    if token.startswith("="):
        return [_one_exact(word) for word in meant(_bare(written, token[1:]))]
    if token.endswith("*"):
        return [_one_prefix(_bare(written, token[:-1]))]
    return [*_words(written, token)]


def _either(written: str, token: str, *, classes_allowed: bool) -> Either:
    alternatives = []
    for part in token.split("|"):
        atoms = _token(written, part, classes_allowed=classes_allowed) if part else []
        if len(atoms) != 1:
            raise PhraseError(written, f"{part or 'nothing'} in {token} is not one word")
        alternatives.extend(atoms)
    return _one_of_several(tuple(alternatives))


def _hear_give(atoms: list[Atom]) -> Iterator[Atom]:
    """Read "leave a review" as giving one, as :func:`knowledge.marking.tokens.read` does."""
    for number, atom in enumerate(atoms):
        behind = {_name(each) for each in atoms[number + 1 : number + 4]}
        leaving = isinstance(atom, Stem) and atom.word in LEAVING
        yield _one_stem(stem("give"), "give") if leaving and not LEFT_BEHIND.isdisjoint(behind) else atom


def _name(atom: Atom) -> str:
    match atom:
        case OfClass():
            return atom.id
        case Prefix():
            return atom.prefix
        case Either():
            return ""
        case _:
            return atom.word


def _class_atom(written: str, token: str, *, classes_allowed: bool) -> OfClass:
    name = re.fullmatch(r"<([a-z][a-z0-9-]*)>", token)
    if name is None:
        raise PhraseError(written, f"{token} is neither a word nor a <class>")
    if not classes_allowed:
        raise PhraseError(written, f"{token}: a class form must not name a class")
    return _one_class(name[1])


def _bare(written: str, word: str) -> str:
    if not re.fullmatch(r"[^\W_]+(?:'[^\W_]+)?", word):
        raise PhraseError(written, f"{word or 'nothing'!r} after = or before * is not one word")
    return plain(word)


def _words(written: str, token: str) -> tuple[Stem, ...]:
    if re.search(r"[<>*=|\[\]]", token):
        raise PhraseError(written, f"{token} is not a token of the phrase language")
    words = _stems_of(token)
    if not words:
        raise PhraseError(written, f"{token} has no letters or figures")
    return words


@lru_cache(maxsize=20_000)
def _stems_of(token: str) -> tuple[Stem, ...]:
    return tuple(_one_stem(stem(word), word) for piece in _PIECE.findall(token) for word in meant(piece))


def compile_phrase(phrase: Phrase) -> CompiledPhrase:
    """Raises :class:`PhraseError`."""
    written = phrase.phrase if phrase.phrase is not None else phrase.negated
    slots = (written,) if written is not None else phrase.all_of
    return CompiledPhrase(
        slots=tuple(atoms_of(slot) for slot in slots),
        gap=phrase.gap,
        window=phrase.window,
        must_be_denied=phrase.negated is not None,
        written=" + ".join(slots),
    )


@dataclass
class Matcher:
    """Finds phrases in one text. What was found for an atom is remembered for the whole answer."""

    text: Text
    lexicon: Lexicon
    _found: dict[Atom, list[Positions]] = field(default_factory=dict)

    @cached_property
    def polarity(self) -> Polarity:
        return Polarity(self.text)

    @cached_property
    def _by_first_letter(self) -> Mapping[str, list[str]]:
        letters: dict[str, list[str]] = {}
        for word in self.text.exact:
            letters.setdefault(word[:1], []).append(word)
        return letters

    def matches(self, phrase: CompiledPhrase) -> Iterator[Positions]:
        """Where a phrase stands, first places first, at most :data:`MOST_MATCHES`."""
        if len(phrase.slots) == 1:
            yield from self._sequence(phrase.slots[0], phrase.gap)
            return
        slots = []
        for slot in phrase.slots:
            found = list(self._sequence(slot, phrase.gap))
            if not found:
                return
            slots.append(found)
        yield from _together(self.text, slots, phrase.window)

    def further(self, phrase: CompiledPhrase, found: Positions) -> Iterator[Positions]:
        """Other ways in which a phrase of one slot goes on from where a match begins."""
        if len(phrase.slots) == 1 and len(phrase.slots[0]) > 1:
            for other in self._sequence(phrase.slots[0], phrase.gap, continuations=CONTINUATIONS):
                if other[0] == found[0] and other != found:
                    yield other

    def slots_found(self, phrase: CompiledPhrase) -> list[Positions]:
        """The first match of every slot that has one: how much of a phrase is there."""
        return [found for slot in phrase.slots if (found := next(self._sequence(slot, phrase.gap), None))]

    def has(self, atoms: Sequenced) -> bool:
        """Whether a run of tokens stands anywhere, with nothing between."""
        return next(self._sequence(atoms, 0), None) is not None

    def of_class(self, class_id: str) -> list[Positions]:
        """Where any form of a class stands, in order of position."""
        return self._occurrences(_one_class(class_id))

    def _occurrences(self, atom: Atom) -> list[Positions]:
        found = self._found.get(atom)
        if found is None:
            found = self._found[atom] = self._find(atom)
        return found

    def _find(self, atom: Atom) -> list[Positions]:
        match atom:
            case Stem():
                return [(position,) for position in self.text.index.get(atom.stem, ())]
            case Exact():
                return [(position,) for position in self.text.exact.get(atom.word, ())]
            case Prefix():
                alike = self._by_first_letter.get(atom.prefix[0], ())
                starting = (self.text.exact[word] for word in alike if word.startswith(atom.prefix))
                return sorted((position,) for positions in starting for position in positions)
            case OfClass():
                return self._find_class(atom.id)
            case Either():
                places = {found for each in atom.others for found in self._occurrences(each)}
                return sorted(places.union(self._at_stems(atom.stems)))

    def _at_stems(self, stems: Iterable[str]) -> Iterator[Positions]:
        index = self.text.index
        return ((position,) for each in index.keys() & stems for position in index[each])

    def _find_class(self, class_id: str) -> list[Positions]:
        compiled = self.lexicon.find(class_id)
        if compiled is None:
            return []
        index = self.text.index
        found = set(self._at_stems(compiled.stems))
        for form in compiled.others:
            first = form[0]
            if isinstance(first, Stem) and first.stem not in index:
                continue
            found.update(self._sequence(form, FORM_GAP, within_clause=True))
        return sorted(found)

    def _sequence(
        self, atoms: Sequenced, gap: int, *, within_clause: bool = False, continuations: int = 1
    ) -> Iterator[Positions]:
        places = []
        for atom in atoms:
            found = self._occurrences(atom)
            if not found:
                return
            places.append(found)
        if len(places) == 1:
            yield from places[0][:MOST_MATCHES]
            return
        group = self.text.clause if within_clause else self.text.sentence
        yield from _in_order(self.text, places, gap, group, continuations)


def _in_order(
    text: Text, places: Sequence[list[Positions]], gap: int, group: Sequence[int], continuations: int
) -> Iterator[Positions]:
    """So many matches for each place where the first atom stands, the nearest continuation first."""
    starts = [[each[0] for each in found] for found in places[1:]]
    yielded = steps = 0
    for first in places[0]:
        found = 0
        stack: list[tuple[int, Positions]] = [(0, first)]
        while stack and steps < MOST_STEPS:
            steps += 1
            depth, taken = stack.pop()
            if depth == len(starts):
                yield taken
                yielded += 1
                found += 1
                if found == continuations:
                    break
                continue
            last = taken[-1]
            low = bisect_left(starts[depth], last + 1)
            following = []
            for number in range(low, len(starts[depth])):
                start = starts[depth][number]
                if start - last - 1 > gap or group[start] != group[first[0]]:
                    break
                if not _splits_not_only(text, last, start):
                    following.append((depth + 1, taken + places[depth + 1][number]))
            stack.extend(reversed(following))
        if yielded >= MOST_MATCHES or steps >= MOST_STEPS:
            return


def _splits_not_only(text: Text, last: int, start: int) -> bool:
    """Whether "not ... use" would be found in "not only use" or "nobody needs to use", which say something else."""
    if text.words[last] not in _DENYING or start == last + 1:
        return False
    following = text.at(last + 1)
    return following in _LIMITERS or (following in _NEEDING and text.at(last + 2) == "to")


def _together(text: Text, slots: Sequence[list[Positions]], window: int) -> Iterator[Positions]:
    """Combinations of one match a slot that stand together and share no word."""
    order = sorted(range(len(slots)), key=lambda number: len(slots[number]))
    starts = {number: [found[0] for found in slots[number]] for number in order}
    yielded = steps = 0
    for anchor in slots[order[0]]:
        stack: list[tuple[int, Positions]] = [(1, anchor)]
        while stack:
            steps += 1
            if steps > MOST_STEPS or yielded >= MOST_MATCHES:
                return
            depth, taken = stack.pop()
            if depth == len(order):
                yield tuple(sorted(taken))
                yielded += 1
                continue
            found = slots[order[depth]]
            low = bisect_left(starts[order[depth]], anchor[0] - window)
            nearby = [
                other
                for other in _until(found, low, anchor[-1] + window)
                if not set(other).intersection(taken) and _stand_together(text, taken + other, window)
            ]
            nearby.sort(key=lambda other: -abs(other[0] - anchor[0]))
            stack.extend((depth + 1, taken + other) for other in nearby)


def _until(found: list[Positions], low: int, last_start: int) -> Iterator[Positions]:
    for number in range(low, len(found)):
        if found[number][0] > last_start:
            return
        yield found[number]


def _stand_together(text: Text, positions: Positions, window: int) -> bool:
    """Whether words stand near each other in one sentence, or in two of which the second takes up the first."""
    first, last = min(positions), max(positions)
    if last - first >= window:
        return False
    between = text.sentence[last] - text.sentence[first]
    if between != 1:
        return between == 0
    start = text.sentence_bounds[text.sentence[last]][0]
    return _takes_up(text, start) and _says_something(text, [position for position in positions if position >= start])


def _says_something(text: Text, positions: Sequence[int]) -> bool:
    """Whether there is more in these words than grammar: any sentence that follows has an "it" or a "there"."""
    return any(text.words[position] not in GRAMMAR for position in positions)


def _takes_up(text: Text, start: int) -> bool:
    """Whether a sentence begins as one that goes on with what was just said: "This ...", "So they ..."."""
    return text.at(start) in _TAKING_UP
