from __future__ import annotations

import pytest

from knowledge.lookup import CONFIDENT, UNSURE, Entry, Index, Reason


def first(index: Index, text: str) -> str | None:
    matches = index.find(text)
    return matches[0].term_id.removeprefix("term.") if matches else None


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Net Promoter Score", "nps"),
        ("nps", "nps"),
        ("N.P.S.", "nps"),
        ("n p s", "nps"),
        ("NPS?", "nps"),
        ("plan do check act", "pdca"),
        ("PLAN-DO-CHECK-ACT", "pdca"),
        ("plandocheckact", "pdca"),
        ("organizational procedures", "organisational-procedures"),
        ("organisational procedure", "organisational-procedures"),
        ("score net promoter", "nps"),
        ("five whys", "five-whys"),
        ("voice of customer", "voc"),
        ("iso nine thousand and one", "iso-9001"),
        ("en pee ess", "nps"),
        ("see sat", "csat"),
        ("pct change", "percentage-change"),
        ("% change", "percentage-change"),
        ("change in per cent", "percentage-change"),
        ("n p s's", "nps"),
        ("k p i s", "kpi"),
        ("R.C.A.s", "root-cause-analysis"),
    ],
)
def test_a_form_is_found_however_it_is_written(index: Index, text: str, term: str) -> None:
    assert first(index, text) == term
    assert index.find(text)[0].score >= CONFIDENT


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("SLA agreement", "sla"),
        ("what are kpi indicators", "kpi"),
        ("qa assurance", "quality-assurance"),
        ("can you explain the nps score", "nps"),
    ],
)
def test_an_abbreviation_with_its_own_last_word_is_as_good_as_alone(index: Index, text: str, term: str) -> None:
    found = index.find(text)[0]
    assert (found.term_id, found.reason) == (f"term.{term}", Reason.abbreviation)
    assert found.score > 0.95


def test_an_abbreviation_with_a_word_of_another_is_not(index: Index) -> None:
    assert index.find("qc assurance")[0].score < 0.95


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("what does nps stand for pls", "nps"),
        ("waht is csat", "csat"),
        ("explain the term empathy to me please", "empathy"),
        ("whats a complaint", "complaint"),
        ("heat method", "heat"),
        ("what does mean mean", "average"),
        ("what is the mean", "average"),
        ("what does explain mean", "explain"),
        ("explain", "explain"),
        ("mean", "average"),
        ("correlation vs causation", "correlation-causation"),
        ("i dont get empathy", "empathy"),
        ("i cant remember what coaching means", "coaching"),
        ("search churn", "churn-rate"),
        ("struggling with complaints", "complaint"),
        ("empathy plz help", "empathy"),
        ("what does coaching refer to", "coaching"),
        ("HEAT in simple terms", "heat"),
        ("quality control meaning", "quality-control"),
    ],
)
def test_the_question_around_a_term_is_taken_off_but_never_the_term(index: Index, text: str, term: str) -> None:
    assert first(index, text) == term
    assert index.find(text)[0].score >= CONFIDENT


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("pcda", "pdca"),
        ("net promotor", "nps"),
        ("root couse anlysis", "root-cause-analysis"),
        ("kwality ashurance", "quality-assurance"),
        ("custmer satisfacton score", "csat"),
        ("what is repeet buisness", "repeat-business"),
        ("emphathy", "empathy"),
    ],
)
def test_a_misspelt_term_is_found(index: Index, text: str, term: str) -> None:
    assert first(index, text) == term


def test_the_beginning_of_a_name_finds_it(index: Index) -> None:
    assert first(index, "net prom") == "nps"
    assert first(index, "root cause an") == "root-cause-analysis"


@pytest.mark.parametrize(
    "text",
    [
        "pizza", "customs", "insurance", "hello", "what do you mean", "what does that mean", "how are you", "", "   ", "?!",
        "🙂", "👍🏽👍🏽", "asdfgh", "what is the weather like", "how do i bake a cake", "12345", "i dont know", "你好", "مرحبا",
        "what time is the bus", "lol", "heater", "heat pump", "whats a heat wave", "smart tv", "mean time", "nhs trust",
        "i need help", "2024", "50%",
    ],
)  # fmt: skip
def test_what_asks_about_no_term_finds_nothing(index: Index, text: str) -> None:
    assert index.find(text) == []


def test_an_everyday_expression_asks_about_no_term_unless_the_glossary_has_it() -> None:
    heating = Entry("term.heat-pump", "Heat pump", definition="A machine that moves warmth from outside to inside.")
    without = Index.build([Entry("term.heat", "HEAT model", abbreviations=("HEAT",))])
    assert without.find("heat pump") == []
    assert Index.build([heating]).find("heat pump")[0].term_id == "term.heat-pump"


def test_a_number_beside_a_form_is_no_slip_of_the_finger(index: Index) -> None:
    assert all(match.score < CONFIDENT for match in index.find("empathy 4"))


@pytest.mark.parametrize(("said", "term"), [("em pathy", "empathy"), ("koa ching", "coaching")])
def test_a_name_heard_as_several_words_is_found(index: Index, said: str, term: str) -> None:
    assert first(index, said) == term


def test_words_that_a_place_follows_are_not_put_in_another_order() -> None:
    index = Index.build(
        [
            Entry("term.metric", "Metric", definition="Something measured."),
            Entry("term.service-metrics", "Customer service metrics", definition="Figures about service."),
        ]
    )
    assert index.find("what is a metric in customer service")[0].term_id == "term.metric"


@pytest.mark.parametrize(
    "text", ["the heat in here is awful", "how long did it last", "at last", "smart tv", "he is so mean to me"]
)
def test_an_english_word_that_spells_an_abbreviation_is_not_the_term(index: Index, text: str) -> None:
    assert all(match.score < CONFIDENT for match in index.find(text))


def test_a_description_finds_the_term_by_meaning_but_never_confidently(index: Index) -> None:
    matches = index.find("score from 0 to 10 would you recomend")
    assert matches[0].term_id == "term.nps"
    assert matches[0].reason is Reason.meaning
    assert UNSURE <= matches[0].score < CONFIDENT


def test_a_suggest_only_form_opens_a_list(index: Index) -> None:
    matches = index.find("service")
    assert "term.customer-service" in {match.term_id for match in matches}
    assert all(match.score < CONFIDENT for match in matches)


def test_a_shared_form_lists_every_term_that_has_it(index: Index) -> None:
    matches = index.find("support")
    assert {match.term_id for match in matches[:2]} == {"term.coaching", "term.mentoring"}
    assert all(match.score < CONFIDENT for match in matches)


def test_the_reason_says_how_a_term_was_found(index: Index) -> None:
    assert index.find("nps")[0].reason is Reason.abbreviation
    assert index.find("empathy")[0].reason is Reason.exact
    assert index.find("emphathy")[0].reason is Reason.spelling


def test_the_form_is_the_one_that_matched_as_the_glossary_writes_it(index: Index) -> None:
    assert index.find("deming cycle")[0].form == "Deming cycle"


def test_no_more_than_the_limit_is_given(index: Index) -> None:
    assert len(index.find("support", limit=1)) == 1
    assert index.find("support", limit=0) == []


def test_a_text_of_the_longest_message_is_read(index: Index) -> None:
    text = ("my tutor said that net promoter score is something we will need " * 80)[:4096]
    assert index.find(text)[0].term_id == "term.nps"


def test_an_empty_glossary_finds_nothing() -> None:
    empty = Index.build([])
    assert empty.find("nps") == []
    assert empty.prefix("n") == []
    assert empty.find_pair("nps vs csat") is None


def test_a_term_whose_very_name_is_suggest_only_can_still_be_found_by_meaning() -> None:
    index = Index.build(
        [
            Entry(
                "term.odd", "Standard", suggest_only=("standard",), asked_as=("what staff must always reach at work",)
            ),
            Entry("term.other", "Rapport", asked_as=("getting on well with a customer",)),
        ]
    )
    assert [match.term_id for match in index.find("standard")] == ["term.odd"]
    matches = index.find("what must staff always reach at work")
    assert all(match.score < CONFIDENT for match in matches)


def test_a_name_without_letters_is_no_obstacle() -> None:
    index = Index.build([Entry("term.smile", "🙂", definition="A sign that stands for a smile on a customer's face.")])
    assert index.find("a sign that stands for a smile on a customers face") == []


def test_what_is_listed_beside_an_unclear_form_never_stands_above_it(index: Index) -> None:
    for text in ("service", "support"):
        scores = [match.score for match in index.find(text, limit=10)]
        assert scores == sorted(scores, reverse=True)
