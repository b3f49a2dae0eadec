from __future__ import annotations

import pytest

from knowledge.lookup import Index


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("diff between csat n nps", "csat", "nps"),
        ("nps or csat?", "nps", "csat"),
        ("what's the difference between quality assurance and quality control", "quality-assurance", "quality-control"),
        ("pdca vs pdsa", "pdca", "pdsa"),
        ("pdca versus pdsa", "pdca", "pdsa"),
        ("compare pdca with pdsa pls", "pdca", "pdsa"),
        ("how is pdca different from pdsa", "pdca", "pdsa"),
        ("is pdca the same as pdsa", "pdca", "pdsa"),
        ("primary vs secondary data", "primary-data", "secondary-data"),
        ("quality assurance vs control", "quality-assurance", "quality-control"),
        ("nps/csat difference", "nps", "csat"),
        ("NPS 🆚 CSAT", "nps", "csat"),
        ("whats better nps or csat 🤔", "nps", "csat"),
        ("how is nps different to csat", "nps", "csat"),
        ("how does quality assurance differ from quality control", "quality-assurance", "quality-control"),
        ("can you tell me the difference between coaching and mentoring pls", "coaching", "mentoring"),
        ("compare coaching, mentoring and empathy", "coaching", "mentoring"),
        ("what is nps and how is it different from csat", "nps", "csat"),
        ("csat nps difference", "csat", "nps"),
        ("nps = csat?", "nps", "csat"),
        ("correct me: nps = csat", "nps", "csat"),
        ("nps or csat whats harder", "nps", "csat"),
        ("nps or csat easier", "nps", "csat"),
        ("diference between custmer satisfaction score and net promotor score", "csat", "nps"),
    ],
)
def test_a_comparison_names_two_terms_in_order(index: Index, text: str, first: str, second: str) -> None:
    pair = index.find_pair(text)
    assert pair is not None
    assert (pair.first.term_id, pair.second.term_id) == (f"term.{first}", f"term.{second}")


@pytest.mark.parametrize(
    "text",
    [
        "correlation vs causation",
        "nps",
        "nps and pizza",
        "nps is due to customers",
        "need help with coaching",
        "fish and chips",
        "nps vs net promoter score",
        "nps: net promoter score",
        "nps = 40",
        "",
        "vs",
        "or or or",
    ],
)
def test_what_does_not_compare_two_different_terms_is_no_pair(index: Index, text: str) -> None:
    assert index.find_pair(text) is None


def test_a_prefix_lists_what_begins_so(index: Index) -> None:
    assert {match.term_id for match in index.prefix("qual", 5)} >= {"term.quality-assurance", "term.quality-control"}


def test_a_prefix_of_one_letter_lists_something(index: Index) -> None:
    assert index.prefix("n", 3)[0].term_id == "term.nps"


def test_a_whole_word_comes_before_longer_ones(index: Index) -> None:
    assert index.prefix("churn", 3)[0].term_id == "term.churn-rate"


def test_a_prefix_of_nothing_lists_nothing(index: Index) -> None:
    assert index.prefix("", 5) == []
    assert index.prefix("🙂", 5) == []
