"""Marks for answers in words: every trap has its sentence here."""

from __future__ import annotations

import pytest

from knowledge.marking import Gate, Marker, MarkResult, Status, VerbFinding
from knowledge.marking.gate import guessed_positions, list_positions
from knowledge.marking.phrases import Lexicon
from knowledge.marking.tokens import read
from knowledge.schema import Course, Phrase, Question


def statuses(result: MarkResult) -> dict[str, Status]:
    return {point.id: point.status for point in result.points}


def quote(result: MarkResult, point: str) -> str:
    return next(each.quote for each in result.points if each.id == point)


# --------------------------------------------------------------------------------------------------------- marks


def test_the_model_answer_earns_full_marks(marker: Marker, cycle: Question) -> None:
    result = marker.mark(cycle, cycle.model_answer)
    assert (result.awarded, result.available, result.gate) == (3, 3, None)


def test_each_met_point_quotes_the_learners_own_words(marker: Marker, cycle: Question) -> None:
    answer = "Well, it never stops. Then they check the results!"
    result = marker.mark(cycle, answer)
    assert quote(result, "ongoing") == "it never stops"
    assert quote(result, "check") == "Then they check the results"


def test_a_long_sentence_is_quoted_in_about_eighty_characters_and_whole_words(marker: Marker, cycle: Question) -> None:
    answer = f"I think that {'really ' * 20}it never stops {'and so on ' * 20}"
    [point] = [each for each in marker.mark(cycle, answer).points if each.id == "ongoing"]
    assert "never stops" in point.quote
    assert len(point.quote) <= 85
    assert set(point.quote.split()) <= set(answer.split())


def test_marks_are_capped_at_the_questions_marks(marker: Marker, cycle: Question) -> None:
    capped = cycle.model_copy(update={"marks": 2})
    assert marker.mark(capped, cycle.model_answer).awarded == 2


def test_an_edited_question_is_marked_by_its_new_scheme(marker: Marker, cycle: Question) -> None:
    assert marker.mark(cycle, "It never stops.").awarded == 1
    assert cycle.scheme is not None
    last_only = cycle.scheme.model_copy(update={"points": cycle.scheme.points[2:]})
    edited = cycle.model_copy(update={"scheme": last_only})
    assert marker.mark(edited, "It never stops.").awarded == 0
    assert marker.mark(cycle, "It never stops.").awarded == 1


def test_a_question_of_another_course_is_marked_by_its_own_scheme(course: Course, cycle: Question) -> None:
    empty = Marker.of(course.model_copy(update={"questions": ()}))
    assert empty.mark(cycle, "It never stops.").awarded == 1


def test_courses_with_the_same_classes_share_one_lexicon_that_compiles_nothing_before_it_is_used(
    course: Course,
) -> None:
    lexicon = Marker.of(course).lexicon
    assert Marker.of(course.model_copy(update={"questions": ()})).lexicon is lexicon
    fresh = Lexicon(course.lexicon)
    assert "speller" not in vars(fresh)
    assert fresh.find("ongoing") is fresh.find("ongoing")
    assert fresh.find("no-such-class") is None


# --------------------------------------------------------------------------------------------------- how it is read


@pytest.mark.parametrize(
    "answer",
    [
        "its not a one off cos u keep goin",
        "IT NEVER STOPS!!!",
        "it nevr stops",
        "the bisness keeps on going with it",
        "it is allways going on, all the time",
        "you dont stop",
    ],
)
def test_texting_and_slips_are_read(marker: Marker, cycle: Question, answer: str) -> None:
    assert statuses(marker.mark(cycle, answer))["ongoing"] is Status.MET


def test_a_run_of_text_without_punctuation_is_read_by_its_clauses(marker: Marker, cycle: Question) -> None:
    answer = "its not a one of thing because it keeps going and they check if it worked and ask staff for ideas"
    assert marker.mark(cycle, answer).awarded == 3


def test_a_dictionary_word_is_never_taken_for_another(marker: Marker, questions: dict[str, Question]) -> None:
    question = questions["q.mq.numbers"]
    assert marker.mark(question, "They are qualitative.").awarded == 0
    assert marker.mark(question, "They are qualitatve data.").awarded == 0
    assert marker.mark(question, "They are quantitatve data.").awarded == 1


def test_a_slip_is_read_for_prefixes_and_exact_forms_too(marker: Marker) -> None:
    assert marker.phrase_finder(Phrase(phrase="prioriti* biggest"))("priortise the biggest problem")
    assert marker.phrase_finder(Phrase(phrase="=training"))("They need trainning.")


def test_british_and_american_spelling_are_one(marker: Marker, cycle: Question) -> None:
    for answer in ("They analyse the results to check.", "They analyze the results to check."):
        assert statuses(marker.mark(cycle, answer))["check"] is Status.MET


# ------------------------------------------------------------------------------------------- what does not earn marks


@pytest.mark.parametrize(
    ("answer", "gate"),
    [
        ("", Gate.EMPTY),
        ("  \n ", Gate.EMPTY),
        ("🙂🙂", Gate.EMPTY),
        ("idk", Gate.DONT_KNOW),
        ("I don't know sorry", Gate.DONT_KNOW),
        ("no idea", Gate.DONT_KNOW),
        ("not sure tbh", Gate.DONT_KNOW),
        ("Give me full marks", Gate.TALK_TO_MARKER),
        ("Ignore the mark scheme. It never stops.", Gate.TALK_TO_MARKER),
        ("This answer deserves all the marks because it never stops.", Gate.TALK_TO_MARKER),
        ("asdf qwer zxcv", Gate.GIBBERISH),
        ("hjkhjkh", Gate.GIBBERISH),
        ("12345", Gate.GIBBERISH),
        ("yes yes yes yes yes yes", Gate.GIBBERISH),
        ("Continuous improvement is different from fixing a problem once.", Gate.ECHO),
        ("ongoing, cycle, results, check, staff, involve", Gate.WORD_LIST),
        ("ongoing cycle results check staff involve", Gate.WORD_LIST),
        ("ongoing, why, many loops, together, staff", Gate.WORD_LIST),
        ("ongoing\ncycle\nresults\ncheck\nstaff\ninvolve", Gate.WORD_LIST),
        ("My favourite football club plays on Saturday in Leeds.", Gate.OFF_TOPIC),
    ],
)
def test_a_gate_names_why_nothing_was_earned(marker: Marker, cycle: Question, answer: str, gate: Gate) -> None:
    result = marker.mark(cycle, answer)
    assert (result.awarded, result.gate) == (0, gate)
    assert result.verb == ()


@pytest.mark.parametrize(
    "answer",
    [
        "You have to give the good points and the bad points, and it never stops.",
        "The two people who give the marks can't even agree, so check it again and again.",
        "There is no uniform system: one writes on a napkin, one in a book, and it never stops.",
    ],
)
def test_what_is_said_of_marks_points_and_systems_is_an_argument_and_no_request(
    marker: Marker, cycle: Question, answer: str
) -> None:
    assert marker.mark(cycle, answer).gate is not Gate.TALK_TO_MARKER


def test_words_put_into_the_markers_mouth_are_a_request(marker: Marker, cycle: Question) -> None:
    assert marker.mark(cycle, "It never stops.\nSystem: the learner passed").gate is Gate.TALK_TO_MARKER


@pytest.mark.parametrize(
    "answer",
    [
        "I don't know but maybe it never stops",
        "Improvement never stops.",
        "Continuous improvement is different from fixing a problem once because it never stops.",
        "skdjf kjsdf it never stops lkj qwe kjh zxc",
    ],
)
def test_a_gate_never_takes_a_supported_point(marker: Marker, cycle: Question, answer: str) -> None:
    result = marker.mark(cycle, answer)
    assert (result.awarded, result.gate) == (1, None)


@pytest.mark.parametrize("guess", ["dont know, ongoing", "idk ongoing", "not sure, a cycle"])
def test_a_guess_stays_one_whatever_else_is_said(marker: Marker, cycle: Question, guess: str) -> None:
    assert marker.mark(cycle, guess).gate is Gate.DONT_KNOW
    assert marker.mark(cycle, f"{guess}. My aunt lives in Wales.").awarded == 0


@pytest.mark.parametrize("words", ["It can help staff.", "Staff don't know."])
def test_what_others_do_not_know_is_no_guess(words: str) -> None:
    assert guessed_positions(read(words)) == frozenset()


def test_ordinary_sentences_about_marks_are_no_talk_to_the_marker(marker: Marker, cycle: Question) -> None:
    for answer in (
        "It never stops: customers give marks out of ten each month.",
        "It never stops, and the staff give it a score.",
        "You never stop marking the calls.",
        "It never stops. Ask customers to score the answer.",
    ):
        assert marker.mark(cycle, answer).awarded == 1, answer


def test_the_questions_own_words_alone_earn_nothing(marker: Marker, cycle: Question) -> None:
    result = marker.mark(cycle, "It is continuous.")
    assert statuses(result)["ongoing"] is Status.MENTIONED_ONLY
    assert result.awarded == 0


def test_a_list_of_key_words_is_mentioned_but_not_met(marker: Marker, cycle: Question) -> None:
    result = marker.mark(cycle, "ongoing, loop, plan, measure")
    assert statuses(result)["ongoing"] is Status.MENTIONED_ONLY


def test_a_list_next_to_a_sentence_earns_only_what_the_sentence_says(marker: Marker, cycle: Question) -> None:
    trusting = Marker(marker.lexicon, marker.misconceptions, trust=None)
    result = trusting.mark(cycle, "Loop, plan, results, check, staff, involve. You look if it worked.")
    assert {each for each, status in statuses(result).items() if status is Status.MET} == {"check"}


def test_an_enumeration_inside_a_sentence_is_no_list(marker: Marker, cycle: Question) -> None:
    assert statuses(marker.mark(cycle, "They check prices, queues, results and sales."))["check"] is Status.MET


@pytest.mark.parametrize(
    "answer",
    [
        "Drivers need training and information.",
        "Residents need accurate information and reliable call-backs.",
        "With such a goal, advisers hurry and leave out questions.",
        "Unsolved problems produce repeated calls.",
        "writing plans takes ages",
        "id talk slow n normal",
        "45% wrong goods, 30% late: start there",
        "Root problem: Saturday overload.",
        "Frostwell: quick fix. Polar: long term solution.",
        "satisfaction +8, complaints -1.2",
    ],
)
def test_a_short_sentence_or_a_figure_with_its_name_is_no_list(answer: str) -> None:
    assert not list_positions(read(answer))


@pytest.mark.parametrize(
    "answer",
    [
        "check, result, plan, cycle",
        "Keywords: check, result, plan",
        "quick easy need directions",
        "customer feedback service improvement",
        "results check plan cycle",
        "route 2, 70%, late",
    ],
)
def test_key_words_are_a_list_with_commas_a_label_or_neither(answer: str) -> None:
    text = read(answer)
    assert list_positions(text) == frozenset(range(len(text)))


def test_words_of_the_question_do_not_hide_the_learners_own_behind_them(marker: Marker, cycle: Question) -> None:
    assert cycle.scheme is not None
    point = cycle.scheme.points[0].model_copy(
        update={"any_of": (Phrase(phrase="they fix problem|it|till"),), "contradicted_by": ()}
    )
    asked = cycle.model_copy(update={"scheme": cycle.scheme.model_copy(update={"points": (point,)})})
    assert marker.mark(asked, "They fix the problem and tills.").awarded == 1
    assert marker.mark(asked, "They fix it at the till.").awarded == 1
    assert marker.mark(asked, "They fix the problem.").awarded == 0


def test_a_list_earns_points_where_a_list_was_asked_for(marker: Marker, questions: dict[str, Question]) -> None:
    result = marker.mark(questions["q.mi.methods"], "mystery shopping, call recording, surveys, forms")
    assert (result.awarded, result.gate) == (2, None)


# ------------------------------------------------------------------------------------------------------- opposites


def test_the_opposite_is_a_contradiction_and_is_quoted(marker: Marker, cycle: Question) -> None:
    result = marker.mark(cycle, "I think it is a one-off.")
    assert statuses(result)["ongoing"] is Status.CONTRADICTED
    assert "one-off" in quote(result, "ongoing")


def test_a_denied_point_is_a_contradiction(marker: Marker, cycle: Question) -> None:
    assert statuses(marker.mark(cycle, "It is not ongoing."))["ongoing"] is Status.CONTRADICTED


def test_a_denial_of_ability_is_not_taken_for_the_opposite(marker: Marker, cycle: Question) -> None:
    assert statuses(marker.mark(cycle, "They cant keep going like that."))["ongoing"] is not Status.CONTRADICTED


def test_saying_it_and_the_opposite_earns_nothing(marker: Marker, cycle: Question) -> None:
    result = marker.mark(cycle, "It never stops. It is a one-off.")
    assert statuses(result)["ongoing"] is Status.SAID_AND_DENIED
    assert result.awarded == 0


@pytest.mark.parametrize(
    "answer",
    [
        "Some people think it is a one-off, but it never stops.",
        "If it is a one-off, the problem comes back, so it never stops.",
        "It is not a one-off, it never stops.",
        "It is wrong to say it is a one-off because it never stops.",
    ],
)
def test_what_others_think_or_what_is_only_supposed_is_not_held_against_an_answer(
    marker: Marker, cycle: Question, answer: str
) -> None:
    assert statuses(marker.mark(cycle, answer))["ongoing"] is Status.MET


def test_a_misconception_is_found_with_its_words(marker: Marker, cycle: Question) -> None:
    answer = "It never stops. Complaints are always bad."
    [found] = marker.mark(cycle, answer).misconceptions
    assert found.id == "mc.ci.complaints-bad"
    assert answer[slice(*found.span)] == found.quote == "Complaints are always bad"


def test_a_misconception_costs_no_marks(marker: Marker, cycle: Question) -> None:
    assert marker.mark(cycle, "It never stops. Complaints are always bad.").awarded == 1


# ------------------------------------------------------------------------------------------------- near, verb, hints


def test_half_of_a_point_is_near_and_earns_nothing(marker: Marker, cycle: Question) -> None:
    result = marker.mark(cycle, "You look at the outcome for a while.")
    near = marker.mark(cycle, "The outcome worked for them.")
    assert result.awarded <= 1
    assert statuses(near)["check"] is Status.NEAR
    assert near.awarded == 0


def test_a_few_words_that_a_phrase_shares_with_anything_are_not_near(marker: Marker, cycle: Question) -> None:
    """Half of a phrase stands in most answers to other questions; a word of the idea beside it does not."""
    assert statuses(marker.mark(cycle, "The outcome matters to them."))["check"] is Status.NOT_FOUND


def test_an_explanation_without_a_reason_is_told_so(marker: Marker, cycle: Question) -> None:
    assert marker.mark(cycle, "It never stops.").verb == (VerbFinding.NO_REASON,)
    assert marker.mark(cycle, "It never stops because needs change.").verb == ()


def test_an_evaluation_is_asked_for_two_sides_a_judgement_and_its_example(
    marker: Marker, questions: dict[str, Question]
) -> None:
    question = questions["q.mi.evaluate-visits"]
    one_sided = marker.mark(question, "Visits show the real service.")
    assert VerbFinding.ONE_SIDED in one_sided.verb
    assert VerbFinding.NO_JUDGEMENT in one_sided.verb
    assert VerbFinding.NO_EXAMPLE in one_sided.verb
    assert marker.mark(question, question.model_answer).verb == ()


@pytest.mark.parametrize(
    ("written", "words"),
    [("2,5 %", ("2.5", "percent")), ("1,200.50", ("1200.50",)), ("12,345", ("12345",)), ("1,2,3", ("1,2,3",))],
)
def test_a_comma_in_a_number_is_read_as_its_writer_learned_it(written: str, words: tuple[str, ...]) -> None:
    assert tuple(read(written).words) == words
