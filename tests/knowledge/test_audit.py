from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.audit import agreement, audit_report, quadratic_weighted_kappa, rulings
from knowledge.jsonlines import BadLine
from knowledge.schema import Course

pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30)


def line(answer: str, **points: bool) -> str:
    return json.dumps({"id": "q.ci.why-loop", "answer": answer, "points": points})


def test_precision_and_recall_count_points(small: Course) -> None:
    found = agreement(
        list(
            rulings(
                small,
                [
                    line("it never stops", ongoing=True),
                    line("they do it again and again", ongoing=False),
                    line("round it goes", ongoing=True),
                    line("a cup of tea, please", ongoing=False),
                    line("improving never stops here", ongoing=True),
                ],
            )
        )
    )
    assert (found.answers, found.precision, found.recall, found.false_credit) == (5, 2 / 3, 2 / 3, 1)
    assert found.kappa == pytest.approx(1 / 6)
    assert not found.good_enough


def test_a_point_that_a_person_did_not_rule_on_was_not_given(small: Course) -> None:
    [one] = rulings(small, [line("it never stops"), "\n", "  "])
    assert one.human == frozenset()
    assert one.machine == {"ongoing"}
    assert one.marks == (0, 1)


def test_nothing_given_and_nothing_due_is_agreement(small: Course) -> None:
    assert agreement([]).good_enough
    assert agreement(list(rulings(small, [line("a cup of tea, please", ongoing=False)]))).good_enough


def test_the_report_names_each_question_and_each_disagreement(small: Course) -> None:
    lines = [line("it never stops", ongoing=False), line("round it goes", ongoing=True)]
    said = list(audit_report(list(rulings(small, lines))))
    assert [row.split()[0] for row in said[:3]] == ["question", "q.ci.why-loop", "all"]
    assert said[3:] == [
        "credited, not due: q.ci.why-loop ongoing: it never stops",
        "due, not found: q.ci.why-loop ongoing: round it goes",
    ]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{", "line 2: the line is not JSON"),
        ('{"id": "q.x", "answer": "", "points": {}}', "line 2: there is no question q.x with marking points"),
        ('{"id": "q.ci.work-out", "answer": "", "points": {}}', "with marking points"),
        (line("x", gone=True), "q.ci.why-loop has no point gone"),
        ('{"id": "q.ci.why-loop", "answer": "", "points": {"ongoing": 1}}', '"points" must say true or false'),
        ('{"id": "q.ci.why-loop", "answer": "", "points": []}', '"points" must say true or false'),
        ('{"id": "q.ci.why-loop", "points": {}}', '"answer" is missing'),
    ],
)
def test_a_line_that_makes_no_sense_is_named(small: Course, bad: str, said: str) -> None:
    with pytest.raises(BadLine, match=said):
        list(rulings(small, ["", bad]))


def test_kappa_of_a_small_table_worked_by_hand() -> None:
    # 0/0 twice, 1/1 once, 0 against 2 once: observed 4, expected (3*1*1 + 3*1*4 + 1*2*1 + 1*1*1) / 4 = 4.5
    assert quadratic_weighted_kappa([(0, 0), (0, 0), (1, 1), (0, 2)]) == pytest.approx(1 - 4 / 4.5)


@given(pairs)
def test_kappa_is_the_same_from_both_sides_and_never_above_one(found: list[tuple[int, int]]) -> None:
    kappa = quadratic_weighted_kappa(found)
    assert quadratic_weighted_kappa([(b, a) for a, b in found]) == (None if kappa is None else pytest.approx(kappa))
    assert kappa is None or kappa <= 1.0


@given(st.lists(st.integers(0, 6), min_size=2).filter(lambda marks: len(set(marks)) > 1))
def test_full_agreement_is_one(marks: list[int]) -> None:
    assert quadratic_weighted_kappa([(mark, mark) for mark in marks]) == 1.0
