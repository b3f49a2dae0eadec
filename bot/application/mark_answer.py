"""Marking an answer that was given in one message or in several, as improvements are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from knowledge.marking import Marker, MarkResult, PointResult, Status
from knowledge.schema import Question


def whole(parts: Sequence[str]) -> str:
    """Return the parts of an answer as one text."""
    return "\n\n".join(parts)


def mark(marker: Marker, question: Question, parts: Sequence[str], granted: Mapping[str, str]) -> MarkResult:
    """Mark an answer: a point is met where any part, or all of them together, meets it, or where a tutor granted it.

    What is said of misconceptions and gates is about the newest part, so that nothing is held against a learner that
    they have put right. ``granted`` maps the id of a point to the words for which a tutor granted it.
    """
    if len(parts) == 1:
        return with_granted(question, marker.mark(question, parts[0]), granted)
    alone = [marker.mark(question, part) for part in parts]
    together = marker.mark(question, whole(parts))
    newest = alone[-1]
    if question.scheme is None:
        return max((*alone, together), key=lambda result: result.awarded)
    points = tuple(_best(each) for each in zip(*(result.points for result in (*alone, together)), strict=True))
    merged = replace(
        together,
        awarded=_awarded(question, points),
        gate=None if newest.awarded else newest.gate,
        points=points,
        misconceptions=newest.misconceptions,
    )
    return with_granted(question, merged, granted)


def _best(results: Sequence[PointResult]) -> PointResult:
    """Return the first that meets the point, or else what was made of the whole answer, which stands last."""
    return next((each for each in results if each.status is Status.MET), results[-1])


def with_granted(question: Question, result: MarkResult, granted: Mapping[str, str]) -> MarkResult:
    """Return a result in which the granted points are met with the words for which they were granted."""
    if not granted:
        return result
    points = tuple(
        replace(each, status=Status.MET, quote=granted[each.id], span=None)
        if each.id in granted and each.status is not Status.MET
        else each
        for each in result.points
    )
    return replace(result, points=points, awarded=max(result.awarded, _awarded(question, points)))


def _awarded(question: Question, points: Sequence[PointResult]) -> int:
    return min(question.marks, sum(each.marks for each in points if each.status is Status.MET))
