"""Look-up: from what a learner types to the terms that are meant, each with a calibrated score."""

from knowledge.lookup.index import Index
from knowledge.lookup.match import CONFIDENT, UNSURE, Entry, Match, PairFound, Reason, entries_of

__all__ = ["CONFIDENT", "UNSURE", "Entry", "Index", "Match", "PairFound", "Reason", "entries_of"]
