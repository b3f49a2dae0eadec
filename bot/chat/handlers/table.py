"""All routes in the order in which they are tried."""

from __future__ import annotations

from bot.chat.handlers import (
    classes,
    joining,
    keeping,
    looking_up,
    meeting,
    membership,
    planning,
    practising,
    reading,
    reporting,
    roles,
    settling,
    tips,
)
from bot.chat.routing import Route

ROUTES: tuple[Route, ...] = (
    *meeting.ROUTES,
    *looking_up.ROUTES,
    *practising.ROUTES,
    *planning.ROUTES,
    *settling.ROUTES,
    *keeping.ROUTES,
    *classes.ROUTES,
    *joining.ROUTES,
    *tips.ROUTES,
    *roles.ROUTES,
    *reporting.ROUTES,
    *membership.ROUTES,
    *meeting.GROUP_ROUTES,
    *reading.ROUTES,
)
