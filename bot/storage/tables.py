"""Every table. Moments are UTC milliseconds in a BIGINT, dates are ISO text, JSON is text: the same on both engines.

An index with ``where`` in its ``info`` covers only those rows. The migrations say so in both dialects' own terms;
naming a dialect here would load both at every start, a tenth of the time that the imports take.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself, and finds one by its key without an index, only in a column declared INTEGER."""


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as milliseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> int | None:
        return None if value is None else round(value.timestamp() * 1000)

    def process_result_value(self, value: int | None, dialect: object) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value / 1000, UTC)


class Day(TypeDecorator[date]):
    """A local calendar date, kept as ISO text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: object) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: object) -> date | None:
        return None if value is None else date.fromisoformat(value)


_as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Json(TypeDecorator[Any]):
    """A JSON value, kept as compact text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: object) -> str | None:
        return None if value is None else _as_text(value)

    def process_result_value(self, value: str | None, dialect: object) -> Any:
        return None if value is None else json.loads(value)


# ------------------------------------------------------------------------------------------------- in and out

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger),
    Column("body", Text),
    Column("state", SmallInteger, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("not_before", Moment),
    Column("lease_until", Moment),
    Column("worker", Text),
    Column("received_at", Moment, nullable=False),
    Column("reason", Text),
    UniqueConstraint("update_id"),
)
Index("ix_inbox_open", inbox.c.chat_id, inbox.c.id, info={"where": "state < 2"})
Index("ix_inbox_given_up", inbox.c.state, info={"where": "state > 2"})

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("lane", SmallInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", Text, nullable=False),
    Column("payload", Json),
    Column("slot", Text),
    Column("edits", Boolean, nullable=False),
    Column("on_sent", Text),
    Column("dedupe_key", Text),
    Column("broadcast_id", BigInteger),
    Column("state", SmallInteger, nullable=False),
    Column("reason", Text),
    Column("attempts", SmallInteger, nullable=False),
    Column("ambiguous", SmallInteger, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("lease_until", Moment),
    Column("worker", Text),
    Column("message_id", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
    info={"numbers_once": True},
)
Index("uq_outbox_dedupe_key", outbox.c.dedupe_key, unique=True, info={"where": "dedupe_key IS NOT NULL"})
Index("uq_outbox_chat", outbox.c.chat_id, outbox.c.broadcast_id, unique=True)
Index(
    "ix_outbox_pending",
    outbox.c.lane,
    outbox.c.broadcast_id,
    outbox.c.not_before,
    outbox.c.id,
    info={"where": "state = 0"},
)
Index("ix_outbox_leased", outbox.c.lease_until, info={"where": "state = 1"})
Index("ix_outbox_ended", outbox.c.ended_at, info={"where": "state > 1"})
Index("ix_outbox_undelivered", outbox.c.state, outbox.c.reason, info={"where": "state > 2 AND state <> 6"})

slot = Table(
    "slot",
    metadata,
    Column("chat_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    PrimaryKeyConstraint("chat_id", "name"),
)

bucket = Table(
    "bucket",
    metadata,
    Column("name", Text, primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("refilled_at", Moment, nullable=False),
    Column("blocked_until", Moment),
    Column("share", Float, nullable=False),
    Column("last_broadcast", BigInteger, nullable=False),
)

upload = Table(
    "upload",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("file_id", Text, nullable=False),
    Column("kept_at", Moment, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("worker", Text, primary_key=True),
    Column("at", Moment, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json),
)

# ------------------------------------------------------------------------------------------------- learners

learner = Table(
    "learner",
    metadata,
    Column("chat_id", BigId, primary_key=True, autoincrement=False),
    Column("status", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("prompt_at", SmallInteger),
    Column("quiet_from", SmallInteger, nullable=False),
    Column("quiet_until", SmallInteger, nullable=False),
    Column("days_off", SmallInteger, nullable=False),
    Column("assessment_on", Day),
    Column("track", Text, nullable=False),
    Column("plan_start", Day),
    Column("plan_run", SmallInteger, nullable=False),
    Column("last_plan_day", SmallInteger, nullable=False),
    Column("paused_on", Day),
    Column("paused_days", SmallInteger, nullable=False),
    Column("last_prompt_on", Day),
    Column("next_due", Moment),
    Column("seen_on", Day),
    Column("created_at", Moment, nullable=False),
    Column("second_reader", Boolean),
    Column("second_reader_at", Text),
)
Index(
    "ix_learner_due",
    learner.c.next_due,
    info={"where": "next_due IS NOT NULL"},
)

conversation = Table(
    "conversation",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("step", Text),
    Column("step_data", Json),
    Column("open_attempt", BigInteger),
    Column("reading", Json),
    Column("version", Integer, nullable=False),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("plan_day", SmallInteger),
    Column("state", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("hints", SmallInteger, nullable=False),
    Column("answer", Text),
    Column("result", Json),
    Column("awarded", SmallInteger),
    Column("available", SmallInteger),
    Column("created_at", Moment, nullable=False),
    Column("opened_at", Moment),
    Column("answered_at", Moment),
)
Index("ix_attempt_chat", attempt.c.chat_id, attempt.c.id)
Index("ix_attempt_question", attempt.c.question_id, attempt.c.id)

review = Table(
    "review",
    metadata,
    Column("chat_id", BigInteger, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("box", SmallInteger, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("awarded", SmallInteger, nullable=False),
    Column("available", SmallInteger, nullable=False),
    PrimaryKeyConstraint("chat_id", "question_id"),
)

tapped = Table(
    "tapped",
    metadata,
    Column("attempt_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("picked", Json, nullable=False),
)
Index("ix_tapped_chat", tapped.c.chat_id)

marking = Table(
    "marking",
    metadata,
    Column("attempt_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("parts", Json, nullable=False),
    Column("granted", Json, nullable=False),
    Column("standing_before", Json),
    Column("set_at", Moment),
    Column("second", Json),
)
Index("ix_marking_chat", marking.c.chat_id)

second_reading = Table(
    "second_reading",
    metadata,
    Column("attempt_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("lease_until", Moment),
)
Index("ix_second_reading_chat", second_reading.c.chat_id)

mark_change = Table(
    "mark_change",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("attempt_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("tutor_id", BigInteger),
    Column("why", Text, nullable=False),
    Column("from_mark", SmallInteger, nullable=False),
    Column("to_mark", SmallInteger, nullable=False),
    Column("changed_at", Moment, nullable=False),
)
Index("ix_mark_change_attempt", mark_change.c.attempt_id)
Index("ix_mark_change_chat", mark_change.c.chat_id)

dispute = Table(
    "dispute",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("attempt_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("question_id", Text, nullable=False),
    Column("point_id", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("quote", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposal", Json),
    Column("line", Text),
    Column("ruled_by", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("ruled_at", Moment),
    UniqueConstraint("attempt_id", "point_id"),
)
Index("ix_dispute_chat", dispute.c.chat_id)
Index("ix_dispute_point", dispute.c.question_id, dispute.c.point_id)
Index(
    "ix_dispute_waiting",
    dispute.c.id,
    info={"where": "state = 'waiting'"},
)

remarking = Table(
    "remarking",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("question_id", Text, nullable=False),
    Column("tutor_id", BigInteger),
    Column("position", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
)

play = Table(
    "play",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("roleplay_id", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("choices", Json, nullable=False),
    Column("letters", Json),
    Column("mood", SmallInteger),
    Column("ending", Text),
    Column("started_at", Moment, nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
Index("ix_play_chat", play.c.chat_id)
Index(
    "ix_play_open",
    play.c.chat_id,
    unique=True,
    info={"where": "state = 'open'"},
)

looked_up = Table(
    "looked_up",
    metadata,
    Column("chat_id", BigInteger, nullable=False),
    Column("term_id", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    PrimaryKeyConstraint("chat_id", "term_id"),
)

missed = Table(
    "missed",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", Text, nullable=False),
    Column("text", Text),
    Column("terms", Json),
    Column("times", Integer, nullable=False),
    Column("mark", Text),
    Column("last_at", Moment, nullable=False),
    Column("settled_as", Text),
    Column("entry_id", BigInteger),
    UniqueConstraint("key"),
)
Index("ix_missed_last", missed.c.last_at)

# ------------------------------------------------------------------------------------------------- classes

tutor = Table(
    "tutor",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("admin", Boolean, nullable=False),
    Column("added_at", Moment, nullable=False),
)

claim = Table(
    "claim",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

cohort = Table(
    "cohort",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("tutor_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
)
Index("ix_cohort_tutor", cohort.c.tutor_id)

join_code = Table(
    "join_code",
    metadata,
    Column("code", Text, primary_key=True),
    Column("cohort_id", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
Index("ix_join_code_cohort", join_code.c.cohort_id)

enrolment = Table(
    "enrolment",
    metadata,
    Column("cohort_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("joined_at", Moment, nullable=False),
    PrimaryKeyConstraint("cohort_id", "chat_id"),
)
Index("ix_enrolment_chat", enrolment.c.chat_id)

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("tutor_id", BigInteger, nullable=False),
    Column("cohorts", Json, nullable=False),
    Column("body", Text),
    Column("status", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("total", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("blocked", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("cancelled", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("ended_at", Moment),
    Column("shown_at", Moment),
)
Index(
    "ix_broadcast_live",
    broadcast.c.status,
    info={"where": "ended_at IS NULL"},
)

report = Table(
    "report",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigInteger),
    Column("item", Text, nullable=False),
    Column("note", Text),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
)

page_import = Table(
    "page_import",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("author", BigInteger),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", Json),
    Column("entries", Json, nullable=False),
    Column("everyone", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("added_at", Moment),
    Column("undone_at", Moment),
)
Index("ix_page_import_author", page_import.c.author)

overlay_entry = Table(
    "overlay_entry",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("entry", Json, nullable=False),
    Column("author", BigInteger),
    Column("cohort_id", BigInteger),
    Column("created_at", Moment, nullable=False),
    Column("undone_at", Moment),
)
