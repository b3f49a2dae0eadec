"""Marking: a question and a learner's answer to marks, each with a quote. Pure and deterministic.

``docs/marking.md`` explains the phrase language and how an answer is read.
"""

from knowledge.marking.closed import presented
from knowledge.marking.examples import ExampleFailure, Problem, check_phrases, question_failures, run_examples
from knowledge.marking.marker import Marker
from knowledge.marking.result import Gate, MarkResult, MisconceptionFound, PointResult, Span, Status, VerbFinding
from knowledge.marking.safety import SafetyNet, concerns

__all__ = [
    "ExampleFailure",
    "Gate",
    "MarkResult",
    "Marker",
    "MisconceptionFound",
    "PointResult",
    "Problem",
    "SafetyNet",
    "Span",
    "Status",
    "VerbFinding",
    "check_phrases",
    "concerns",
    "presented",
    "question_failures",
    "run_examples",
]
