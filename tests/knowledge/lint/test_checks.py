from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.lint import lint
from knowledge.loader import load
from knowledge.schema import Course, Term

Said = Callable[[str, str, str], list[str]]


@pytest.fixture
def said(small_folder: Path) -> Said:
    """What the lint says after one change to one file: each problem as "file:line: id: message"."""

    def change(file: str, old: str, new: str) -> list[str]:
        path = small_folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        loaded = load(small_folder)
        assert loaded.problems == ()
        return [str(problem) for problem in lint(loaded.course, loaded.files)]

    return change


def test_the_small_course_is_clean(small: Course) -> None:
    assert lint(small) == []


TERMS, QUESTIONS, PLAN = "terms/improving.yaml", "questions/ci.yaml", "plan.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (TERMS, "related: [term.nps]", "related: [term.nps, term.x]", ":13: term.pdca: related.1: there is no term.x"),
        (TERMS, "    - term: term.nps", "    - term: term.x", "confusable.0: there is no term.x in terms"),
        (TERMS, "related: [term.nps]", "related: [term.pdca]", "names itself as related or confusable"),
        (TERMS, "related: [term.nps]", "related: [term.nps, term.nps]", "related: term.nps stands there twice"),
        (TERMS, "sources: [gk]", "sources: [s99]", "sources.0: there is no s99 in references"),
        (TERMS, "topic: ci", "topic: cu", "topic: there is no cu in topics"),
        (TERMS, "seeds: [ci.concept.loop", "seeds: [ci.concept.x", "seeds.0: there is no ci.concept.x in source_items"),
        ("comparisons/pairs.yaml", "[term.pdca, term.nps]", "[term.pdca, term.x]", "terms.1: there is no term.x"),
        ("comparisons/pairs.yaml", "[term.pdca, term.nps]", "[term.pdca, term.pdca]", "compares a term with itself"),
        (QUESTIONS, "terms: [term.pdca]", "terms: [term.x]", "q.ci.why-loop: terms.0: there is no term.x"),
        (QUESTIONS, "[mc.ci.once]", "[mc.ci.x]", "scheme.misconceptions.0: there is no mc.ci.x in misconceptions"),
        (QUESTIONS, "        seeds: [ci.concept.loop]", "        seeds: [x]", "scheme.points.0.seeds.0: there is no x"),
        (QUESTIONS, "misconception: mc.ci.once", "misconception: x", "options.3.misconception: there is no x"),
        ("misconceptions/ci.yaml", "[q.ci.why-loop]", "[q.ci.x]", "retests.0: there is no q.ci.x in questions"),
        ("tips/ci.yaml", "[ci.tip.model]", "[ci.tip.x]", "seeds.0: there is no ci.tip.x"),
        (PLAN, "step: ci.plan.week-one", "step: ci.tip.model", "plan.yaml:3: 1: step: there is no plan item"),
        (PLAN, "- day: 2", "- day: 3", "the days must count up from 1 without a gap, they are [1, 3]"),
        (PLAN, "covers: [1, 2]", "covers: [1, 1]", "covers must name each plan day once, it names [1, 1]"),
        (PLAN, "terms: [term.nps]\n    seeds: [ci.mistake.once, ci.plan.week-one]",
         "terms: []\n    seeds: []", "2: no question is on one of this day's source items or terms"),
        ("ambiguous.yaml", "[term.nps, term.pdca]", "[term.nps, term.x]", "'score' names term.x, which does not exist"),
        ("ambiguous.yaml", "[term.nps, term.pdca]", "[term.nps]", "'score' names fewer than two terms"),
        ("ambiguous.yaml", "score", "Score", "'Score' must be in lower case"),
        ("subjects.yaml", "[term.nps, term.pdca]", "[term.nps, term.x]", "names term.x, which does not exist"),
        ("subjects.yaml", "asking around", "net promoter score", "'net promoter score' opens the card of term.nps"),
        ("tips/ci.yaml", "id: tip.ci.name-it", "id: term.pdca", "this id is used 2 times: terms, tips"),
        (TERMS, "  abbreviations: [NPS]", "  abbreviations: [Plan-Do Check Act]",
         "the form 'Plan-Do Check Act' is also a form of term.pdca"),
        (TERMS, "  abbreviations: [NPS]", "  abbreviations: [Cycle]", "'Cycle' is also a form of term.pdca"),
        (TERMS, "A four-step loop", "PDCA, a four-step loop", "definition: starts with the term's own name"),
        (TERMS, "A four-step loop", "A PDCA cycle is a loop", "definition: starts with the term's own name"),
        (TERMS, "before it counts on it.", "before it counts on it. It has four steps.", "one sentence, this has more"),
        (TERMS, "A four-step loop", "A loop" + " of a" * 14, "definition: at most 30 words, this has 43"),
        (TERMS, "The last step leads", "So " * 90 + "it leads", "explanation: at most 90 words, this has 97"),
        (TERMS, "The last step leads back to the first one.",
         "Organisational interdependencies necessitate systematically institutionalised investigations, " * 3 + "so.",
         "the limit is 11"),
        (TERMS, "result: 35", "result: 34", "worked.result is 34, the expression gives 35"),
        (TERMS, "(promoters - detractors)", "(promoters - passives)", "worked.expression passives is not given"),
        (QUESTIONS, "  marks: 1", "  marks: 2", "marks: 2 promised, the points can earn 1"),
        (QUESTIONS, "    - {text: First contact resolution, why: It counts problems solved at once.}\n", "",
         "options: four are needed, these are 3"),
        (QUESTIONS, ", right: true", "", "options: one must be right, 0 are"),
        (QUESTIONS, "text: First contact resolution", "text: All of the above", "options.2: an option must stand"),
        (QUESTIONS, "text: First contact resolution", "text: net-promoter score", "options: two say the same"),
        (QUESTIONS, "right: true", "right: true, misconception: mc.ci.once", "the right option cannot be"),
        (QUESTIONS, '"75"', '"about 75"', "number.traps: 'about 75' is no number"),
        (QUESTIONS, '"75"', '"35.2"', "number.traps: 35.2 counts as right"),
        (QUESTIONS, "Which score asks whether people would recommend you?",
         "why does the fourth step lead back to the first", "q.ci.which-score: stem: the same as in q.ci.why-loop"),
        ("tips/ci.yaml", "Say which model", "Analyze which model", "tip.ci.name-it: text: American spelling: analyze"),
        (PLAN, "    journal: Who would", "    journal: Whose behavior would", "journal: American spelling: behavior"),
        ("misconceptions/ci.yaml", "seeds: [ci.mistake.once]", "seeds: []", "once: served by no misconception"),
        ("tips/ci.yaml", "seeds: [ci.tip.model]", "seeds: []", "ci.tip.model: served by no tip"),
    ],
)  # fmt: skip
def test_one_slip_gives_one_problem_that_says_where_and_what(
    said: Said, file: str, old: str, new: str, problem: str
) -> None:
    assert any(problem in line and line.partition(":")[0].endswith(".yaml") for line in said(file, old, new))


BANK = "topics:\n  - id: ci"


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("questions: {scenario: 2}", "course.yaml:3: bank.questions.scenario: 2 are wanted, there are 0"),
        ("serving: {concept: 2}", "ci.concept.loop: served by 1 question, 2 are wanted"),
        ("serving: {tip: 2}", "ci.tip.model: served by 1 question, 2 are wanted"),
        ("in_ways: {concept: 2}", "ci.concept.loop: asked in 1 kind of question, 2 are wanted"),
        (
            "with_one: {mistake: [spot_mistake, scenario]}",
            "ci.mistake.once: served by no question of the kind spot_mis",
        ),
    ],
)
def test_a_bank_that_is_too_small_for_its_course_is_a_problem(said: Said, rule: str, problem: str) -> None:
    [line] = said("course.yaml", BANK, f"bank: {{{rule}}}\n{BANK}")
    assert problem in line


def test_a_bank_that_holds_what_its_course_wants_is_clean(said: Said) -> None:
    rules = "{questions: {short_answer: 1}, serving: {concept: 1}, in_ways: {tip: 1}, with_one: {mistake: [scenario, short_answer]}}"
    assert said("course.yaml", BANK, f"bank: {rules}\n{BANK}") == []


def _much_alike(small: Course, **changes: object) -> list[str]:
    [asked] = [question for question in small.questions if question.id == "q.ci.why-loop"]
    stem = "Why does the fourth and last step lead back to the first?"
    again = asked.model_copy(update={"id": "q.ci.why-again", "stem": stem, **changes})
    problems = lint(small.model_copy(update={"questions": (*small.questions, again)}))
    return [problem.message for problem in problems if problem.id == "q.ci.why-again"]


def test_two_questions_that_read_much_alike_are_one_question(small: Course) -> None:
    [message] = _much_alike(small)
    assert message.startswith("stem: much like q.ci.why-loop")


@pytest.mark.parametrize(
    "changes",
    [{"verb": "evaluate"}, {"terms": ()}, {"different": {"q.ci.why-loop": "It asks for the last step only."}}],
)
def test_questions_of_another_verb_or_idea_or_with_a_reason_may_read_alike(
    small: Course, changes: dict[str, object]
) -> None:
    assert _much_alike(small, **changes) == []


def test_a_reason_names_a_question_that_exists(small: Course) -> None:
    assert _much_alike(small, verb="evaluate", different={"q.ci.gone": "It is shorter."}) == [
        "different: there is no q.ci.gone in questions"
    ]


def test_a_name_keeps_its_owners_spelling(said: Said) -> None:
    assert said("tips/ci.yaml", "Say which model", "The Center for Color says which model") == []


def test_a_title_of_a_work_keeps_its_spelling(said: Said) -> None:
    assert said("references.yaml", "Common knowledge", "Behavior of call centers") == []


def test_what_learners_may_type_may_be_american(said: Said) -> None:
    assert said(QUESTIONS, "accept: [it is ongoing", "accept: [organizations keep going") == []


def test_two_terms_may_suggest_the_same_form(said: Said) -> None:
    assert said(TERMS, "  abbreviations: [NPS]", "  suggest_only: [Cycle]") == []


def test_a_form_that_is_listed_as_ambiguous_may_be_shared(said: Said) -> None:
    assert said(TERMS, "  abbreviations: [NPS]", "  aliases: [Score]") == []


def test_a_slow_glossary_is_one_problem(small: Course) -> None:
    dense = "Quantitative measurement of organisational recommendation."
    terms = [term.model_copy(update={"definition": dense, "explanation": "", "example": dense}) for term in small.terms]
    problems = lint(small.model_copy(update={"terms": tuple(terms)}))
    assert [problem.message for problem in problems if "median" in problem.message] != []


def test_the_right_option_must_not_give_itself_away_by_its_length(small: Course) -> None:
    [choice] = [question for question in small.questions if question.kind == "multiple_choice"]
    loud = tuple(
        option.model_copy(update={"text": option.text + (", and much more besides" if option.right else "")})
        for option in choice.options
    )
    bank = [choice.model_copy(update={"id": f"q.ci.{n}", "stem": f"Stem {n}", "options": loud}) for n in range(20)]
    problems = lint(small.model_copy(update={"questions": (*small.questions, *bank)}))
    assert [problem.message for problem in problems] == [
        "the right option is the longest in 20 of 21 multiple-choice questions; at most 7"
    ]


def test_the_lint_of_a_thousand_terms_takes_seconds_at_most(small: Course) -> None:
    base = small.terms[1]
    many = tuple(
        Term.model_validate({**dict(base), "id": f"term.t{n}", "name": f"Thing {n}", "abbreviations": ()})
        for n in range(1000)
    )
    assert lint(small.model_copy(update={"terms": (*small.terms, *many)})) == []
