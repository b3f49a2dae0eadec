"""The checks for authors."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.marking import check_phrases, run_examples
from knowledge.schema import Course, LexiconClass, MarkingPoint, Phrase, Question, Safeguarding


def with_point(course: Course, **changes: Any) -> Course:
    """The course with one changed marking point in its first question, and no other question."""
    question = course.questions[0]
    assert question.scheme is not None
    point = MarkingPoint.model_validate({**question.scheme.points[0].model_dump(), **changes})
    scheme = question.scheme.model_copy(update={"points": (point,)})
    changed: Question = question.model_copy(update={"scheme": scheme})
    return course.model_copy(update={"questions": (changed,)})


def test_every_example_of_the_bank_is_marked_as_its_author_says(course: Course) -> None:
    assert run_examples(course) == []


def test_the_bank_has_no_broken_phrases(course: Course) -> None:
    assert check_phrases(course) == []


def test_an_example_that_should_earn_the_point_and_does_not_is_reported(course: Course) -> None:
    changed = with_point(course, accept=("It never stops.", "It goes on.", "The sky is blue."))
    failures = [each for each in run_examples(changed) if each.kind == "accept"]
    assert [(each.id, each.text) for each in failures] == [
        ("q.ci.not-once/ongoing", "It goes on."),
        ("q.ci.not-once/ongoing", "The sky is blue."),
    ]


def test_an_example_that_should_not_earn_the_point_and_does_is_reported_with_what_earned_it(course: Course) -> None:
    changed = with_point(course, reject=("It never stops.", "No.", "It ends."))
    [failure] = [each for each in run_examples(changed) if each.kind == "reject"]
    assert failure.text == "It never stops."
    assert "It never stops" in failure.why


def test_a_model_answer_that_misses_a_point_is_reported(course: Course) -> None:
    question = course.questions[0].model_copy(update={"model_answer": "It never stops."})
    [failure] = run_examples(course.model_copy(update={"questions": (question,)}))
    assert failure.kind == "model"
    assert "1 of 3" in failure.why
    assert "check" in failure.why


def test_misconception_examples_are_run(course: Course) -> None:
    wrong = course.misconceptions[0].model_copy(
        update={"accept": ("All is well.",), "reject": ("Complaints are just bad.",)}
    )
    failures = run_examples(course.model_copy(update={"questions": (), "misconceptions": (wrong,)}))
    assert [(each.id, each.kind) for each in failures] == [
        ("mc.ci.complaints-bad", "accept"),
        ("mc.ci.complaints-bad", "reject"),
    ]


def test_safeguarding_examples_are_run(course: Course) -> None:
    safeguarding = Safeguarding(
        harm=(Phrase(phrase="hurt myself"),),
        accept=("I want to hurt myself", "i will hurt myslef", "All is well."),
        reject=("The queue is long.", "I hurt myself", "No."),
        reply="Talk to somebody.",
        helplines=("One",),
    )
    only = course.model_copy(update={"questions": (), "misconceptions": (), "safeguarding": safeguarding})
    assert [(each.kind, each.text) for each in run_examples(only)] == [
        ("accept", "All is well."),
        ("reject", "I hurt myself"),
    ]


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("<nothing-of-this-name> stops", "no class"),
        ("<never stops>", "neither a word nor a <class>"),
        ("never/stops [or] ends", "not a token"),
        ("= stops", "not one word"),
        ("...", "no letters"),
        ("it is the", "any sentence has"),
        ("it|is the|of", "any sentence has"),
        ("stop|<nothing-of-this-name> soon", "no class"),
        ("stop||end", "not one word"),
        ("stop|one-off", "not one word"),
    ],
)
def test_a_phrase_that_cannot_work_is_reported(course: Course, phrase: str, why: str) -> None:
    changed = with_point(course, any_of=(Phrase(phrase=phrase), Phrase(phrase="never stops")))
    [problem] = check_phrases(changed)
    assert problem.where == "q.ci.not-once/ongoing"
    assert why in problem.why


def test_a_broken_phrase_does_not_stop_the_others_from_marking(course: Course) -> None:
    changed = with_point(course, any_of=(Phrase(phrase="<nothing>"), Phrase(phrase="="), Phrase(phrase="never stops")))
    assert [each for each in run_examples(changed) if each.text == "It never stops."] == []


def test_a_class_form_that_names_a_class_is_reported(course: Course) -> None:
    nested = LexiconClass(id="nested", meaning="a class in a class", forms=("<ongoing> work",))
    [problem] = check_phrases(course.model_copy(update={"lexicon": (*course.lexicon, nested)}))
    assert (problem.where, problem.phrase) == ("<nested>", "<ongoing> work")
    assert "must not name a class" in problem.why


def test_a_class_that_stands_there_twice_is_reported(course: Course) -> None:
    again = LexiconClass(id="ongoing", meaning="twice", forms=("still",))
    [problem] = check_phrases(course.model_copy(update={"lexicon": (*course.lexicon, again)}))
    assert "another class" in problem.why


def test_a_point_whose_phrases_are_all_the_questions_own_words_is_reported(course: Course) -> None:
    changed = with_point(course, any_of=(Phrase(phrase="fix problem"), Phrase(phrase="improvement different")))
    [problem] = check_phrases(changed)
    assert "the question's own words" in problem.why


def test_all_of_with_one_slot_is_reported(course: Course) -> None:
    changed = with_point(course, any_of=(Phrase(all_of=("never stops",)),))
    [problem] = check_phrases(changed)
    assert "two slots" in problem.why
