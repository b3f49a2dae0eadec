"""All routes in the order in which they are tried."""

from __future__ import annotations

from bot.chat.handlers import (
    classes,
    disputing,
    figures,
    groups,
    importing,
    joining,
    keeping,
    looking_up,
    meeting,
    membership,
    missing,
    overriding,
    planning,
    playing,
    practising,
    reading,
    reporting,
    roles,
    second_reading,
    settling,
    tips,
)
from bot.chat.routing import Route

_COMMANDS: tuple[Route, ...] = (
    *meeting.ROUTES,
    *looking_up.ROUTES,
    *practising.ROUTES,
    *figures.ROUTES,
    *planning.ROUTES,
    *playing.ROUTES,
    *second_reading.ROUTES,
    *settling.ROUTES,
    *keeping.ROUTES,
    *classes.ROUTES,
    *joining.ROUTES,
    *tips.ROUTES,
    *roles.ROUTES,
    *reporting.ROUTES,
    *disputing.ROUTES,
    *overriding.ROUTES,
    *missing.ROUTES,
    *importing.ROUTES,
    *membership.ROUTES,
    *meeting.GROUP_ROUTES,
)
ROUTES: tuple[Route, ...] = (*_COMMANDS, *groups.personal(_COMMANDS), *reading.ROUTES)
