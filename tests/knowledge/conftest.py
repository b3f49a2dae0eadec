"""A small course that has everything once and passes the lint."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from knowledge.loader import load_course
from knowledge.schema import Course

SMALL: Mapping[str, str] = {
    "course.yaml": """\
id: small
name: A small course
topics:
  - id: ci
    name: Continuous improvement
    synopsis: Getting better, step by step.
""",
    "sources.yaml": """\
- {id: ci.concept.loop, topic: ci, kind: concept, gist: Improving goes round and round.}
- {id: ci.tip.model, topic: ci, kind: tip, gist: Name the model you use.}
- {id: ci.mistake.once, topic: ci, kind: mistake, gist: Thinking that one change is enough.}
- {id: ci.plan.week-one, topic: ci, kind: plan, gist: Begin with the ideas.}
""",
    "references.yaml": """\
- id: gk
  title: Common knowledge
""",
    "lexicon.yaml": """\
- id: ongoing
  meaning: it does not stop
  forms: [again and again, never stops, ongoing, keep* going]
""",
    "terms/improving.yaml": """\
- id: term.pdca
  topic: ci
  name: PDCA cycle
  aliases: [plan do check act]
  abbreviations: [PDCA]
  suggest_only: [cycle]
  definition: A four-step loop that helps a team try out a change before it counts on it.
  explanation: The last step leads back to the first one.
  example: A cafe in Leeds tries a new queue, counts the waiting time, and keeps what works.
  confusable:
    - term: term.nps
      because: One is a way of working, the other is a score.
  related: [term.nps]
  asked_as: [what is the loop with four steps]
  sources: [gk]
  seeds: [ci.concept.loop, ci.tip.model, ci.mistake.once, ci.plan.week-one]
  origin: source
- id: term.nps
  topic: ci
  name: Net promoter score
  abbreviations: [NPS]
  definition: A number that shows how many people would recommend a business.
  example: A gym asks its members and gets a score of 35.
  worked:
    formula: share of promoters less share of detractors
    given: {promoters: 110, detractors: 40, asked: 200}
    expression: (promoters - detractors) / asked * 100
    result: 35
    text: Take 40 from 110, share it by 200, and you have 35.
  sources: [gk]
  origin: added
""",
    "comparisons/pairs.yaml": """\
- id: cmp.pdca-nps
  terms: [term.pdca, term.nps]
  alike: Both help a team to get better.
  different: One is a loop, the other a number.
  use_first: Use it to plan a change.
  use_second: Use it to see what people think.
  origin: added
""",
    "questions/ci.yaml": """\
- id: q.ci.why-loop
  topic: ci
  kind: short_answer
  verb: explain
  depth: 2
  marks: 1
  stem: Why does the fourth step lead back to the first?
  terms: [term.pdca]
  seeds: [ci.concept.loop, ci.mistake.once]
  origin: source
  model_answer: Improving is ongoing, so each round starts the next one.
  hints: {nudge: "Does it ever end?", structure: Say what comes next and why.}
  scheme:
    misconceptions: [mc.ci.once]
    points:
      - id: ongoing
        label: It keeps going
        idea: You say that improving does not stop.
        seeds: [ci.concept.loop]
        any_of: [{phrase: "<ongoing>"}]
        accept: [it is ongoing, it never stops, you do it again and again]
        reject: [it is not ongoing, plan do check act, it stops after one go]
- id: q.ci.which-score
  topic: ci
  kind: multiple_choice
  verb: identify
  depth: 1
  marks: 1
  stem: Which score asks whether people would recommend you?
  terms: [term.nps]
  seeds: [ci.tip.model]
  origin: added
  model_answer: Net promoter score.
  hints: {nudge: Think of friends., structure: Pick one.}
  options:
    - {text: Net promoter score, why: It asks just that., right: true}
    - {text: Customer effort score, why: It asks how hard it was.}
    - {text: First contact resolution, why: It counts problems solved at once.}
    - {text: Average handling time, why: It counts minutes., misconception: mc.ci.once}
- id: q.ci.work-out
  topic: ci
  kind: calculation
  verb: calculate
  depth: 2
  marks: 2
  stem: Of 200 members, 110 are promoters and 40 are detractors. What is the score?
  terms: [term.nps]
  seeds: [ci.plan.week-one]
  origin: added
  model_answer: "35"
  hints: {nudge: Take one share from the other., structure: Show each step.}
  number:
    value: 35
    tolerance: 0.5
    traps: {"75": The two were added.}
""",
    "misconceptions/ci.yaml": """\
- id: mc.ci.once
  topic: ci
  name: Once is enough
  believed: One change fixes it for good.
  why_tempting: The first change often helps a lot.
  correction: Needs change, so the loop goes round again.
  any_of: [{phrase: one time}]
  accept: [you do it one time, one time is enough, only needed one time]
  reject: [you do it again, it never stops, round and round]
  retests: [q.ci.why-loop]
  terms: [term.pdca]
  seeds: [ci.mistake.once]
  origin: source
""",
    "tips/ci.yaml": """\
- id: tip.ci.name-it
  topic: ci
  title: Name your model
  text: Say which model you use and then use it.
  terms: [term.pdca]
  seeds: [ci.tip.model]
  origin: source
""",
    "plan.yaml": """\
plan:
  - day: 1
    step: ci.plan.week-one
    title: The loop
    aim: know the loop
    why: It is under everything else.
    activity: Draw it.
    journal: Where did you last see it?
    minutes: 10
    terms: [term.pdca]
    seeds: [ci.concept.loop, ci.tip.model]
  - day: 2
    step: ci.plan.week-one
    title: The score
    aim: work out the score
    why: It turns opinions into a number.
    activity: Work one out.
    journal: Who would you recommend?
    minutes: 10
    terms: [term.nps]
    seeds: [ci.mistake.once, ci.plan.week-one]
fast_track:
  - {day: 1, covers: [1, 2], title: Both at once, why: There is little time., minutes: 20}
""",
    "ambiguous.yaml": """\
score: [term.nps, term.pdca]
""",
    "subjects.yaml": """\
asking around: [term.nps, term.pdca]
""",
}


def lay_out(root: Path) -> Path:
    for name, text in SMALL.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """The small course as files that a test may change."""
    return lay_out(tmp_path / "small")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small course."""
    return load_course(lay_out(tmp_path_factory.mktemp("course")))
