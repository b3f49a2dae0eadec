"""Practice: a question, an answer in one's own words, and what it earned."""

from __future__ import annotations

import pytest

from bot.sandbox.chats import Message
from bot.sandbox.people import Person
from tests.acceptance.conftest import Tutor, ask, built_course, meet, press

pytestmark = pytest.mark.usefixtures("only_open_questions")


async def a_question(person: Person, tutor: Tutor) -> tuple[Message, str]:
    """Be asked something and return the message and the question's id."""
    message = await ask(person, "/practise")
    stems = {question.stem: question.id for question in built_course().course.questions}
    return message, next(
        each for stem, each in stems.items() if " ".join(stem.split()) in " ".join(message.text.split())
    )


def model_answer(question_id: str) -> str:
    """An answer that earns every mark."""
    return built_course().questions[question_id].model_answer


async def test_an_answer_is_marked_with_the_learners_own_words(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    _, question = await a_question(aisha, tutor)
    answer = model_answer(question)
    result = await ask(aisha, answer)
    marks = built_course().questions[question].marks
    assert result.text.startswith(f"{marks} of {marks} marks: all there")
    quotes = [line.split("you wrote “")[1].rstrip("”") for line in result.text.splitlines() if "you wrote “" in line]
    assert quotes
    for quoted in quotes:
        assert quoted.rstrip("…") in answer
    assert result.buttons[0] == "Next question"


async def test_what_was_not_found_is_not_called_wrong(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    _, question = await a_question(aisha, tutor)
    result = await ask(aisha, "the weather was nice in the car park that day and we had some sandwiches together")
    said = result.text
    assert said.startswith("0 of ")
    scheme = built_course().questions[question].scheme
    assert scheme is not None
    points = scheme.points
    ideas = [point.idea for point in points if point.idea in said]
    assert "could not find" in said
    for idea in ideas:
        assert f"I could not find: {idea}" in said
    for words in (*ideas, *(point.label.lower() for point in points)):
        said = said.replace(words, "")
    assert "wrong" not in said.lower()
    assert "✗" not in said
    assert "Try again" in result.buttons


async def test_try_again_puts_the_same_question(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    first, question = await a_question(aisha, tutor)
    await ask(aisha, "My cat sleeps on the red sofa nearly all day.")
    again = await press(aisha, "Try again")
    assert again.text == first.text
    assert "all there" in (await ask(aisha, model_answer(question))).text


@pytest.mark.parametrize("words", ["idk", "i dont know", "?", "no idea"])
async def test_not_knowing_leads_to_help_and_costs_nothing(tutor: Tutor, words: str) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    _, question = await a_question(aisha, tutor)
    nudge = await ask(aisha, words)
    assert nudge.text.startswith("A nudge")
    structure = await press(aisha, "More help")
    assert structure.text.startswith("How to build the answer")
    model = await press(aisha, "Show a model answer")
    assert model_answer(question)[:40] in " ".join(model.text.split())


async def test_asking_about_a_term_keeps_the_question_open(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    _, question = await a_question(aisha, tutor)
    card = await ask(aisha, "what is a baseline?")
    assert card.text.startswith("Baseline")
    assert "Your question is still open" in card.text
    back = await press(aisha, "Back to my question")
    assert "mark" in back.text.splitlines()[0]
    assert "all there" in (await ask(aisha, model_answer(question))).text


async def test_one_button_takes_a_reading_the_other_way(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    await ask(aisha, "what is a baseline?")
    marked = await press(aisha, "That was my answer")
    assert " of " in marked.text.splitlines()[0]
    await press(aisha, "Next question")
    await ask(aisha, "benchmarking")
    card = await press(aisha, "Just look it up")
    assert card.text.startswith("Benchmarking")
    assert "open again" in card.text


async def test_greetings_are_answered_and_never_marked(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    for words in ("hi", "thanks!", "👍"):
        assert "still open" in (await ask(aisha, words)).text


async def test_a_telegram_reply_answers_the_question_it_replies_to(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    first, question = await a_question(aisha, tutor)
    await ask(aisha, "/practise")
    aisha.read_all()
    await aisha.say(model_answer(question), reply_to=first)
    assert "all there" in (await aisha.next_message(30)).text


async def test_a_very_long_answer_is_not_cut_but_asked_for_again(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    answer = await ask(aisha, "they should ask the customers what they think " * 70)
    assert "longer than I can mark" in answer.text
    assert "still open" in answer.text


async def test_a_topic_can_be_chosen(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    await press(aisha, "Topic or kind")
    question = await press(aisha, "Monitoring interactions")
    assert "Monitoring interactions" in question.text.splitlines()[0]
