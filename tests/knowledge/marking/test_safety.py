"""Words of harm."""

from __future__ import annotations

import pytest

from knowledge.marking import SafetyNet, concerns
from knowledge.schema import Phrase, Safeguarding

SAFEGUARDING = Safeguarding(
    harm=(
        Phrase(phrase="kill =me"),
        Phrase(phrase="killing =me"),
        Phrase(phrase="want die"),
        Phrase(phrase="hurt myself"),
        Phrase(negated="want live"),
    ),
    unless=(Phrase(phrase="queue =is killing =me"),),
    accept=("I want to die", "i wanna die", "I will hurt myself"),
    reject=("The queue is killing me", "I want to live", "No."),
    reply="Please talk to somebody.",
    helplines=("One",),
)


@pytest.fixture(scope="module")
def net() -> SafetyNet:
    return SafetyNet.of(SAFEGUARDING, ())


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "i wanna die",
        "i dont want to live",
        "he hurts, I hurt myself",
        "The queue is killing me. I want to die.",
    ],
)
def test_words_of_harm_are_heard(net: SafetyNet, text: str) -> None:
    assert net.concerns(text)


@pytest.mark.parametrize("text", ["The queue is killing me", "I want to live", "Customers want a refund", "", "????"])
def test_figures_of_speech_and_other_words_are_let_be(net: SafetyNet, text: str) -> None:
    assert not net.concerns(text)


def test_a_denial_of_harm_still_counts_because_a_reply_too_many_does_no_harm(net: SafetyNet) -> None:
    assert net.concerns("I do not want to die but")
    assert concerns(SAFEGUARDING, (), "I want to die")
