from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.overlay import (
    AcceptedPhrase,
    AskedAs,
    Correction,
    Entry,
    NewComparison,
    NewMisconception,
    NewQuestion,
    NewTerm,
    NewTip,
    apply,
    check,
    correctable,
    entry_from_json,
)
from knowledge.schema import Course, Phrase, Question, Term

LINE = AskedAs(term="term.nps", line="the one about telling a friend")
ACCEPTED = AcceptedPhrase(
    question="q.ci.why-loop", point="ongoing", phrase=Phrase(phrase="no end"), example="there is no end to it"
)
FIX = Correction(item="term.nps", field="definition", text="A score that shows how many people would recommend you.")


def draft_term(name: str, **changes: str) -> NewTerm:
    fields = {"topic": "ci", "name": name, "definition": "A thing.", "example": "A cafe does it.", "origin": "added"}
    return NewTerm.model_validate({"item": {"id": f"term.{name.lower()}", **fields, **changes}})


def by_id(course: Course, id_: str) -> Term | Question:
    items: tuple[Term | Question, ...] = (*course.terms, *course.questions)
    return next(item for item in items if item.id == id_)


def ids(course: Course) -> list[str]:
    drawers = (course.terms, course.comparisons, course.questions, course.misconceptions, course.tips)
    return [item.id for drawer in drawers for item in drawer]


def test_no_entries_give_the_very_same_course(small: Course) -> None:
    assert apply(small, []) is small
    assert check(small, []) == []


def test_a_line_joins_the_ways_of_asking_for_a_term(small: Course) -> None:
    term = by_id(apply(small, [LINE, LINE]), "term.nps")
    assert isinstance(term, Term)
    assert term.asked_as == ("the one about telling a friend",)
    assert by_id(small, "term.nps") == small.terms[1]


def test_an_accepted_phrase_joins_its_point_with_its_example(small: Course) -> None:
    question = by_id(apply(small, [ACCEPTED, ACCEPTED]), "q.ci.why-loop")
    assert isinstance(question, Question)
    assert question.scheme is not None
    [point] = question.scheme.points
    assert [way.phrase for way in point.any_of] == ["<ongoing>", "no end"]
    assert point.accept[-1] == "there is no end to it"
    assert len(point.accept) == 4


def test_the_later_of_two_corrections_wins(small: Course) -> None:
    later = FIX.model_copy(update={"text": "A figure from a survey."})
    assert by_id(apply(small, [FIX, later]), "term.nps") == small.terms[1].model_copy(
        update={"definition": "A figure from a survey."}
    )
    assert apply(small, [later, FIX]) == apply(small, [FIX])


def test_a_correction_may_go_into_a_part(small: Course) -> None:
    question = by_id(
        apply(small, [Correction(item="q.ci.why-loop", field="hints.nudge", text="Does it stop?")]), "q.ci.why-loop"
    )
    assert isinstance(question, Question)
    assert question.hints.nudge == "Does it stop?"
    assert question.hints.structure == "Say what comes next and why."


def test_to_undo_is_to_leave_out(small: Course) -> None:
    made: list[Entry] = [LINE, FIX, ACCEPTED]
    changed = apply(small, made)
    assert apply(small, made[:1]) == apply(small, [LINE]) != changed
    assert apply(small, []) == small


def test_a_draft_goes_behind_what_is_there_and_can_be_added_to(small: Course) -> None:
    course = apply(small, [draft_term("Queue"), AskedAs(term="term.queue", line="people waiting")])
    assert [term.id for term in course.terms] == ["term.pdca", "term.nps", "term.queue"]
    assert course.terms[-1].asked_as == ("people waiting",)


def test_the_later_of_two_drafts_wins_in_the_place_of_the_first(small: Course) -> None:
    course = apply(small, [draft_term("Queue"), draft_term("Till"), draft_term("Queue", definition="A line.")])
    assert [(term.name, term.definition) for term in course.terms[2:]] == [("Queue", "A line."), ("Till", "A thing.")]


def test_every_kind_of_draft_finds_its_place(small: Course) -> None:
    question = small.questions[0].model_copy(update={"id": "q.ci.new", "stem": "Why go round again?"})
    assert question.scheme is not None
    scheme = question.scheme.model_copy(update={"misconceptions": ("mc.ci.new",)})
    entries: list[Entry] = [
        NewTip(item=small.tips[0].model_copy(update={"id": "tip.ci.new"})),
        NewQuestion(item=question),
        NewMisconception(item=small.misconceptions[0].model_copy(update={"id": "mc.ci.new"})),
        NewQuestion(
            item=question.model_copy(
                update={"id": "q.ci.newer", "stem": "What does a loop give you?", "scheme": scheme}
            )
        ),
        NewComparison(item=small.comparisons[0].model_copy(update={"id": "cmp.new"})),
    ]
    added = set(ids(apply(small, entries))) - set(ids(small))
    assert added == {"tip.ci.new", "q.ci.new", "q.ci.newer", "mc.ci.new", "cmp.new"}
    assert check(small, entries, examples=False) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (AskedAs(term="term.x", line="?"), "term.x: there is no such term"),
        (ACCEPTED.model_copy(update={"point": "gone"}), "q.ci.why-loop: there is no marking point gone"),
        (ACCEPTED.model_copy(update={"question": "q.x"}), "q.x: there is no marking point ongoing"),
        (ACCEPTED.model_copy(update={"question": "q.ci.work-out"}), "q.ci.work-out: there is no marking point"),
        (Correction(item="term.x", field="name", text="X"), "term.x: there is nothing of this id to correct"),
        (Correction(item="term.nps", field="id", text="term.y"), "term.nps: id is no text that can be corrected"),
        (Correction(item="term.nps", field="seeds", text="x"), "seeds is no text that can be corrected"),
        (Correction(item="q.ci.why-loop", field="hints.colour", text="x"), "hints.colour is no text"),
        (FIX.model_copy(update={"text": "x" * 300}), "definition: at most 260 characters, this has 300"),
        (draft_term("X", id="tip.ci.name-it"), "tip.ci.name-it: this id belongs to one of the tips"),
    ],
)
def test_an_entry_that_does_not_fit_changes_nothing_and_is_reported(small: Course, entry: Entry, said: str) -> None:
    assert apply(small, [entry]) is small
    [problem] = check(small, [entry])
    assert said in str(problem)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (draft_term("Net-promoter score", id="term.other"), "is also a form of term.nps"),
        (draft_term("Queue", topic="cu"), "topic: there is no cu in topics"),
        (draft_term("Queue", definition=" ".join(["word"] * 31)), "definition: at most 30 words, this has 31"),
        (FIX.model_copy(update={"text": "A color."}), "American spelling: color"),
        (draft_term("Pdca", definition="A loop."), "term.pdca: is in the course already"),
    ],
)
def test_the_lint_looks_at_entries_too(small: Course, entry: Entry, said: str) -> None:
    assert any(said in str(problem) for problem in check(small, [entry], examples=False))


def test_what_was_wrong_before_is_not_blamed_on_an_entry(small: Course) -> None:
    broken = small.model_copy(update={"tips": ()})
    assert check(broken, [LINE], examples=False) == []


def test_the_examples_of_a_touched_question_are_marked(small: Course) -> None:
    assert check(small, [ACCEPTED]) == []
    [problem] = check(small, [ACCEPTED.model_copy(update={"example": "a mug of tea"})])
    assert problem.id == "q.ci.why-loop/ongoing"
    assert "accept: 'a mug of tea'" in problem.message


def test_a_phrase_that_cannot_match_is_reported(small: Course) -> None:
    [problem] = check(small, [ACCEPTED.model_copy(update={"phrase": Phrase(phrase="<nothing>"), "example": "ongoing"})])
    assert "there is no class <nothing>" in problem.message


def test_the_examples_of_a_drafted_misconception_are_marked(small: Course) -> None:
    wrong = {"id": "mc.ci.new", "accept": ("tea", "milk", "you do it one time")}
    problems = check(small, [NewMisconception(item=small.misconceptions[0].model_copy(update=wrong))])
    assert [problem.id for problem in problems] == ["mc.ci.new"] * 2
    assert [problem.message.partition(":")[0] for problem in problems] == ["accept", "accept"]


@pytest.mark.parametrize("entry", [LINE, ACCEPTED, FIX, draft_term("Queue")])
def test_an_entry_survives_json(entry: Entry) -> None:
    assert entry_from_json(entry.model_dump_json()) == entry


@pytest.mark.parametrize(
    "text", ['{"kind": "gossip"}', "{}", "[]", "", '{"kind": "asked_as", "term": "term.nps", "line": " "}']
)
def test_what_is_no_entry_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        entry_from_json(text)


def test_names_of_things_cannot_be_corrected() -> None:
    assert correctable(Term) == {"name", "definition", "explanation", "example"}
    assert "kind" not in correctable(Question)


words = st.sampled_from(["Queue", "Till", "Pdca", "Nps", "Desk"])
texts = st.text("abc ", min_size=1, max_size=8).filter(str.strip)
entries = st.lists(
    st.one_of(
        st.builds(AskedAs, term=st.sampled_from(["term.nps", "term.pdca", "term.queue", "term.x"]), line=texts),
        st.builds(
            Correction,
            item=st.sampled_from(["term.nps", "term.queue", "tip.ci.name-it", "q.ci.why-loop", "q.x"]),
            field=st.sampled_from(["name", "definition", "text", "stem", "hints.nudge", "id"]),
            text=texts,
        ),
        st.builds(
            AcceptedPhrase,
            question=st.sampled_from(["q.ci.why-loop", "q.ci.work-out", "q.x"]),
            point=st.sampled_from(["ongoing", "gone"]),
            phrase=st.builds(Phrase, phrase=texts),
            example=texts,
        ),
        st.builds(draft_term, words, definition=texts),
    ),
    max_size=8,
)

law = given(first=entries, second=entries)


@law
def test_entries_in_two_goes_are_entries_in_one_go(small: Course, first: list[Entry], second: list[Entry]) -> None:
    assert apply(apply(small, first), second) == apply(small, [*first, *second])


@law
def test_ids_never_vanish_and_keep_their_order(small: Course, first: list[Entry], second: list[Entry]) -> None:
    before = ids(small)
    after = ids(apply(small, [*first, *second]))
    assert [id_ for id_ in after if id_ in before] == before
    assert len(after) == len(set(after))


@law
def test_entries_applied_again_change_nothing(small: Course, first: list[Entry], second: list[Entry]) -> None:
    once = apply(small, [*first, *second])
    assert apply(small, [*first, *second]) == once


@given(found=entries)
def test_a_check_reports_and_never_raises(small: Course, found: list[Entry]) -> None:
    assert isinstance(check(small, found, examples=False), list)
