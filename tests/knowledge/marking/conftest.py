"""Questions of every kind with their examples, marked with the course's real lexicon."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from knowledge.loader import DEFAULT_COURSE
from knowledge.marking import Marker
from knowledge.schema import Course, LexiconClass, Misconception, Question

CYCLE = """
id: q.ci.not-once
topic: ci
kind: short_answer
verb: explain
depth: 2
marks: 3
stem: Explain what makes continuous improvement different from fixing a problem once.
model_answer: >-
  Continuous improvement never stops: after each change the team checks whether it worked and plans the next one, so it
  is not a one-off. The people who serve customers are asked for ideas, because they see the problems every day.
hints: {nudge: A nudge., structure: A structure.}
origin: added
scheme:
  misconceptions: [mc.ci.complaints-bad]
  points:
    - id: ongoing
      idea: It goes on without an end instead of stopping after one change.
      label: It keeps going
      any_of:
        - phrase: "<ongoing>"
        - phrase: "<cycle>"
        - negated: "<one-off>"
      contradicted_by:
        - {phrase: "is <one-off>", gap: 3}
        - phrase: "<one-off> project"
      accept: [It never stops., "its not a one-off, u keep going", It keeps going round and round.]
      reject: [It is not ongoing., "cycle, ongoing, feedback, plan", You fix it and are finished.]
    - id: check
      idea: After a change somebody checks whether it worked.
      label: Results are checked
      any_of:
        - all_of: ["<check>", "<result>"]
        - phrase: "<know-if-worked>"
      accept:
        - They check the results.
        - You find out if it worked.
        - after that they mesure the outcome
      reject: [They never check the results., "check, result, plan, cycle", They check the till at night.]
    - id: involve
      idea: The staff who do the work are asked and take part.
      label: Staff take part
      any_of:
        - all_of: ["<involve>", "<staff>"]
      accept:
        - You ask the staff for their ideas.
        - If you don't involve staff, they resist it.
        - Everyone in the team can join in.
      reject: [Managers ignore what staff say., "staff, ideas, team, involve", The manager decides alone.]
"""

QUANTITY = """
id: q.mq.numbers
topic: mq
kind: short_answer
verb: describe
depth: 1
marks: 1
stem: What kind of data are satisfaction scores?
model_answer: They are quantitative data because they are figures.
hints: {nudge: A nudge., structure: A structure.}
origin: added
scheme:
  points:
    - id: quantitative
      idea: Scores are quantitative.
      label: Quantitative
      any_of: [{phrase: quantitative}]
      accept: [They are quantitative., quantitive data it is, It is quantitatve data.]
      reject: [They are qualitative., They are qualitatve., It is not quantitative.]
"""

METHODS = """
id: q.mi.methods
topic: mi
kind: short_answer
verb: identify
depth: 1
marks: 2
stem: Name two ways to monitor how staff talk to customers.
model_answer: Mystery shopping and call recording.
hints: {nudge: A nudge., structure: A structure.}
origin: added
scheme:
  points:
    - id: mystery
      idea: Mystery shopping is one way.
      label: Mystery shopping
      kind: list
      any_of: [{phrase: "<mystery-shopper>"}]
      accept: [mystery shopping, mistery shopper, "mystery shopping, surveys, call recording"]
      reject: [surveys, not mystery shopping, asking the manager]
    - id: calls
      idea: Listening to recorded calls is one way.
      label: Call recording
      kind: list
      any_of: [{phrase: "<call-recording>"}]
      accept: [call recording, listening back to calls, "surveys, recorded calls, mystery shops"]
      reject: [surveys, not recording calls, ask customers]
"""

EVALUATE = """
id: q.mi.evaluate-visits
topic: mi
kind: evaluation
verb: evaluate
depth: 3
marks: 3
stem: A coffee chain wants to rely on mystery visits alone. Evaluate this plan and give an example.
model_answer: >-
  A secret visitor sees the real service because staff do not know who it is, for example how a barista greets people.
  However, a few visits are too small a sample to judge a branch. Overall it is useful only together with surveys.
hints: {nudge: A nudge., structure: A structure.}
origin: added
scheme:
  points:
    - id: real
      idea: Visits show the service as it really is.
      label: Shows real service
      slot: for
      any_of: [{phrase: "real service"}, {phrase: "staff not know"}]
      accept: [It shows the real service., You see the real service., because the staff do not know who it is]
      reject: [It does not show real service., "real, service, visit, staff", It is cheap.]
    - id: few
      idea: A few visits are not enough to judge.
      label: Small sample
      slot: against
      any_of: [{phrase: "<not-enough>"}, {phrase: "small sample"}]
      accept: [A small sample., One visit is not enough., there are too few visits]
      reject: [The sample is large., "sample, visits, branch, few", It costs money.]
    - id: judgement
      idea: A judgement, for example that it needs a second method.
      label: Judgement
      slot: judgement
      any_of: [{all_of: ["<overall>", "<both>"]}]
      accept:
        - Overall use it together with surveys.
        - I think a mix with surveys is best.
        - In conclusion you need more than one.
      reject: [Surveys exist., "overall, together, survey, mix", It is a plan.]
"""

NPS = """
id: q.mq.nps
topic: mq
kind: calculation
verb: calculate
depth: 2
marks: 2
stem: Of 200 members, 110 are promoters and 40 are detractors. Work out the net promoter score.
model_answer: "(110 - 40) / 200 x 100 = 35"
hints: {nudge: A nudge., structure: A structure.}
origin: added
number:
  value: 35
  tolerance: 0.5
  working: ["(110 - 40) / 200 x 100"]
  traps: {"75": You added the detractors instead of taking them away., "70": You left out the last step.}
"""

WAIT = """
id: q.mq.wait-share
topic: mq
kind: calculation
verb: calculate
depth: 1
marks: 1
stem: 60 of 80 calls were answered in time. What share is that?
model_answer: 75%
hints: {nudge: A nudge., structure: A structure.}
origin: added
number: {value: 75, tolerance: 0.5, unit: "%", unit_required: true}
"""

REFUND = """
id: q.fb.refund
topic: fb
kind: calculation
verb: calculate
depth: 1
marks: 1
stem: What did the refunds come to?
model_answer: £1,200.50
hints: {nudge: A nudge., structure: A structure.}
origin: added
number: {value: 1200.5, tolerance: 0.01, unit: "£"}
"""

CHOICE = """
id: q.ci.choice
topic: ci
kind: multiple_choice
verb: choose
depth: 1
marks: 1
stem: Which step of the cycle compares results with the target?
model_answer: Check
hints: {nudge: A nudge., structure: A structure.}
origin: added
options:
  - {text: Plan, why: It comes first.}
  - {text: Do the work, why: It is the try-out., misconception: mc.ci.complaints-bad}
  - {text: Check the results, why: It compares., right: true}
  - {text: Act on them, why: It comes after.}
"""

ORDER = """
id: q.ci.order
topic: ci
kind: order
verb: order
depth: 1
marks: 2
stem: Put the steps in order.
model_answer: Plan, do, check, act.
hints: {nudge: A nudge., structure: A structure.}
origin: added
order: [Plan the change, Do a small trial, Check the results, Act on them]
"""

MATCH = """
id: q.mq.match
topic: mq
kind: match
verb: match
depth: 1
marks: 3
stem: Match the score to what it asks.
model_answer: NPS recommends, CSAT satisfied, CES easy.
hints: {nudge: A nudge., structure: A structure.}
origin: added
pairs:
  - {left: NPS, right: "Would you recommend us?"}
  - {left: CSAT, right: "How satisfied are you?"}
  - {left: CES, right: "How easy was it?"}
"""

COMPLAINTS_BAD = """
id: mc.ci.complaints-bad
topic: ci
name: Complaints are only bad
believed: A complaint is always a bad thing.
why_tempting: Nobody likes to hear one.
correction: A complaint shows what to fix.
any_of:
  - {phrase: "<complaint> =are always bad", gap: 1}
  - {phrase: "<complaint> =are just bad", gap: 0}
accept: [Complaints are always bad., i think complaints are always really bad, complaints are just bad]
reject: [Complaints are not always bad., Some people think complaints are always bad., Complaints help you improve.]
seeds: [ci.mistake.complaints-negative]
origin: added
"""

QUESTIONS = (CYCLE, QUANTITY, METHODS, EVALUATE, NPS, WAIT, REFUND, CHOICE, ORDER, MATCH)


def read_yaml(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.fixture(scope="session")
def course() -> Course:
    lexicon = read_yaml((DEFAULT_COURSE / "lexicon.yaml").read_text(encoding="utf-8"))
    return Course(
        id="bank",
        name="Bank",
        topics=(),
        terms=(),
        lexicon=tuple(LexiconClass.model_validate(each) for each in lexicon),
        questions=tuple(Question.model_validate(read_yaml(each)) for each in QUESTIONS),
        misconceptions=(Misconception.model_validate(read_yaml(COMPLAINTS_BAD)),),
    )


@pytest.fixture(scope="session")
def marker(course: Course) -> Marker:
    return Marker.of(course)


@pytest.fixture(scope="session")
def questions(course: Course) -> dict[str, Question]:
    return {question.id: question for question in course.questions}


@pytest.fixture(scope="session")
def cycle(questions: dict[str, Question]) -> Question:
    """An open question with three points: ongoing, check, involve."""
    return questions["q.ci.not-once"]
