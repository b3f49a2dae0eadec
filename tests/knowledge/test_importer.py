"""Drafting a course from revision pages."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.__main__ import main
from knowledge.importer import LARGEST, MOST_LINES, Imported, Item, Page, PagesRefused, read_pages
from knowledge.importing.drafts import write_drafts
from knowledge.importing.entries import NO_EXAMPLE, PageDrafts, hard_to_read, likely_topic, page_drafts, still_new
from knowledge.loader import DEFAULT_COURSE, load
from knowledge.overlay import NewTerm, apply, check
from knowledge.schema import Course

SYNOPSIS = (
    "Parcels go astray, and people want to know where theirs is. Here you find out how a depot keeps senders up to "
    "date, what it owes them when a van breaks down, and whom to ask for a refund."
)
COMPACT = f"""{SYNOPSIS[:120]}
Topic Synopsis
{SYNOPSIS}
Key Concepts & Core Principles
- Proof of Delivery: A picture or a name that shows who took the parcel in.
- **Safe Place:** Somewhere dry that the householder has chosen.
- **Missed Slot**: A van that turns up outside the promised hour.
Exam Tips & Revision Strategies
- Follow one parcel from door to door: who touched it, and when.
- Draw the depot before you write about it.
Examiner Marking Points
- Names three stages of a parcel's trip: sorting, loading, handing over.
Common Misconceptions & Mistakes to Avoid
- Thinking that a tracking number moves the van."""

FULL = f"""Late Parcels ExplainedNorthern Board Logistics Home

    {SYNOPSIS[:120]}

    Topic Synopsis

    {SYNOPSIS}

    Examiner Marking Points

    Exam Tips & Revision Strategies

    Late Parcels Explained

    NORTHERN BOARD
    practical

    A second paragraph tells the visitor in other words what the page is for, and promises a short read.

    2
    Key Skills
    3
    Assessment Criteria
    1
    Key Terms

    Assessment criteria

    Northern Board Level 2 Award in Parcel Handling
    Northern Board Level 3 Certificate in Parcel Handling

    Topic Overview

    Depots are busy before dawn, when lorries bring in what was posted the day before.

    Anyone who has waited in for a whole day knows why this matters.

    Key Concepts

    The ideas that hold it all up

    • Proof of Delivery: A picture or a name that shows who took the parcel in.

    Assessment Criteria

    What an assessor hopes to read

    • Names three stages of a parcel's trip: sorting, loading, handing over.
    • Says who pays for a second visit.

    Assessment Guidance

    Advice for people who aim high

    • 📌Draw the depot before you write about it.
    • 📌Say It Simply: Write *who* did what, and leave out 2 * 3 sums.

    Common Mistakes

    Things that go wrong again and again

    • Drivers decide everything: In truth the depot plans each round the night before.

    Revision Plan

    How to get through it in 1–2 weeks

    1. 1Week 1: Words & Places: Learn what each corner of the depot is called.
    2. 2Week 2: Putting It Together: Write about one lost parcel a day.
    3. 3Ongoing: Look Around: Watch the vans in your own street.

    Exam Question Types

    What may come up on the day

    • 📋Short Answers: One idea for one mark. Advice: Stop when it is said.

    Frequently Asked Questions

    What others wanted to know

    Before You Start

    Useful to have met already

    • How an address is written.

    Key Terminology

    Words worth knowing by heart

    • Return to sender (RTS)
    • Sorting hall

    Ready to begin?

    More pages wait for you"""


def read(*texts: str) -> Imported:
    return read_pages([Page(f"page{place}", text) for place, text in enumerate(texts)])


def kinds(imported: Imported) -> Counter[str]:
    return Counter(item.kind for item in imported.items)


def texts(imported: Imported) -> list[str]:
    return [item.text for item in imported.items]


def why(imported: Imported, text: str) -> list[str]:
    return [drop.why for drop in imported.dropped if drop.text == text]


def test_a_compact_page_gives_each_bullet_as_an_item_of_its_section() -> None:
    found = read(COMPACT)
    assert kinds(found) == {"concept": 3, "tip": 2, "mark": 1, "mistake": 1}
    assert [(prose.kind, prose.text) for prose in found.prose] == [("synopsis", SYNOPSIS)]
    assert found.dropped[0].ref == "page0:1"
    assert "cut off" in found.dropped[0].why


def test_a_whole_page_gives_its_lists_without_its_furniture() -> None:
    found = read(FULL)
    assert kinds(found) == {
        "concept": 1, "mark": 2, "tip": 2, "mistake": 1, "plan": 3, "qtype": 1, "prior": 1, "term": 2
    }  # fmt: skip
    assert Counter(prose.kind for prose in found.prose) == {
        "synopsis": 1, "description": 1, "overview": 2, "qualification": 2
    }  # fmt: skip
    assert found.topics[0].name == "Late Parcels Explained"
    assert found.topics[0].id == "late-parcels-explained"


def test_heads_are_told_from_sentences_with_a_colon() -> None:
    found = read(COMPACT)
    assert [item.head for item in found.items if item.head] == ["Proof of Delivery", "Safe Place", "Missed Slot"]
    assert "Follow one parcel from door to door: who touched it, and when." in texts(found)
    assert "Somewhere dry that the householder has chosen." in texts(found)


def test_in_a_list_of_terms_any_colon_or_dash_parts_a_name_from_its_meaning() -> None:
    found = read("Key Terms\n- Depot: where vans sleep\n- Round – the way of one van\n- Plan - Do\n- Door-to-door van")
    assert [(item.head, item.text) for item in found.items] == [
        ("Depot", "where vans sleep"), ("Round", "the way of one van"), (None, "Plan - Do"), (None, "Door-to-door van")
    ]  # fmt: skip
    assert read("Revision Tips\n- Show what you did: how, when").items[0].head is None


def test_a_plan_keeps_its_period_in_the_head_and_loses_its_second_number() -> None:
    plan = [item for item in read(FULL).items if item.kind == "plan"]
    assert [item.head for item in plan] == [
        "Week 1: Words & Places",
        "Week 2: Putting It Together",
        "Ongoing: Look Around",
    ]
    assert plan[0].text == "Learn what each corner of the depot is called."


def test_a_number_that_belongs_to_the_text_stays() -> None:
    found = read("Study Plan\n1. 1 hour with the map\n2. 2nd try without it\n3. 30 minutes of rest")
    assert texts(found) == ["1 hour with the map", "2nd try without it", "30 minutes of rest"]


def test_signs_and_stars_go_but_sums_stay() -> None:
    tips = [item for item in read(FULL).items if item.kind == "tip"]
    assert tips[0].text == "Draw the depot before you write about it."
    assert tips[1] == Item(
        "late-parcels-explained", "tip", "Say It Simply", "Write who did what, and leave out 2 * 3 sums.", tips[1].refs
    )


def test_advice_inside_a_question_type_is_part_of_its_text() -> None:
    kind = next(item for item in read(FULL).items if item.kind == "qtype")
    assert (kind.head, kind.text) == ("Short Answers", "One idea for one mark. Advice: Stop when it is said.")


def test_counters_that_look_like_headings_are_dropped() -> None:
    found = read(FULL)
    assert why(found, "Key Terms") == why(found, "Key Skills") == ["a counter's label"]
    assert why(found, "Assessment Criteria") == ["a counter's label", "the heading over what was read as mark"]
    assert why(found, "Assessment criteria") == ["the heading over the names of qualifications"]


def test_a_heading_under_a_stray_number_is_a_heading_when_its_list_follows() -> None:
    assert kinds(read("7\nKey Terms\n- Depot\n- Round")) == {"term": 2}


def test_a_line_over_a_list_is_no_title() -> None:
    found = read("Depots\n- Leeds\nKey Terms\n- Round")
    assert found.topics[0].name == "page0"
    assert why(found, "Depots") == ["a heading that is not known"]


def test_a_counter_on_one_line_is_dropped() -> None:
    assert why(read("12 Key Terms\nKey Concepts\n- Depot"), "12 Key Terms") == ["a counter's label"]


def test_captions_and_empty_headings_are_dropped_with_their_reason() -> None:
    found = read(FULL)
    assert why(found, "The ideas that hold it all up") == ["a caption under its heading"]
    assert why(found, "Examiner Marking Points") == ["a heading with nothing under it"]
    assert why(found, "Frequently Asked Questions") == ["a heading that is not known"]
    assert why(found, "Ready to begin?") == ["a heading that is not known"]


@pytest.mark.parametrize(
    "heading", ["Famous Depots", "Useful links", "## Where next", "**Careers**", "Things to pack:"]
)
def test_an_unknown_heading_is_reported_and_takes_its_list_with_it(heading: str) -> None:
    found = read(f"Key Terms\n- Depot\n{heading}\n- Leeds\n- York\nKey Concepts\n- Round")
    assert texts(found) == ["Depot", "Round"]
    assert why(found, heading) == ["a heading that is not known"]
    assert [drop.text for drop in found.dropped if "under" in drop.why] == ["- Leeds", "- York"]


def test_pages_with_one_synopsis_are_one_topic_and_repeats_are_merged() -> None:
    found = read(COMPACT, FULL)
    assert len(found.topics) == 1
    assert found.topics[0].pages == ("page0", "page1")
    proof = [item for item in found.items if item.head == "Proof of Delivery"]
    assert [item.refs for item in proof] == [("page0:5", "page1:42")]
    assert len(found.items) == len(read(COMPACT).items) + len(read(FULL).items) - 3
    assert [prose.refs for prose in found.prose if prose.kind == "synopsis"] == [("page0:3", "page1:7")]


def test_what_is_only_alike_stays_apart() -> None:
    found = read("Common Mistakes\n- Checks the list.\n- Check the list.\nMarking Points\n- Checks the list.")
    assert [(item.kind, item.text) for item in found.items] == [
        ("mistake", "Checks the list."), ("mistake", "Check the list."), ("mark", "Checks the list.")
    ]  # fmt: skip


def test_pages_with_different_synopses_are_topics_named_by_their_files() -> None:
    other = COMPACT.replace("refund", "voucher")
    found = read_pages([Page("lost_parcels", COMPACT), Page("Found parcels!", other)])
    assert [(topic.id, topic.name) for topic in found.topics] == [
        ("lost-parcels", "lost_parcels"), ("found-parcels", "Found parcels!")
    ]  # fmt: skip


def test_topics_of_one_name_get_ids_of_their_own() -> None:
    found = read("Vans\n\nKey Terms\n- Depot", "Vans\n\nKey Terms\n- Round")
    assert [topic.id for topic in found.topics] == ["vans", "vans-2"]


def test_pages_of_one_name_go_by_their_place() -> None:
    found = read_pages([Page("same", "Key Terms\n- Depot"), Page("same", "Key Terms\n- Round")])
    assert [item.refs for item in found.items] == [("1:2",), ("2:2",)]


def test_a_bullet_that_a_narrow_page_wraps_is_one_item() -> None:
    found = read("Key Terms\n- A hall where parcels\n  Are sorted\n- Depot\nand yard")
    assert [(item.text, item.refs) for item in found.items] == [
        ("A hall where parcels Are sorted", ("page0:2", "page0:3")), ("Depot and yard", ("page0:4", "page0:5"))
    ]  # fmt: skip


def test_an_empty_bullet_is_dropped() -> None:
    found = read("Key Terms\n- Depot\n-\n• 📌")
    assert texts(found) == ["Depot"]
    assert [drop.why for drop in found.dropped if drop.ref in ("page0:3", "page0:4")] == ["an empty bullet"] * 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no revision page"),
        ("Dear all,\nthe van is late.", "no revision page"),
        ("Topic Synopsis\nOnly a sentence.", "no revision page"),
        ("Key Terms\n- De\0pot", "binary"),
        ("Key Terms\n- \ud800", "UTF-8"),
        ("Key Terms\n- " + "x" * LARGEST, "1 MiB"),
        ("Key Terms\n" + "- Depot\n" * MOST_LINES, "5000 lines"),
    ],
)
def test_what_is_no_page_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(PagesRefused) as caught:
        read_pages([Page("good", COMPACT), Page("bad", text)])
    assert [refused.page for refused in caught.value.refused] == ["bad"]
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


PIECES = st.one_of(
    st.sampled_from(
        [*COMPACT.splitlines(), *FULL.splitlines(), "", "-", "12", "**", "* a *", "1. 1", "\x0b", "\u200b"]
    ),
    st.text(max_size=40),
)
PAGES = st.lists(PIECES, max_size=30).flatmap(
    lambda rows: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(rows))
)


@given(st.lists(PAGES, min_size=1, max_size=3))
def test_each_line_is_in_one_item_one_piece_of_prose_or_dropped(given_pages: list[str]) -> None:
    try:
        found = read_pages([Page(f"p{place}", text) for place, text in enumerate(given_pages)])
    except PagesRefused:
        return
    refs = [ref for item in found.items for ref in item.refs] + [ref for prose in found.prose for ref in prose.refs]
    refs += [drop.ref for drop in found.dropped]
    assert sorted(refs) == sorted(
        f"p{place}:{number}"
        for place, text in enumerate(given_pages)
        for number, row in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1)
        if row.strip()
    )
    assert all(item.text and item.head != "" for item in found.items)


@given(st.lists(st.text(st.characters(codec=None), max_size=200), max_size=3), st.text(st.characters(codec=None)))
def test_any_text_is_read_or_refused(given_pages: list[str], name: str) -> None:
    with contextlib.suppress(PagesRefused):
        read_pages([Page(name, f"Key Terms\n- {text}") for text in given_pages])


@given(PAGES)
def test_drafts_of_any_page_load_but_for_gaps_in_its_terms(text: str) -> None:
    with contextlib.suppress(PagesRefused), tempfile.TemporaryDirectory() as folder:
        found = read_pages([Page("page", text)])
        write_drafts(found, Path(folder))
        draft = load(Path(folder))
        assert len(draft.course.source_items) == len(found.items)
        assert len(draft.course.tips) == sum(item.kind == "tip" for item in found.items)
        assert {problem.file for problem in draft.problems} <= {"course.yaml", "terms/page.yaml"} | {
            f"terms/{topic.id}.yaml" for topic in found.topics
        }


@pytest.mark.parametrize(
    "row", ["- **a **a ", "- *a *a ", "- a: b: ", "* ", "a\n", "x " * 35 + "\n", "- a\n", "1. 1A ", "7\n", "📌"]
)
def test_the_largest_page_is_read_in_seconds(row: str) -> None:
    started = time.process_time()
    rows = MOST_LINES - 2 if "\n" in row else (LARGEST - 30) // len(row.encode())
    read("Key Terms\n- Depot\n" + row * rows)
    read("Key Terms\n- Depot\n" + f"- {(row.strip() * 4000)[:3900]}\n" * 60)
    assert time.process_time() - started < 10


@pytest.fixture
def pages(tmp_path: Path) -> list[str]:
    (tmp_path / "short.txt").write_text(COMPACT, encoding="utf-8")
    (tmp_path / "long.txt").write_text("\ufeff" + FULL, encoding="utf-8")
    return [str(tmp_path / "short.txt"), str(tmp_path / "long.txt")]


def test_a_dry_run_prints_what_was_found_and_writes_nothing(
    pages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", *pages, "--dry-run", "--json"]) == 0
    said = json.loads(capsysbinary.readouterr().out)
    assert set(said) == {"items", "prose", "dropped"}
    assert set(said["items"][0]) == {"topic", "kind", "head", "text", "refs"}
    assert said["items"][0]["refs"] == ["short:5", "long:42"]
    assert set(said["dropped"][0]) == {"ref", "text", "why"}
    assert main(["import", *pages, "--dry-run"]) == 0
    assert b"from short, long" in capsysbinary.readouterr().out
    assert sorted(file.name for file in tmp_path.iterdir()) == ["long.txt", "short.txt"]


def test_drafts_fit_the_shapes_but_for_what_the_pages_do_not_tell(
    pages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["import", *pages]) == 0
    draft = load(tmp_path / "drafts" / "late-parcels-explained")
    assert {problem.message for problem in draft.problems} == {"definition: is missing", "example: is missing"}
    assert {problem.file for problem in draft.problems} == {"terms/late-parcels-explained.yaml"}
    assert len(draft.course.source_items) == len(read(COMPACT, FULL).items)
    assert [tip.title for tip in draft.course.tips][-1] == "Say It Simply"
    assert draft.course.topics[0].synopsis == SYNOPSIS
    written = (tmp_path / "drafts/late-parcels-explained/terms/late-parcels-explained.yaml").read_text(encoding="utf-8")
    assert "# short:5, long:42\n- id: term.proof-delivery\n" in written
    assert "abbreviations:\n  - RTS\n" in written


def test_one_folder_takes_all_topics_and_nothing_is_written_over(
    pages: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.txt").write_text("Key Terms\n- Depot", encoding="utf-8")
    command = ["import", *pages, str(tmp_path / "other.txt"), "--out", str(tmp_path / "draft")]
    assert main(command) == 0
    assert {file.name for file in (tmp_path / "draft/terms").iterdir()} == {"late-parcels-explained.yaml", "other.yaml"}
    (tmp_path / "draft/sources.yaml").write_text("[]\n", encoding="utf-8")
    assert main(command) == 2
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "draft/sources.yaml").read_text(encoding="utf-8") == "[]\n"


def test_every_unreadable_file_gets_its_line_and_nothing_is_written(
    pages: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\xff\x00")
    (tmp_path / "letter.txt").write_text("Dear all,", encoding="utf-8")
    (tmp_path / "huge.txt").write_text("a" + "ä" * LARGEST, encoding="utf-8")
    named = ["picture", "gone", "letter", "huge"]
    bad = [str(tmp_path / f"{name}.txt") for name in named]
    assert main(["import", *pages, *bad, str(tmp_path), "--out", str(tmp_path / "draft")]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 5
    assert all(any(name in line for line in said.err.splitlines()) for name in named)
    assert "huge: larger than 1 MiB" in said.err
    assert not (tmp_path / "draft").exists()


# ------------------------------------------------------------------------------------------------ drafts over a course


def drafted(small: Course, text: str) -> PageDrafts:
    return page_drafts(small, read(text), "ci")


def test_a_page_becomes_unconfirmed_drafts_in_its_own_words(small: Course) -> None:
    made = drafted(small, "Key Terms\n- Missed slot (MS): a van that turns up late. It costs a second visit")
    [draft] = made.drafts
    assert isinstance(draft, NewTerm)
    assert (draft.item.id, draft.item.name, draft.item.abbreviations) == ("term.missed-slot", "Missed slot", ("MS",))
    assert draft.item.definition == "A van that turns up late."
    assert draft.item.explanation == "It costs a second visit."
    assert draft.item.example == NO_EXAMPLE
    assert not draft.item.confirmed


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("- NPS: A score about vans.", "Net promoter score"),
        ("- The PDCA cycle: Something else.", "PDCA cycle"),
        ("- plan-do-check act: Something else.", "PDCA cycle"),
        ("- Cycle: It leads to the list of the other one.", "PDCA cycle"),
        ("- Net promoter score", "Net promoter score"),
    ],
)
def test_what_the_course_knows_by_any_form_is_no_draft(small: Course, line: str, name: str) -> None:
    made = drafted(small, f"Key Terms\n{line}")
    assert (made.drafts, made.unfit) == ((), ())
    assert [each.name for each in made.known] == [name]


def test_tips_and_mistakes_that_the_course_has_are_known(small: Course) -> None:
    made = drafted(
        small, "Revision Tips\n- Say which model you use, and then use it!\nCommon Mistakes\n- Once is enough"
    )
    assert [each.name for each in made.known] == ["Name your model", "Once is enough"]


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("Key Terms\n- Depot", "only a name"),
        ("Key Concepts\n- Vans are late when it rains.", "no name in front"),
        (f"Key Terms\n- Depot: {'word ' * 40}", "the first sentence has 40 words"),
        (f"Key Terms\n- Depot: A place. {'Word ' * 95}", "95 words after the first sentence"),
        (f"Key Terms\n- {'Depot ' * 11}: A place.", "at most 60 characters"),
        ("Key Terms\n- Depot: A depot is a place.", "starts with its own name"),
        ("Key Terms\n- Depot: A place of odd color.", "American spelling: color"),
        ("Key Terms\n- Depot: A place.\n- The depot: A yard.", "stands on the page twice"),
        (f"Revision Tips\n- {'word ' * 100}", "at most 480 characters"),
        ("Common Mistakes\n- Vans drive themselves.", "needs example answers"),
        ("Marking Points\n- Names a depot.", "needs example answers"),
        ("Learning Outcomes\n- Find the depot.", "nothing to look up"),
    ],
)
def test_what_cannot_be_an_entry_says_why(small: Course, page: str, why: str) -> None:
    [left] = drafted(small, page).unfit
    assert why in left.why


def test_a_long_sentence_is_cut_where_a_clause_begins(small: Course) -> None:
    text = f"A place where vans wait {'and wait ' * 8}for the morning, including {'vans, ' * 12}lorries. They leave at six."
    [draft] = drafted(small, f"Key Terms\n- Depot: {text}").drafts
    assert isinstance(draft, NewTerm)
    assert draft.item.definition.endswith("for the morning.")
    assert draft.item.explanation.startswith("Including vans, vans")
    assert draft.item.explanation.endswith("They leave at six.")


def test_hard_words_are_said_and_no_obstacle(small: Course) -> None:
    hard = "Institutionalised organisational methodologies necessitating interdepartmental communication."
    [draft] = drafted(small, f"Key Terms\n- Depot: {hard}").drafts
    assert (hard_to_read(draft) or 0) > 11
    assert check(small, [draft], examples=False) == []
    [easy] = drafted(small, "Key Terms\n- Depot: A place for vans.").drafts
    assert hard_to_read(easy) is None


def test_a_page_is_filed_under_the_topic_whose_words_it_uses() -> None:
    course = load(DEFAULT_COURSE).course
    for topic in course.topics:
        gists = [item.gist for item in course.source_items if item.topic == topic.id]
        page = "Key Concepts\n" + "\n".join(f"- {gist}" for gist in gists[::2])
        assert likely_topic(course, read(page)) == topic.id


def test_more_drafts_than_a_page_may_have_are_reported(small: Course) -> None:
    made = drafted(small, "Key Terms\n" + "\n".join(f"- Depot {number}: A place for vans." for number in range(305)))
    assert len(made.drafts) == 300
    assert {left.why.partition(":")[0] for left in made.unfit} == {"there are more than 300 entries"}


page_lines = st.lists(
    st.sampled_from(["Key Terms", "Key Concepts", "Revision Tips", "Common Mistakes", "", "- NPS", "- NPS: A score."])
    | st.text("aB c:.,*-(É&", max_size=40).map(lambda text: f"- {text}"),
    max_size=20,
)


@given(lines=page_lines)
def test_every_item_is_a_draft_or_known_or_says_why_not(small: Course, lines: list[str]) -> None:
    try:
        found = read("\n".join(lines))
    except PagesRefused:
        return
    made = page_drafts(small, found, "ci")
    assert len(found.items) == len(made.drafts) + len(made.known) + len(made.unfit)
    assert check(small, made.drafts, examples=False) == []
    assert still_new(small, made.drafts) == made.drafts
    assert still_new(apply(small, made.drafts), made.drafts) == ()
