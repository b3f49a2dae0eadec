"""How well and how fast (processor time) answers are marked, beside three ways that need no authored phrases.

    python benchmarks/marking.py [COURSE_FOLDER]

Every committed example answer is marked: ``accept`` examples should earn their point, ``reject`` examples should not.
The other methods compare an answer with the point's idea and with its other accepted answers (never with itself), and
get the threshold that serves them best on these very answers. The phrases were written with these examples in view, so
the first line shows that the content keeps its promises; it is no forecast for answers nobody has seen.
"""

from __future__ import annotations

import math
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz

from knowledge.loader import DEFAULT_COURSE, load_course
from knowledge.marking import Marker, Status
from knowledge.marking.examples import status_of
from knowledge.marking.gate import content_stems
from knowledge.marking.tokens import read
from knowledge.schema import Course, MarkingPoint, Question

Similarity = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Example:
    """One example answer of one marking point."""

    question: Question
    point: MarkingPoint
    text: str
    earns: bool

    @property
    def references(self) -> list[str]:
        """What a method without phrases may compare with."""
        return [self.point.idea, *(text for text in self.point.accept if text != self.text)]


@dataclass(frozen=True, slots=True)
class Score:
    """How the decisions of one method compare with the authors'."""

    precision: float
    recall: float
    false_credit: float
    milliseconds: float


def examples_of(course: Course) -> list[Example]:
    """Every accept and reject example of the open questions."""
    return list(_examples(course))


def _examples(course: Course) -> Iterator[Example]:
    for question in course.questions:
        for point in question.scheme.points if question.scheme else ():
            yield from (Example(question, point, text, earns=True) for text in point.accept)
            yield from (Example(question, point, text, earns=False) for text in point.reject)


def by_phrases(course: Course, examples: Sequence[Example]) -> Score:
    """The marker itself."""
    marker = Marker.of(course)
    for question in course.questions:
        marker.mark(question, "warm up")
    started = time.process_time()
    earned = [status_of(marker.mark(each.question, each.text), each.point.id) is Status.MET for each in examples]
    return score(examples, earned, time.process_time() - started)


def by_similarity(similarity: Similarity, examples: Sequence[Example]) -> Score:
    """A similarity with the threshold that agrees best with the authors on these examples."""
    started = time.process_time()
    likeness = [max(similarity(each.text, other) for other in each.references) for each in examples]
    seconds = time.process_time() - started

    def right(threshold: float) -> int:
        return sum((value >= threshold) == each.earns for value, each in zip(likeness, examples, strict=True))

    best = max(sorted(set(likeness)), key=right)
    return score(examples, [value >= best for value in likeness], seconds)


def score(examples: Sequence[Example], earned: Sequence[bool], seconds: float) -> Score:
    """Precision, recall, the share of worthless answers with credit, and the mean time for an answer."""
    hits = sum(each.earns and got for each, got in zip(examples, earned, strict=True))
    false = sum(not each.earns and got for each, got in zip(examples, earned, strict=True))
    should = sum(each.earns for each in examples)
    return Score(
        precision=hits / max(1, hits + false),
        recall=hits / max(1, should),
        false_credit=false / max(1, len(examples) - should),
        milliseconds=1000 * seconds / max(1, len(examples)),
    )


def word_overlap(answer: str, reference: str) -> float:
    """Share of the reference's content stems that the answer has."""
    wanted = set(content_stems(read(reference)))
    return len(wanted & set(content_stems(read(answer)))) / len(wanted) if wanted else 0.0


def token_set_ratio(answer: str, reference: str) -> float:
    """RapidFuzz's token_set_ratio on lower-case text."""
    return fuzz.token_set_ratio(answer.lower(), reference.lower())


def tf_idf(examples: Sequence[Example]) -> Similarity:
    """Cosine of stems weighted by how rare they are among all examples."""
    documents = [set(read(each.text).stems) for each in examples]
    frequency = Counter(stem for document in documents for stem in document)

    def vector(text: str) -> dict[str, float]:
        counts = Counter(read(text).stems)
        return {stem: count * math.log((1 + len(documents)) / (1 + frequency[stem])) for stem, count in counts.items()}

    def cosine(answer: str, reference: str) -> float:
        one, other = vector(answer), vector(reference)
        size = math.hypot(*one.values()) * math.hypot(*other.values())
        return sum(weight * other.get(stem, 0.0) for stem, weight in one.items()) / size if size else 0.0

    return cosine


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def long_answers(course: Course, length: int) -> list[str]:
    """Answers of so many words, put together from model answers of the course."""
    words = [word for question in course.questions for word in question.model_answer.split()]
    return [" ".join((words[start:] + words)[:length]) for start in range(0, len(words), max(1, len(words) // 60))]


def print_speed(course: Course) -> None:
    """Times for long answers to the question with the most points, and the memory of the process."""
    started = time.process_time()
    marker = Marker.of(course)
    print(f"\nmarker of the course: {1000 * (time.process_time() - started):.1f} ms")
    open_questions = [question for question in course.questions if question.scheme is not None]
    firsts = [_timed(marker, each, each.model_answer) for each in open_questions]
    print(f"first answer to a question: p95 {percentile(firsts, 0.95):.1f} ms")
    question = max(open_questions, key=lambda each: len(each.scheme.points) if each.scheme else 0)
    points = len(question.scheme.points) if question.scheme else 0
    times = [_timed(marker, question, answer) for answer in long_answers(course, 300)]
    print(f"300 words, {points} points: median {statistics.median(times):.1f} ms, p95 {percentile(times, 0.95):.1f} ms")
    flood = " ".join(long_answers(course, 2500)[:1])[:10_000]
    print(f"{len(flood):,} characters: {_timed(marker, question, flood):.1f} ms")
    print(f"10,000 letters: {_timed(marker, question, 'a' * 10_000):.1f} ms")


def _timed(marker: Marker, question: Question, answer: str) -> float:
    started = time.process_time()
    marker.mark(question, answer)
    return 1000 * (time.process_time() - started)


def main(folder: Path) -> int:
    """Print both tables. Status 1 where the course has no example answers."""
    course = load_course(folder)
    examples = examples_of(course)
    if not examples:
        print("this course has no marked examples", file=sys.stderr)
        return 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    scores = {
        "authored phrases": by_phrases(course, examples),
        "word overlap": by_similarity(word_overlap, examples),
        "token_set_ratio": by_similarity(token_set_ratio, examples),
        "tf-idf cosine": by_similarity(tf_idf(examples), examples),
    }
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    good = sum(each.earns for each in examples)
    print(f"{len(examples)} example answers: {good} should earn their point, {len(examples) - good} should not\n")
    print(f"{'method':18} {'precision':>9} {'recall':>7} {'false credit':>13} {'ms/answer':>10}")
    for name, each in scores.items():
        print(f"{name:18} {each.precision:9.3f} {each.recall:7.3f} {each.false_credit:13.3f} {each.milliseconds:10.2f}")
    print_speed(course)
    print(f"memory while marking all of it: {grown:.0f} MB more")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_COURSE))
