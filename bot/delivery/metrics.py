"""The metrics page, in Prometheus's format: what this process counted and what the database says.

No label ever holds a name, an id or a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from bot.delivery.tally import REASONS, Durations, Tally, Turns
from bot.storage.gauges import Gauges

PREFIX = "revision_bot"


class _Families(Collector):
    def __init__(self, families: Sequence[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def page(
    gauges: Gauges,
    sending: Tally,
    turns: Turns,
    *,
    ticks: Mapping[str, float],
    second_readings: Mapping[str, int] = MappingProxyType({}),
    lookups: Mapping[str, int] = MappingProxyType({}),
) -> bytes:
    """Return the page.

    ``ticks`` maps each job to the seconds since it last ran, ``second_readings`` how the second reader answered to how
    often it did, ``lookups`` what a look-up ended in to how often.
    """
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(_Families([*_of_database(gauges), *_of_process(sending, turns), *_of_jobs(ticks)]))
    registry.register(_Families([*_of_readings(second_readings), *_of_lookups(lookups)]))
    return generate_latest(registry)


def _of_database(gauges: Gauges) -> Iterator[Metric]:
    yield _gauge("outbox_waiting", "Messages that wait, by lane (10000: at least so many)", "lane", gauges.waiting)
    yield _gauge("outbox_late_seconds", "For how long the oldest due message has been due", "lane", gauges.late)
    yield _gauge("outbox_leased", "Messages being sent", None, {"": gauges.leased})
    gone = GaugeMetricFamily(
        f"{PREFIX}_outbox_undelivered", "Messages of the last day that reached nobody", labels=("state", "reason")
    )
    for (state, reason), number in _by_known_reason(gauges.undelivered).items():
        gone.add_metric((state, reason), number)
    yield gone
    yield _gauge("inbox_waiting", "Updates not carried out yet", None, {"": gauges.inbox_waiting})
    yield _gauge("inbox_lag_seconds", "Age of the oldest of them", None, {"": gauges.inbox_lag})
    yield _gauge("inbox_given_up", "Updates of the last days that failed or died", "state", gauges.updates_given_up)
    yield _gauge("flood_wait_seconds", "For how long Telegram asked everybody to wait", None, {"": gauges.blocked_for})
    yield _gauge("rate_share", "Part of SEND_RATE in use after flood warnings", None, {"": gauges.rate_share})
    yield _gauge("workers", "Processes with a sign of life", None, {"": gauges.workers})
    yield _gauge("recent_answers", "The last answers: marked, or which gate turned them back", "gate", gauges.answers)


def _by_known_reason(found: Mapping[tuple[str, str], int]) -> Mapping[tuple[str, str], int]:
    """Gather reasons in Telegram's words, which may say anything, under one name."""
    known: dict[tuple[str, str], int] = {}
    for (state, reason), number in found.items():
        name = reason if reason in REASONS else "other"
        known[state, name] = known.get((state, name), 0) + number
    return known


def _of_process(sending: Tally, turns: Turns) -> Iterator[Metric]:
    attempts = CounterMetricFamily(
        f"{PREFIX}_attempts", "Requests that were to bring a message to somebody", labels=("lane", "result", "reason")
    )
    for labels, number in sending.attempts.items():
        attempts.add_metric(labels, number)
    yield attempts
    floods = sum(number for (_, _, reason), number in sending.attempts.items() if reason == "flood")
    yield CounterMetricFamily(f"{PREFIX}_flood_warnings", "Requests answered or held back by a 429", value=floods)
    yield _histogram("request_seconds", "From a request to its answer", sending.requests)
    yield _histogram("mark_seconds", "From an answer until it was recorded", sending.marks)
    ended = CounterMetricFamily(f"{PREFIX}_turns", "Updates carried out, by how it ended", labels=("result",))
    for result, number in turns.ended.items():
        ended.add_metric((result,), number)
    yield ended
    yield _histogram("turn_seconds", "From reading an update until its effects were recorded", turns.seconds)


def _of_jobs(ticks: Mapping[str, float]) -> Iterator[Metric]:
    yield _gauge("tick_gap_seconds", "Seconds since a job last began", "job", ticks)


def _of_readings(replies: Mapping[str, int]) -> Iterator[Metric]:
    family = CounterMetricFamily(
        f"{PREFIX}_second_readings", "Answers shown to the second reader, by what came of it", labels=("result",)
    )
    for result, number in replies.items():
        family.add_metric((result,), number)
    yield family


def _of_lookups(ends: Mapping[str, int]) -> Iterator[Metric]:
    family = CounterMetricFamily(f"{PREFIX}_lookups", "Look-ups, by what they ended in", labels=("result",))
    for result, number in ends.items():
        family.add_metric((result,), number)
    yield family


def _gauge(name: str, what: str, label: str | None, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", what, labels=() if label is None else (label,))
    for key, value in values.items():
        family.add_metric(() if label is None else (key,), value)
    return family


def _histogram(name: str, what: str, durations: Durations) -> HistogramMetricFamily:
    below, buckets = 0, []
    for limit, number in zip((*durations.limits, float("inf")), durations.counts, strict=True):
        below += number
        buckets.append(("+Inf" if limit == float("inf") else str(limit), float(below)))
    return HistogramMetricFamily(f"{PREFIX}_{name}", what, buckets=buckets, sum_value=durations.total)
