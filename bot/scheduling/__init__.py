"""When things happen that nobody asked for: a handful of jobs written in code, and a watchdog."""

from bot.scheduling.timetable import Job, Timetable

__all__ = ["Job", "Timetable"]
