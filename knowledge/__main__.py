"""The subject expert on the command line: ``python -m knowledge --help``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from knowledge.jsonlines import BadLine, answer_lines, write_line
from knowledge.loader import DEFAULT_COURSE, ContentError, load_course


class Unusable(Exception):
    """What was asked for cannot be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: all is well; 1: problems were found; 2: the request makes no sense; 130: interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    except (Unusable, BadLine) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes at exit
        return 0


def _lint(options: argparse.Namespace) -> int:
    from knowledge.lint.command import run_lint

    if options.sources and not options.sources.is_dir():
        raise Unusable(f"there is no folder {options.sources}")
    return run_lint(
        options.content, sources=options.sources, examples=options.examples, update_lock=options.update_lock
    )


def _lookup(options: argparse.Namespace) -> int:
    from knowledge.asking import TermsUnreadable, answer_lookup, index_of_course, index_of_file

    try:
        index = index_of_file(options.terms) if options.terms else index_of_course(options.content)
    except TermsUnreadable as error:
        raise Unusable(str(error)) from error
    return _answer(options.text, lambda line: answer_lookup(index, line, options.limit))


def _mark(options: argparse.Namespace) -> int:
    from knowledge.asking import Desk

    desk = Desk.of(load_course(options.content))
    if options.id is None:
        return _answer([], desk.answer)
    if not options.answer:
        raise Unusable("give the answer after the question's id, or nothing at all to read lines")
    write_line(sys.stdout.buffer, desk.mark({"id": options.id, "answer": " ".join(options.answer)}))
    return 0


def _answer(words: Sequence[str], answer: Callable[[str], dict[str, Any]]) -> int:
    if words:
        write_line(sys.stdout.buffer, answer(" ".join(words)))
    else:
        answer_lines(sys.stdin.buffer, sys.stdout.buffer, answer)
    return 0


def _export(options: argparse.Namespace) -> int:
    from knowledge.export import course_to_export

    exported = course_to_export(load_course(options.content))
    write_line(sys.stdout.buffer, exported)
    return 0


def _audit(options: argparse.Namespace) -> int:
    from knowledge.audit import agreement, audit_report, rulings

    try:
        lines = options.file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{options.file} cannot be read: {error}") from error
    found = list(rulings(load_course(options.content), lines))
    for row in audit_report(found):
        print(row)
    return 0 if agreement(found).good_enough else 1


def _import(options: argparse.Namespace) -> int:
    from knowledge.importing.command import run_import
    from knowledge.importing.drafts import DraftExists

    try:
        return run_import(options.pages, folder=options.out, dry_run=options.dry_run, as_json=options.json)
    except DraftExists as error:
        raise Unusable(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unusable(f"the drafts cannot be written: {error}") from error


def _figures(options: argparse.Namespace) -> int:
    from knowledge.figures import drawn, picture

    ids = options.ids or sorted(drawn())
    if unknown := [each for each in ids if each not in drawn()]:
        raise Unusable(f"nothing draws {', '.join(unknown)}")
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for each in ids:
            size = (options.out / f"{each}.png").write_bytes(picture(each))
            print(f"{options.out / each}.png  {size / 1024:.0f} KB")
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unusable(f"the figures cannot be written: {error}") from error
    return 0


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 1 up")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description="Check, search, mark and export a course.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        added.add_argument(
            "--content", type=Path, default=DEFAULT_COURSE, metavar="DIR", help="another course's folder"
        )
        added.set_defaults(run=run)
        return added

    lint = command("lint", _lint, "check the content of a course")
    lint.add_argument("--examples", action="store_true", help="also mark every example answer and model answer")
    lint.add_argument("--sources", type=Path, metavar="DIR", help="look for wording copied from the *.txt files in DIR")
    lint.add_argument("--update-lock", action="store_true", help="put new ids on record in ids.lock")

    lookup = command("lookup", _lookup, "find terms; without TEXT, one JSON line for each line of the input")
    lookup.add_argument("text", nargs="*", metavar="TEXT", help="what a learner would type")
    lookup.add_argument("--terms", type=Path, metavar="FILE.json", help="search these terms instead of a course's")
    lookup.add_argument("--limit", type=_at_least_one, default=5, metavar="N", help="at most N matches (5)")

    mark = command("mark", _mark, "mark an answer; without ID, one JSON line for each line of the input")
    mark.add_argument("id", nargs="?", metavar="ID", help="the question's id")
    mark.add_argument("answer", nargs="*", metavar="ANSWER", help="the answer")

    export = command("export", _export, "print a course as one JSON object")
    export.add_argument("--json", action="store_true", help="as one JSON object, which is the only form there is")

    audit = command("audit", _audit, "compare the marker with people who marked the same answers")
    audit.add_argument(
        "file", type=Path, metavar="FILE", help='JSON lines: {"id", "answer", "points": {id: true/false}}'
    )

    figures = commands.add_parser("figures", help="draw figures as PNG files", description="Draw figures as PNG files.")
    figures.add_argument("ids", nargs="*", metavar="ID", help="the figures to draw (all of them)")
    figures.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder for the files")
    figures.set_defaults(run=_figures)

    pages = commands.add_parser(
        "import", help="draft content from revision pages", description="Draft content from revision pages."
    )
    pages.add_argument("pages", nargs="+", type=Path, metavar="PAGE", help="a text file with one revision page")
    pages.add_argument("--out", type=Path, metavar="DIR", help="the draft's folder (drafts/TOPIC, one for each topic)")
    pages.add_argument("--dry-run", action="store_true", help="only say what would be taken; write nothing")
    pages.add_argument("--json", action="store_true", help="print items, prose and dropped lines as one JSON object")
    pages.set_defaults(run=_import)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
