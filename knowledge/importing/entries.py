"""Entries over a course from one topic page: what of it can be a draft, what the course has already, what neither.

The words stay the page's, because whoever sends the page answers for them. Everything here is unconfirmed: learners can
look it up, and nothing asks about it before somebody has reviewed it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

from pydantic import ValidationError

from knowledge.importer import Imported, Item, slug, unused
from knowledge.importing.drafts import name_of, shortened
from knowledge.importing.lines import ItemKind
from knowledge.lint.forms import folded, forms
from knowledge.lint.wording import DEFINITION_WORDS, EXPLANATION_WORDS, GRADE_MOST, term_grade
from knowledge.loader import explained
from knowledge.overlay import Draft, NewTerm, NewTip, sifted
from knowledge.schema import Course, Origin, Term, Tip, Topic

NO_EXAMPLE = "None yet. This entry was taken from a topic page."
"""Stands in a drafted term where the example belongs, because a page has none."""

MOST = 300
"""Drafts of one page. A page of a teacher's has some twenty."""

_ID = 40
"""Characters of an id, so that it fits the data of every button."""

_DEFINITION = 260
_EXPLANATION = 700
_SHORTEST = 5
"""Words that a definition must keep where the rest of its sentence goes into the explanation."""

_SENTENCE_END = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?][\"'”’)]*(?=\s+[\"'“‘(]*[A-Z])")
_CLAUSE = re.compile(
    r";\s+|,?\s+[–—]\s+|,\s+(?=(?:and |or )?(?:including|such as|which|where|while|because|with|\w+ing)\b)"
)
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")

_NOT_ADDED: Mapping[ItemKind, str] = {
    "mistake": "needs example answers before answers can be searched for it",
    "mark": "needs example answers before it can be marked",
    "outcome": "says what the topic is for; there is nothing to look up in it",
    "plan": "belongs to a plan, and plans are part of the course's files",
    "qtype": "tells how questions are put; there is nothing to look up in it",
    "prior": "tells what comes before the topic; there is nothing to look up in it",
}


class Known(NamedTuple):
    """Something on the page that the course has already, and the name it goes by there."""

    text: str
    name: str


class Unfit(NamedTuple):
    """Something on the page that cannot be an entry as it stands, and why."""

    kind: ItemKind
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class PageDrafts:
    """What was made of a page's items: each of them is in exactly one of the three."""

    drafts: tuple[Draft, ...]
    known: tuple[Known, ...]
    unfit: tuple[Unfit, ...]


class _NotYet(Exception):
    """An item that cannot be an entry. The message says why."""


@dataclass
class Taken:
    """What a course calls its terms, and the tips it has: what a page may repeat."""

    terms: dict[str, str] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    mistakes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course) -> Taken:
        """Everything in *course*. Forms count that open a list only, because a second term of that form would too."""
        taken = cls()
        for term in course.terms:
            for form in (*forms(term), *term.suggest_only):
                taken.terms.setdefault(_key(form), term.name)
        for tip in course.tips:
            taken.tips |= {_key(tip.title): tip.title, _key(tip.text): tip.title}
        for wrong in course.misconceptions:
            taken.mistakes |= {_key(wrong.name): wrong.name, _key(wrong.believed): wrong.name}
        return taken

    def name(self, draft: Draft) -> str | None:
        """What the course calls the thing that *draft* is about, where it has it already."""
        match draft:
            case NewTerm(item=term):
                return self.term(*forms(term))
            case NewTip(item=tip):
                return self.tip(tip.title, tip.text)
        return None

    def term(self, *names: str) -> str | None:
        """The name of the term that goes by one of *names*."""
        return next((self.terms[key] for key in map(_key, names) if key in self.terms), None)

    def tip(self, *texts: str) -> str | None:
        """The title of the tip that has one of *texts* as its title or words."""
        return next((self.tips[key] for key in map(_key, texts) if key in self.tips), None)


def page_drafts(course: Course, imported: Imported, topic: str) -> PageDrafts:
    """Draft what *imported* has for *course*, all of it filed under *topic*.

    A draft is one that the lint has nothing to say about beside what the course has.
    """
    making = _Making(course, topic)
    for item in imported.items:
        making.take(item)
    fit, left = sifted(_outline(course), [draft for draft, _ in making.drafts], examples=False)
    kinds = {draft.item.id: item for draft, item in making.drafts}
    unfit = list(making.unfit)
    for entry, problems in left:
        assert isinstance(entry, Draft)
        item = kinds[entry.item.id]
        unfit.append(Unfit(item.kind, _label(item), "; ".join(map(_in_words, {one.message for one in problems}))))
    return PageDrafts(tuple(entry for entry in fit if isinstance(entry, Draft)), tuple(making.known), tuple(unfit))


def still_new(course: Course, drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Those of *drafts* that *course* has not got meanwhile."""
    taken = Taken.of(course)
    return tuple(draft for draft in drafts if taken.name(draft) is None)


def filed_under(draft: Draft, topic: str) -> Draft:
    """*draft* under another topic. A tip's id says its topic, so it changes with it."""
    match draft:
        case NewTerm(item=term):
            return NewTerm(item=term.model_copy(update={"topic": topic}))
        case NewTip(item=tip):
            name = f"tip.{topic}.{tip.id.removeprefix(f'tip.{tip.topic}.')}"
            return NewTip(item=tip.model_copy(update={"id": name, "topic": topic}))
    return draft


def with_free_ids(drafts: Sequence[Draft], others: Mapping[str, Draft | None]) -> tuple[Draft, ...]:
    """*drafts* under ids that name nothing else.

    *others* are the ids in use with the draft behind each, or None for what is in the files. The same draft may be
    there already, from somebody else: then it is the same thing, and shares the id.
    """
    taken = {name for name, draft in others.items() if draft is None or draft not in drafts}
    return tuple(_renamed(draft, unused(draft.item.id, taken, _ID)) for draft in drafts)


def likely_topic(course: Course, imported: Imported) -> str:
    """The topic of *course* that the page is most likely about: naive Bayes over the words of each topic's own texts.

    A guess, to be shown and changed: topics of one course share most of their words.
    """
    page = _words(*(topic.name for topic in imported.topics), *(prose.text for prose in imported.prose))
    page += _words(*(f"{item.head or ''} {item.text}" for item in imported.items))
    texts = {topic.id: _words(*_texts(course, topic)) for topic in course.topics}
    known = set().union(*texts.values())

    def likelihood(topic: str) -> float:
        found = texts[topic]
        return sum(
            times * log((found[word] + 0.5) / (found.total() + 0.5 * len(known)))
            for word, times in page.items()
            if word in known
        )

    return max(texts, key=likelihood)


def _texts(course: Course, topic: Topic) -> Iterator[str]:
    yield from (topic.name, topic.synopsis)
    yield from (item.gist for item in course.source_items if item.topic == topic.id)
    yield from (f"{tip.title} {tip.text}" for tip in course.tips if tip.topic == topic.id)
    yield from (f"{wrong.name} {wrong.believed}" for wrong in course.misconceptions if wrong.topic == topic.id)


def hard_to_read(draft: Draft) -> float | None:
    """The school grade that a drafted term reads at, where the lint would not take it from a reviewed one."""
    grade = term_grade(draft.item) if isinstance(draft, NewTerm) else 0.0
    return grade if grade > GRADE_MOST else None


class _Making:
    """One pass over the items of a page."""

    def __init__(self, course: Course, topic: str) -> None:
        self.topic = topic
        self.course = Taken.of(course)
        self.page = Taken()
        self.ids = {item.id for kind in (course.terms, course.tips, course.questions) for item in kind}
        self.drafts: list[tuple[Draft, Item]] = []
        self.known: list[Known] = []
        self.unfit: list[Unfit] = []

    def take(self, item: Item) -> None:
        """Put *item* where it belongs."""
        if name := self._in_course(item):
            self.known.append(Known(_label(item), name))
            return
        try:
            self.drafts.append((self._drafted(item), item))
        except _NotYet as error:
            self.unfit.append(Unfit(item.kind, _label(item), str(error)))
        except ValidationError as error:
            self.unfit.append(Unfit(item.kind, _label(item), "; ".join(why for _, why in explained(error))))

    def _in_course(self, item: Item) -> str | None:
        match item.kind:
            case "term" | "concept":
                return self.course.term(*(name for name in name_of(item) if name)) if _has_name(item) else None
            case "tip":
                return self.course.tip(item.text, *([item.head] if item.head else []))
            case "mistake":
                return self.course.mistakes.get(_key(item.head or item.text))
        return None

    def _drafted(self, item: Item) -> Draft:
        if item.kind not in ("term", "concept", "tip"):
            raise _NotYet(_NOT_ADDED[item.kind])
        if len(self.drafts) >= MOST:
            raise _NotYet(f"there are more than {MOST} entries: send the rest as a second page")
        draft = self._tip(item) if item.kind == "tip" else self._term(item)
        if self.page.name(draft):
            raise _NotYet("stands on the page twice; the first is taken")
        self._remember(draft)
        return draft

    def _remember(self, draft: Draft) -> None:
        match draft:
            case NewTerm(item=term):
                self.page.terms |= dict.fromkeys(map(_key, forms(term)), term.name)
            case NewTip(item=tip):
                self.page.tips |= dict.fromkeys((_key(tip.title), _key(tip.text)), tip.title)
        self.ids.add(draft.item.id)

    def _term(self, item: Item) -> NewTerm:
        if item.head is None:
            example = "“Baseline: How things stood at the start”"
            raise _NotYet(f"only a name: say what it means, as in {example}" if _has_name(item) else _no_head(example))
        name, abbreviation = name_of(item)
        definition, explanation = parted(item.text)
        return NewTerm(
            item=Term(
                id=self._free(f"term.{slug(name, _ID - 5)}"),
                topic=self.topic,
                name=name,
                abbreviations=(abbreviation,) if abbreviation else (),
                definition=definition,
                explanation=explanation,
                example=NO_EXAMPLE,
                origin=Origin.ADDED,
                confirmed=False,
            )
        )

    def _tip(self, item: Item) -> NewTip:
        title = shortened(item.head or item.text, 60)
        front = f"tip.{self.topic}."
        name = self._free(front + slug(title, max(_ID - len(front), 12)))
        return NewTip(item=Tip(id=name, topic=self.topic, title=title, text=item.text, seeds=(), origin=Origin.ADDED))

    def _free(self, name: str) -> str:
        return unused(name, set(self.ids), _ID)


def _no_head(example: str) -> str:
    return f"has no name in front: write it as in {example}"


def _has_name(item: Item) -> bool:
    """Whether the item says what it is called: a term on its own does, a sentence about a concept does not."""
    return item.head is not None or item.kind == "term"


def parted(text: str) -> tuple[str, str]:
    """*text* as a definition of one sentence and the explanation that follows it, both within their limits."""
    end = _SENTENCE_END.search(text)
    first, rest = (text[: end.end()], text[end.end() :].strip()) if end else (text, "")
    if not _is_short(first):
        first, cut_off = _cut(first)
        rest = f"{cut_off} {rest}".strip()
    if len(rest.split()) > EXPLANATION_WORDS or len(rest) > _EXPLANATION:
        words = len(rest.split())
        raise _NotYet(f"too long: {words} words after the first sentence, and a card has room for {EXPLANATION_WORDS}")
    return _sentence(first), _sentence(rest)


def _cut(sentence: str) -> tuple[str, str]:
    for clause in reversed(list(_CLAUSE.finditer(sentence))):
        front = sentence[: clause.start()]
        if _is_short(front) and len(front.split()) >= _SHORTEST:
            return front, sentence[clause.end() :]
    words = len(sentence.split())
    raise _NotYet(f"too long: the first sentence has {words} words, and a definition at most {DEFINITION_WORDS}")


def _is_short(sentence: str) -> bool:
    return len(sentence.split()) <= DEFINITION_WORDS and len(sentence) < _DEFINITION


def _sentence(text: str) -> str:
    """*text* with a capital in front and a full stop behind it."""
    if not text:
        return ""
    stop = "" if text[-1] in ".!?…\"'”’)" else "."
    return f"{text[0].upper()}{text[1:]}{stop}"


def _outline(course: Course) -> Course:
    """*course* with as much as the lint needs to judge new terms and tips: quick to look through again and again."""
    bare = {"definition": "A thing.", "explanation": "", "example": "One.", "asked_as": (), "worked": None, "law": None}
    bare |= {"confusable": (), "related": (), "seeds": (), "sources": ()}
    return Course(
        id=course.id,
        name=course.name,
        topics=course.topics,
        terms=tuple(term.model_copy(update=bare) for term in course.terms),
        ambiguous=course.ambiguous,
    )


def _renamed(draft: Draft, name: str) -> Draft:
    return draft if draft.item.id == name else draft.model_copy(update={"item": _item_named(draft, name)})


def _item_named(draft: Draft, name: str) -> object:
    return draft.item.model_copy(update={"id": name})


def _in_words(message: str) -> str:
    """What the lint says, for somebody who wrote a page and no file."""
    if message.endswith("starts with the term's own name"):
        return "starts with its own name: begin with the kind of thing it is, as in “a score that ...”"
    return message.removeprefix("definition: ")


def _label(item: Item) -> str:
    return shortened(item.head or item.text, 70)


def _key(text: str) -> str:
    return folded(_ARTICLE.sub("", text.strip()))


def _words(*texts: str) -> Counter[str]:
    """The words of *texts* that carry weight, roughly without their endings."""
    return Counter(word[:7] for text in texts for word in _WORD.findall(text.lower()))
