"""A case: the firm, what happened there, and its figures, so that they can be read on a phone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.callbacks import encode
from bot.chat.messages import TEXT_LIMIT, Button, Rows, bold, esc, say
from bot.chat.words import number
from bot.domain.delivery import Outgoing
from knowledge.schema import Case, Table

WIDTH = 34
"""Characters of fixed width that fit in one line of a phone."""
GAP = "  "


def button(attempt_id: int) -> Button:
    """Return the button that shows the case of a question that was put."""
    return Button("The case", encode("case", attempt_id))


def shown(chat_id: int, case: Case, *, back_to: int | None) -> Sequence[Outgoing]:
    """Show a case, in as many messages as it needs. ``back_to`` is its question, while that has no answer."""
    head = f"{bold(case.title)}\n<i>{esc(case.firm)} · {esc(case.sector)}</i>\n\n{esc(case.brief)}"
    pages = [head]
    for each in map(table, case.tables):
        if len(pages[-1]) + len(each) + 2 < TEXT_LIMIT:
            pages[-1] += f"\n\n{each}"
        else:
            pages.append(each)
    rows: Rows = () if back_to is None else ((Button("Back to my question", encode("open", back_to)),),)
    return [say(chat_id, page, rows if page is pages[-1] else ()) for page in pages]


def table(value: Table) -> str:
    """Return a table in fixed width where a row fits on a phone, otherwise row by row in words."""
    cells = [*zip(*map(_written, zip(*value.rows, strict=True)), strict=True)]
    widths = [max(map(len, column)) for column in zip(value.columns, *cells, strict=True)]
    if sum(widths) + len(GAP) * (len(widths) - 1) > WIDTH:
        named = [_named(value.columns[0], row[0]) for row in value.rows]
        words = (_in_words(value.columns, name, row) for name, row in zip(named, cells, strict=True))
        return "\n".join((bold(value.title), *words))
    numeric = [all(isinstance(cell, int | float) for cell in column) for column in zip(*value.rows, strict=True)]
    lines = (_aligned(row, widths, numeric) for row in (value.columns, *cells))
    return f"{bold(value.title)}\n<pre>{esc(chr(10).join(lines))}</pre>"


def _written(column: Sequence[int | float | str]) -> Sequence[str]:
    """Return the cells of a column, its numbers with as many decimals as the longest of them."""
    places = max((len(number(cell).partition(".")[2]) for cell in column if not isinstance(cell, str)), default=0)
    return [cell if isinstance(cell, str) else f"{cell:,.{places}f}" for cell in column]


def _named(column: str, cell: int | float | str) -> str:
    """Return what a row is about: a bare number says nothing without the name of its column."""
    return cell if isinstance(cell, str) else f"{column} {number(cell)}"


def _aligned(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    cells = zip(row, widths, numeric, strict=True)
    return GAP.join(cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells).rstrip()


def _in_words(columns: Sequence[str], name: str, row: Sequence[str]) -> str:
    if len(row) == 1:
        return f"· {esc(name)}"
    if len(row) == 2:
        return f"· <b>{esc(name)}</b>: {esc(row[1])}"
    rest = "\n".join(f"  {esc(column)}: {esc(cell)}" for column, cell in zip(columns[1:], row[1:], strict=True))
    return f"· <b>{esc(name)}</b>\n{rest}"
