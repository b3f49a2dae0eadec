"""Other forms of a name's words, words that only begin, and slips in abbreviations."""

from __future__ import annotations

import pytest

from knowledge.loader import load_glossary
from knowledge.lookup import Index
from knowledge.lookup.match import CONFIDENT


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.of(load_glossary())


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("retention rates", "term.retention-rate"),
        ("analysing trends", "term.trend-analysis"),
        ("interviewing customers", "term.customer-interview"),
        ("emotionally intelligent", "term.emotional-intelligence"),
    ],
)
def test_words_of_the_same_families_open_the_card(index: Index, asked: str, term: str) -> None:
    best = index.find(asked)[0]
    assert (best.term_id, best.reason) == (term, "words")
    assert best.score >= CONFIDENT


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("negotiating", "term.negotiation"),
        ("apologising", "term.apology"),
        ("negotiator", "term.negotiation"),
        ("negotiating skills", "term.negotiation"),
        ("triangulating data", "term.triangulation"),
        ("deescalating", "term.de-escalation"),
        ("nonverbal", "term.non-verbal"),
        ("complaint about data protection", "term.dp-complaint"),
        ("retaining customers", "term.retention-rate"),
        ("manage customer relationships", "term.crm"),
        ("points of selling that are unique", "term.unique-selling-point"),
    ],
)
def test_a_word_of_the_family_stands_for_the_name(index: Index, asked: str, term: str) -> None:
    best = index.find(asked)[0]
    assert best.term_id == term
    assert best.score >= CONFIDENT


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("laggi", "term.lagging-indicator"),
        ("benchm", "term.benchmarking"),
        ("consumer con", "term.consumer-contracts-regs"),
        ("after-c", "term.after-call-work"),
        ("loyalty s", "term.loyalty-scheme"),
    ],
)
def test_the_only_name_that_begins_so_opens_its_card(index: Index, asked: str, term: str) -> None:
    best = index.find(asked)[0]
    assert best.term_id == term
    assert best.score >= CONFIDENT


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("percei", "term.perceived-justice"),
        ("bench", "term.benchmarking"),
        ("impact-e", "term.impact-effort-matrix"),
        ("piloting a change", "term.pilot"),
        ("having contingencies", "term.contingency-plan"),
        ("kip", "term.kpi"),
        ("sra", "term.sar"),
    ],
)
def test_what_could_be_something_else_opens_a_list(index: Index, asked: str, term: str) -> None:
    found = index.find(asked)
    assert found[0].term_id == term
    assert found[0].score < CONFIDENT


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("ccrm", "term.crm"),
        ("kpii", "term.kpi"),
        ("frc", "term.fcr"),
        ("sal agreement", "term.sla"),
        ("kip indicator", "term.kpi"),
        ("scat score", "term.csat"),
        ("heta model", "term.heat"),
        ("cmr strategy", "term.crm-strategy"),
    ],
)
def test_an_abbreviation_with_a_slip_opens_its_card(index: Index, asked: str, term: str) -> None:
    best = index.find(asked)[0]
    assert best.term_id == term
    assert best.score >= CONFIDENT


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("negosheashun", "term.negotiation"),
        ("kweschuning tekneeks", "term.questioning"),
        ("poker yolk", "term.poka-yoke"),
        ("whats a steak holder", "term.stakeholder"),
        ("like it scale", "term.likert"),
        ("seven thirty eight fifty five", "term.mehrabian"),
        ("kay pee eyes", "term.kpi"),
    ],
)
def test_what_sounds_like_a_name_finds_it(index: Index, asked: str, term: str) -> None:
    assert index.find(asked)[0].term_id == term


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("feedback", {"term.customer-feedback", "term.feedback-loop"}),
        ("gaps", {"term.gap-analysis", "term.gaps-model"}),
        ("rates", {"term.churn-rate", "term.complaint-rate"}),
        ("types of data", {"term.primary-data", "term.secondary-data"}),
        ("complaint models", {"term.heat", "term.learn-model"}),
    ],
)
def test_a_word_that_several_names_have_lists_them(index: Index, asked: str, terms: set[str]) -> None:
    assert terms <= {match.term_id for match in index.find(asked)}


def test_a_card_for_a_lone_word_has_its_relatives_far_below(index: Index) -> None:
    card, *relatives = index.find("complaints")
    assert card.term_id == "term.complaint"
    assert relatives
    assert all(match.score < card.score - 0.2 for match in relatives)


@pytest.mark.parametrize(
    "asked", ["product life cycle", "equal pay act", "trial balance", "water quality", "map reading"]
)
def test_a_word_that_means_something_else_opens_no_card(index: Index, asked: str) -> None:
    assert all(match.score < CONFIDENT for match in index.find(asked))


@pytest.mark.parametrize(
    "asked", ["server", "community", "police", "boxing", "trial balance", "customise my car", "trainers"]
)
def test_another_word_of_the_family_is_no_reason(index: Index, asked: str) -> None:
    assert index.find(asked) == []


@pytest.mark.parametrize(
    ("asked", "first", "second"),
    [
        ("reliability and validity", "reliability-of-data", "validity"),
        ("is churn rate just the opposite of retention rate", "churn-rate", "retention-rate"),
        ("describe or explain, what do I do differently", "describe", "explain"),
        ("is a vulnerable customer different to a difficult one", "vulnerable-customer", "difficult-customers"),
        ("LAST and LEARN, what's different", "last-model", "learn-model"),
        ("servqual servperf which is which", "servqual", "servperf"),
        ("documenting vs giving feedback to staff", "record-keeping", "staff-feedback"),
    ],
)
def test_a_comparison_is_cut_where_both_sides_are_named_most_firmly(
    index: Index, asked: str, first: str, second: str
) -> None:
    pair = index.find_pair(asked)
    assert pair is not None
    assert (pair.first.term_id, pair.second.term_id) == (f"term.{first}", f"term.{second}")


def test_a_question_in_nearly_the_words_of_an_entry_is_no_small_talk(index: Index) -> None:
    found = index.find("few people filling in the")
    assert found[0].term_id == "term.response-rate"
    assert found[0].reason == "meaning"


def test_of_two_terms_named_outright_the_first_is_on_top_of_a_list(index: Index) -> None:
    found = index.find("what goes in a measurement plan if my project is about queue times")
    assert found[0].term_id == "term.measurement-plan"
    assert found[0].score < CONFIDENT


@pytest.mark.parametrize("asked", ["well done", "go on then", "maerica", "negativve", "polotics", "gdp"])
def test_small_talk_and_slips_of_other_words_find_nothing(index: Index, asked: str) -> None:
    assert index.find(asked) == []


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("reasonabl", "term.reasonable-adjustments"),
        ("lagg", "term.lagging-indicator"),
        ("mystery s", "term.mystery-shopping"),
        ("b tech", "term.btec"),
        ("ra pour", "term.rapport"),
        ("so yeah can no model", "term.kano"),
        ("servant perf i mean serve perf", "term.servperf"),
        ("explain swat analysis with an o", "term.swot"),
        ("service recovery pair of ducks", "term.recovery-paradox"),
        ("the consumer contracts regs twenty thirteen", "term.consumer-contracts-regs"),
        ("go on then baseline", "term.baseline"),
        ("well c b a how does it work", "term.cost-benefit"),
        ("when do you do an escalation", "term.escalation"),
    ],
)
def test_what_is_begun_or_said_aloud_and_can_be_nothing_else_is_a_card(index: Index, asked: str, term: str) -> None:
    found = index.find(asked)
    assert found[0].term_id == term
    assert found[0].score >= CONFIDENT


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ("leading", {"term.leading-indicator", "term.leadership"}),
        ("speed", {"term.aht", "term.first-response-time"}),
        ("types of criteria", {"term.success-criteria", "term.assessment-criteria"}),
        ("interview or group", {"term.customer-interview", "term.focus-group"}),
        ("retention", {"term.retention-rate", "term.churn-rate"}),
        ("quality a", {"term.quality-assurance"}),
        ("one off", {"term.one-off-change"}),
        ("six s", {"term.six-sigma"}),
    ],
)
def test_a_word_of_several_names_lists_them(index: Index, asked: str, terms: set[str]) -> None:
    assert terms <= {match.term_id for match in index.find(asked)}


@pytest.mark.parametrize("asked", ["hookes law", "boyles law", "delete this", "periodic table group 7"])
def test_a_law_by_somebody_unknown_and_the_like_find_nothing(index: Index, asked: str) -> None:
    assert index.find(asked) == []
