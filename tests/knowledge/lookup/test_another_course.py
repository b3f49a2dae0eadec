"""Look-up over the terms of another subject, with the scale that was fitted to this one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.asking import index_of_file
from knowledge.lookup import CONFIDENT, Index

COOKING = (
    (
        "roux",
        "Roux",
        "A cooked mix of equal fat and flour that thickens sauces.",
        "what thickens a white sauce at the start",
    ),
    (
        "blanching",
        "Blanching",
        "Boiling food for a short time and then cooling it in ice water to stop the cooking.",
        "quick dip in boiling water then iced",
    ),
    (
        "braising",
        "Braising",
        "Browning meat and then cooking it slowly in a little liquid with a lid on.",
        "slow cooking tough meat in stock",
    ),
    (
        "poaching",
        "Poaching",
        "Cooking gently in liquid kept just below the boil.",
        "eggs cooked in barely bubbling water",
    ),
    ("julienne", "Julienne", "Cutting vegetables into thin matchsticks.", "what do you call matchstick carrots"),
    ("brunoise", "Brunoise", "Cutting vegetables into tiny cubes.", "really small dice"),
    (
        "mise-en-place",
        "Mise en place",
        "Having all ingredients measured and ready before cooking starts.",
        "getting everything ready first",
    ),
    ("al-dente", "Al dente", "Pasta that is cooked but still firm to the bite.", "pasta with a bit of bite"),
    (
        "emulsion",
        "Emulsion",
        "A mix of two liquids that normally stay apart, such as oil and vinegar.",
        "oil and water made to stay together",
    ),
    ("mayonnaise", "Mayonnaise", "A cold sauce of egg yolk and oil.", "cold egg sauce for chips"),
    ("hollandaise", "Hollandaise sauce", "A warm sauce of egg yolk and butter.", "yellow sauce on eggs benedict"),
    ("bechamel", "Béchamel", "A white sauce of milk thickened with a roux.", "milk sauce for lasagne"),
    ("stock", "Stock", "A liquid made by simmering bones and vegetables.", "liquid from boiling bones"),
    (
        "reduction",
        "Reduction",
        "Boiling a liquid down until it is thicker and stronger.",
        "boil it until there is less of it",
    ),
    (
        "deglazing",
        "Deglazing",
        "Adding liquid to a hot pan to lift the browned bits.",
        "pour wine in to get the brown bits off the pan",
    ),
    ("proving", "Proving", "Letting dough rise in a warm place.", "leaving bread to rise"),
    ("kneading", "Kneading", "Working dough by hand to develop gluten.", "stretching and folding dough"),
    ("gluten", "Gluten", "The stretchy protein in wheat dough.", "stretchy stuff in bread"),
    (
        "maillard",
        "Maillard reaction",
        "Browning of protein and sugar that gives flavour.",
        "why toast goes brown and tasty",
    ),
    ("caramelisation", "Caramelisation", "Browning of sugar by heat.", "sugar turning brown"),
    (
        "cross-contamination",
        "Cross-contamination",
        "Germs moving from one food to another.",
        "raw chicken juice on the salad",
    ),
    (
        "haccp",
        "HACCP",
        "A system for finding and controlling food safety hazards.",
        "safety plan with critical control points",
    ),
    (
        "danger-zone",
        "Danger zone",
        "Temperatures between 5 and 63 degrees where germs multiply.",
        "temperatures where bacteria grow fast",
    ),
    ("use-by", "Use-by date", "The date after which food is unsafe.", "date you must not eat it after"),
    (
        "best-before",
        "Best before date",
        "The date after which food may lose quality.",
        "still safe but not as nice after this date",
    ),
    ("allergen", "Allergen", "A food such as nuts that makes some people ill.", "nuts and milk that make people ill"),
    (
        "marinade",
        "Marinade",
        "A seasoned liquid in which food soaks before cooking.",
        "soaking meat in flavour overnight",
    ),
    ("searing", "Searing", "Browning the surface quickly in a very hot pan.", "brown the steak on a high heat"),
    ("sous-vide", "Sous vide", "Cooking in a sealed bag in a water bath.", "vacuum bag in warm water"),
    ("steaming", "Steaming", "Cooking in the vapour of boiling water.", "cooking over hot vapour"),
    ("grilling", "Grilling", "Cooking under or over direct heat.", "under a hot element"),
    ("basting", "Basting", "Spooning fat or juices over food while it cooks.", "spoon the juice over the turkey"),
    ("folding", "Folding", "Mixing gently to keep the air in.", "mix without knocking the air out"),
    ("whisking", "Whisking", "Beating quickly to add air.", "beat in lots of air"),
    (
        "tempering",
        "Tempering",
        "Heating and cooling chocolate so that it sets shiny.",
        "making chocolate shiny and snappy",
    ),
    ("shortcrust", "Shortcrust pastry", "A crumbly pastry of flour and fat.", "crumbly pie case"),
    ("puff-pastry", "Puff pastry", "A pastry with many thin layers.", "flaky pastry with layers"),
    ("blind-baking", "Blind baking", "Baking a pastry case without its filling.", "bake the case with beans in first"),
    ("seasoning", "Seasoning", "Adding salt, pepper or herbs to bring out flavour.", "salt and pepper"),
    ("umami", "Umami", "The savoury fifth taste.", "savoury taste like in mushrooms"),
)


@pytest.fixture(scope="module")
def cooking(tmp_path_factory: pytest.TempPathFactory) -> Index:
    file: Path = tmp_path_factory.mktemp("cooking") / "terms.json"
    keys = ("id", "name", "definition", "asked_as")
    terms = [
        dict(zip(keys, (term, name, definition, [asked]), strict=True)) for term, name, definition, asked in COOKING
    ]
    file.write_text(json.dumps({"terms": terms}), "utf-8")
    return index_of_file(file)


def first(index: Index, text: str) -> str | None:
    matches = index.find(text)
    return matches[0].term_id if matches else None


def test_every_name_is_found_with_confidence(cooking: Index) -> None:
    for term, name, _, _ in COOKING:
        match = cooking.find(f"what is {name.lower()}")[0]
        assert (match.term_id, match.score >= CONFIDENT) == (term, True)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("blanchin", "blanching"),
        ("juliene", "julienne"),
        ("mise on place", "mise-en-place"),
        ("hacp", "haccp"),
        ("h a c c p", "haccp"),
        ("explain cross contamination pls", "cross-contamination"),
        ("bechamel", "bechamel"),
        ("caramelization", "caramelisation"),
    ],
)
def test_a_misspelt_or_wrapped_name_is_found(cooking: Index, text: str, term: str) -> None:
    assert first(cooking, text) == term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("pasta that still has a bite", "al-dente"),
        ("letting bread dough rise", "proving"),
        ("temperature bacteria grow at", "danger-zone"),
        ("liquid made from bones", "stock"),
    ],
)
def test_a_description_finds_a_term_and_never_another(cooking: Index, text: str, term: str) -> None:
    assert first(cooking, text) == term


@pytest.mark.parametrize(
    "text",
    ["pizza", "hello", "what time is it", "football", "stock market", "net promoter score", "complaint handling"],
)
def test_what_the_course_does_not_have_finds_nothing(cooking: Index, text: str) -> None:
    assert cooking.find(text) == []


def test_two_terms_can_be_compared(cooking: Index) -> None:
    pair = cooking.find_pair("difference between use by and best before")
    assert pair is not None
    assert (pair.first.term_id, pair.second.term_id) == ("use-by", "best-before")
