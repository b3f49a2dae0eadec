"""What the command verb asks for: does the answer give a reason, two sides, a judgement, a figure, a comparison?

Cue words are hints, not proof. They lead to advice on the next answer and never to marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from knowledge.marking.phrases import Sequenced, atoms_of
from knowledge.marking.result import VerbFinding
from knowledge.schema import Question, Verb

_CUES: Mapping[VerbFinding, str] = {
    VerbFinding.NO_REASON: """
        because; =since; so that; =so; therefore; lead to; mean that; =means; meaning; as a result; result in; which
        help; this help; help to; in order; due to; reason; otherwise; =thus; hence; which make; this make; this
        will; this would; cause; if; to make sure; that way; allow; enable; ensure; show that; without; to avoid; to
        help; to show; to see; will then""",
    VerbFinding.ONE_SIDED: """
        however; but; although; though; on the other hand; whereas; despite; even though; =yet; downside; drawback;
        disadvantage; limitation; limit; weakness; nevertheless; on the one hand; in contrast; =while; not always;
        can not; risk; instead; other side; con; negative""",
    VerbFinding.NO_JUDGEMENT: """
        overall; in conclusion; conclude; to sum up; in summary; most important; more important; most effective;
        more effective; =best; therefore i; i think; i believe; in my opinion; on balance; all in all; i would; should;
        depend; worth; ultimately; recommend; my view; so i would; good way; good choice; right choice; effective when;
        work well; main reason; the key""",
    VerbFinding.NO_COMPARISON: """
        =than; whereas; =while; both; unlike; compare; similar; same; different; difference; differ; =but; however;
        on the other hand; instead; neither; in contrast; more; less; other""",
    VerbFinding.NO_ACTION: """
        should; would; will; need to; recommend; suggest; must; could; plan; by; train; introduce""",
    VerbFinding.NO_OUTCOME: """
        likely; =if; would; will; might; may; could; probably; expect; lead to; result; become; going to""",
    VerbFinding.NO_EXAMPLE: """
        for example; example; for instance; such as; =like; imagine; =say; when i; in a; at a; in my; if a; one time;
        at work; in the; at the""",
}

_ASKS_FOR: Mapping[Verb, tuple[VerbFinding, ...]] = {
    "explain": (VerbFinding.NO_REASON,),
    "justify": (VerbFinding.NO_REASON,),
    "analyse": (VerbFinding.NO_REASON,),
    "interpret": (VerbFinding.NO_FIGURE,),
    "compare": (VerbFinding.NO_COMPARISON,),
    "discuss": (VerbFinding.NO_REASON, VerbFinding.ONE_SIDED),
    "assess": (VerbFinding.NO_REASON, VerbFinding.NO_JUDGEMENT),
    "evaluate": (VerbFinding.NO_REASON, VerbFinding.ONE_SIDED, VerbFinding.NO_JUDGEMENT),
    "review": (VerbFinding.NO_JUDGEMENT,),
    "recommend": (VerbFinding.NO_ACTION, VerbFinding.NO_REASON),
    "plan": (VerbFinding.NO_ACTION,),
    "predict": (VerbFinding.NO_OUTCOME, VerbFinding.NO_REASON),
}

_STEM_ASKS_FOR_EXAMPLE = re.compile(
    r"\b(give|with|include|add|use|using|and)\b[^.?]{0,30}\bexamples?\b|\bfor example\?", re.IGNORECASE
)


@cache
def cues() -> Mapping[VerbFinding, tuple[Sequenced, ...]]:
    """Compiled cues: any one of them shows what the verb asks for."""
    return {finding: tuple(atoms_of(cue) for cue in cues.split(";")) for finding, cues in _CUES.items()}


def wanted_by(question: Question) -> tuple[VerbFinding, ...]:
    """What an answer to this question should show, in the order in which it is said."""
    wanted = _ASKS_FOR.get(question.verb, ())
    if _STEM_ASKS_FOR_EXAMPLE.search(question.stem):
        wanted = (*wanted, VerbFinding.NO_EXAMPLE)
    return wanted
