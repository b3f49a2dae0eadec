"""Words to stems: one stem for every way in which learners inflect or spell the same word.

British and American, -ise and -ize fall together, and so do irregular forms and the noun of a verb where the two say
the same ("apology", "apologise"). Words that the Porter stemmer wrongly merges ("business" and "busy") are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

_BASE_FORMS = """
be: am is are was were been being
have: has had having
do: does did done doing
go: goes went gone
tell: told
say: said
leave: left leaving
keep: kept
buy: bought
feel: felt feelings
find: found
get: got gotten getting
give: gave given
know: knew known
make: made making
hear: heard
lose: lost losing loss losses
pay: paid
run: ran running
see: saw seen
send: sent
spend: spent
speak: spoke spoken
take: took taken taking
teach: taught
think: thought
understand: understood
write: wrote written writing
bring: brought
come: came coming
begin: began begun
choose: chose chosen choice choices
break: broke broken
rise: rose risen rising
fall: fell fallen
grow: grew grown growth
show: shown showed
meet: met meeting meetings
sell: sold
hold: held
stand: stood
become: became
forget: forgot forgotten
hide: hid hidden hiding
shrink: shrank shrunk
drive: drove driven
wear: wore worn
win: won
seek: sought
sit: sat
build: built
deal: dealt
mean: meant
learn: learnt
person: people persons peoples
child: children
criterion: criteria criterias criterions
half: halves halved
prove: proof proofs proven proved
solve: solution solutions solved solving
respond: response responses responded responding
decide: decision decisions
cause: causation causations causal
compare: comparison comparisons
complain: complaint complaints
describe: description descriptions
explain: explanation explanations
analyse: analysis analyses analytic analytics analytical analysing analysed
empathise: empathy empathetic empathetically empathising empathised empathic
sympathise: sympathy sympathetic
apologise: apology apologies apologising apologised
succeed: success successes successful successfully
recover: recovery recovering
deliver: delivery deliveries
reduce: reduction reductions reduced reducing
satisfy: satisfied satisfying satisfaction satisfies satisfactory
dissatisfy: dissatisfied dissatisfaction unsatisfied
measure: measurement measurements measurable
believe: belief beliefs
behave: behaviour behaviours behavior behaviors
maintain: maintenance
reply: replies replied
easy: easier easiest easily
happy: happier happiest happily happiness
quick: quicker quickest quickly
fast: faster fastest
slow: slower slowest slowly
cheap: cheaper cheapest
long: longer longest
short: shorter shortest
high: higher highest
big: bigger biggest
large: larger largest
small: smaller smallest
nice: nicer nicest nicely
strong: stronger strongest
loyal: loyalty loyaler
programme: program programs programmes
judgement: judgment judgments judgements
"""

_KEPT_APART_FAMILIES = """
business: businesses
experiment: experiments experimenting experimental
objective: objectives
important: importance importantly
evening: evenings
customise: customised customising customize customized customizing
custom
customer: customers costumer costumers
news
general: generally
generous: generously
politics: political
university: universities
responsible: responsibly responsibility responsibilities
reliable: reliability reliably
accountable: accountability
accounting: accountancy accountant accountants
relation: relations relationship relationships
relative: relatively
policy: policies
police
one: ones
once
unhappy: unhappier unhappiness
during
staff: staffs
manager: managers
management
manageable
useful: usefulness
willing: willingly willingness
likely
unlikely
several
severe: severely severity
consistent: consistently consistency consistencies
competent: competence competently competency competencies
critical: critically
active: actively
activity: activities
authority: authorities
personal: personally
personnel
positive: positively positives
initiative: initiatives
informal: informally
information: informations
morale
effective: effectively effectiveness
productive: productivity
organisation: organisations organization organizations organisational
direction: directions
careful: carefully
careless: carelessly carelessness
patient: patience patiently
"""

_SPELLINGS = (
    (re.compile(r"(behavi|col|fav|hon|lab|neighb|hum|harb)our"), r"\1or"),
    (re.compile(r"(cent|theat|met|fib)re(s?)$"), r"\1er\2"),
    (re.compile(r"y[sz](e|es|ed|er|ers|ing)$"), r"ys\1"),
    (re.compile(r"i[sz](e|es|ed|er|ers|ing|ation|ations)$"), r"is\1"),
    (re.compile(r"(travel|cancel|label|model|counsel|signal|total|level|fuel|channel)l(ed|ing|er|ers)$"), r"\1\2"),
    (re.compile(r"^(enrol|fulfil|instal)l"), r"\1"),
    (re.compile(r"^(practi|licen)[cs](e|es|ed|ing)$"), r"\1c\2"),
    (re.compile(r"^(defen|offen)se"), r"\1ce"),
    (re.compile(r"^inquir"), "enquir"),
    (re.compile(r"^skillful"), "skilful"),
)


def word_set(words: str) -> frozenset[str]:
    """The words of a line or block, as a set."""
    return frozenset(words.split())


GRAMMAR = word_set(
    """a an the this that these those is are was were be been being am has have had does did will would can could shall
    should may might must i you he she it we they me him her us them my your his its our their mine yours who whom
    whose which what when where why how not no never nobody nothing without of in on at by for from to into onto with
    about against between through during above below down off under as than if because so until while although though
    but however therefore since unless rather instead more less fewer better worse most least very too just only also
    even still then there here every each any some both few many much such"""
)
"""Words that carry grammar and no idea."""


@cache
def _porter() -> Callable[[str], str]:
    # Imported where it is needed: the package loads its thirty languages, which a start need not wait for.
    from snowballstemmer import stemmer  # type: ignore[import-untyped]  # the package ships no types

    stem_word: Callable[[str], str] = stemmer("english").stemWord
    return stem_word


@cache
def _kept_apart() -> dict[str, str]:
    """Word -> a stem of its own."""
    families = {}
    for line in _KEPT_APART_FAMILIES.strip().split("\n"):
        head, _, forms = line.partition(":")
        families.update(dict.fromkeys((head, *forms.split()), f"{head}-"))
    return families


@cache
def _base_of() -> dict[str, str]:
    """Inflected or related form -> the form whose stem it shares."""
    bases = {}
    for line in _BASE_FORMS.split("\n"):
        base, _, forms = line.partition(":")
        bases.update(dict.fromkeys(forms.split(), base))
    return bases


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word without accents. Numbers and unknown words come back much as they are."""
    word = _base_of().get(word, word)
    if own := _kept_apart().get(word):
        return own
    for spelling, common in _SPELLINGS:
        word = spelling.sub(common, word)
    word = _base_of().get(word, word)
    return _kept_apart().get(word) or _porter()(word)
