"""An answer as words: what was meant, where it stands, which sentence and clause it belongs to.

Every word keeps the offsets of the text that it was read from, so that a quote is always a slice of what the learner
wrote. One written word can be read as two ("don't": do, not), and both then share their offsets.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from knowledge.marking.stems import stem, word_set
from knowledge.words import english_words

_WORD = re.compile(
    r"""(?:(?<![^\W_])(?:w/o|b/c|w/|e\.g\.?|i\.e\.?|etc\.))      # short forms that carry punctuation
      | (?:b4|gr8|l8r?|2day|2moro|m8|sum1|some1|any1|every1|no1)\b
      | [^\W\d_]+(?:['’`´‘][^\W\d_]+)*
      | \d+(?:[.,]\d+)*
      | [%£&]""",
    re.VERBOSE | re.IGNORECASE,
)

_READ_AS = """
u: you
ya: you
ur: your
r: are
n: and
&: and
%: percent
£: pounds
w/: with
w/o: without
b/c: because
bc: because
bcz: because
bcos: because
bcoz: because
becuz: because
becos: because
becoz: because
becus: because
becasue: because
cos: because
coz: because
cus: because
cuz: because
b4: before
gr8: great
l8: late
l8r: later
2day: today
2moro: tomorrow
m8: friend
sum1: someone
some1: someone
any1: anyone
every1: everyone
no1: nobody
noone: nobody
ppl: people
peeps: people
cust: customer
custs: customers
costumer: customer
costumers: customers
mgr: manager
mgrs: managers
biz: business
msg: message
msgs: messages
info: information
yr: year
yrs: years
wk: week
wks: weeks
mins: minutes
hrs: hours
sth: something
smth: something
sumthing: something
abt: about
thx: thanks
pls: please
plz: please
tho: though
thru: through
wud: would
wld: would
shud: should
shld: should
cud: could
cld: could
wot: what
wat: what
dat: that
da: the
gonna: going to
gona: going to
gunna: going to
tryna: trying to
probs: probably
prolly: probably
soz: sorry
em: them
def: definitely
obvs: obviously
bk: back
bak: back
gud: good
gd: good
wen: when
wich: which
wiv: with
wivout: without
nuffin: nothing
nuthin: nothing
sumthin: something
wanna: want to
gotta: have to
alot: a lot
aswell: as well
infront: in front
eachother: each other
everytime: every time
followup: follow up
oneoff: one off
onetime: one time
thier: their
e.g.: for example
e.g: for example
eg: for example
i.e.: that is
i.e: that is
ie: that is
etc.: etc
fb: feedback
asap: as soon as possible
dont: do not
dnt: do not
doesnt: does not
dosnt: does not
dosent: does not
doesent: does not
didnt: did not
isnt: is not
isent: is not
arent: are not
wasnt: was not
werent: were not
hasnt: has not
havent: have not
hadnt: had not
wouldnt: would not
couldnt: could not
shouldnt: should not
mustnt: must not
neednt: need not
cant: can not
cannot: can not
can't: can not
wont: will not
won't: will not
aint: is not
ain't: is not
shan't: shall not
im: i am
ive: i have
youre: you are
theyre: they are
theyve: they have
theyll: they will
youll: you will
thats: that is
whats: what is
theres: there is
its: it is
it's: it is
hes: he is
shes: she is
whos: who is
wheres: where is
weve: we have
itll: it will
theyd: they would
youd: you would
youve: you have
that's: that is
what's: what is
there's: there is
he's: he is
she's: she is
who's: who is
let's: let us
"""

_MEANT: dict[str, tuple[str, ...]] = {
    written: tuple(meant.split())
    for line in _READ_AS.strip().split("\n")
    for written, _, meant in [line.partition(": ")]
}

_APOSTROPHES = str.maketrans("’`´‘", "''''")
_ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would", "'m": "am"}

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL = re.compile(r"^(\d+),(\d{1,2})$")
"""*2,5 %*, as many learn it elsewhere."""
_SENTENCE_END = re.compile(r"[.!?;\n\r•…]|\s[-–—*]\s(?=\s*[A-Z])")
_CLAUSE_END = re.compile(r"[,:()\[\]{}\"“”|>–—]|\s-\s|->|=")

_HEARD_AS_KNOW_BEFORE = word_set("to you they we i must should need staff who")
LEAVING = word_set("leave leaves left leaving")
LEFT_BEHIND = word_set(
    """review reviews feedback comment comments complaint complaints message messages tip tips rating ratings note notes
    star stars score scores response responses"""
)
_HEARD_AS_KNOW_AFTER = word_set("how what why when where who if whether that about their your which your exactly")

_HEARD_AS_AUXILIARY = {"id": "would", "ill": "will"}
_BEFORE_AUXILIARY = word_set("and so then but because cos if think say said what first next yes ok") | {""}
_BEHIND_AUXILIARY = word_set(
    """be say tell ask get give go have do make let put take keep send try ring call phone text write email talk speak
    listen explain show find check look use start stop offer sort fix help see want need like love rather never not
    also just probably then always first apologise book change plan measure compare train add pay read bring meet come
    stay calm sit turn work want wait count leave set feel buy"""
)


_LETTERS = {
    "c": ("see", word_set("can to you they we will"), word_set("if how what that whether where why who")),
    "y": ("why", word_set("that reason ask asks know"), word_set("it its they he she we people customers is are")),
    "2": ("to", word_set("want have need needs going listen talk talks talking able used how"),
          word_set("the them him her me us you my do be get go")),
    "4": ("for", word_set("wait waiting good bad ask asks asking looking pay"),
          word_set("the them him her me us you my a everyone")),
}  # fmt: skip
"""A letter or figure of texting: the word it is read as, behind one of these words or before one of those."""


_UNITS = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_NUMBERS = {word: number for number, word in enumerate(_UNITS.split(), 1)} | {
    word: 10 * number for number, word in enumerate(_TENS.split(), 2)
}
_THOUSAND = word_set("k thousand grand 000")
_NUMBER_WORDS = {str(number): word for word, number in _NUMBERS.items()}


@dataclass(slots=True)
class Text:
    """A text read as words. All lists run in parallel, one entry for a word.

    ``index`` maps a stem to the positions where it stands; ``exact`` does the same for a word, written or meant.
    """

    source: str
    words: list[str] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    clause: list[int] = field(default_factory=list)
    index: dict[str, list[int]] = field(default_factory=dict)
    exact: dict[str, list[int]] = field(default_factory=dict)
    sentence_bounds: list[tuple[int, int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.words)

    def at(self, position: int) -> str:
        """The word at a position; empty beyond either end."""
        return self.words[position] if 0 <= position < len(self.words) else ""

    def beside(self, position: int, steps: int) -> str:
        """The word so many steps behind a position, or before it; empty beyond the sentence."""
        low, high = self.sentence_bounds[self.sentence[position]]
        return self.words[position + steps] if low <= position + steps < high else ""


def plain(written: str) -> str:
    """Lower case, straight apostrophes, no accents."""
    word = written.lower()
    if word.isascii():
        return word.replace("`", "'")
    decomposed = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def meant(written: str) -> tuple[str, ...]:
    """The words that a written word stands for: texting, contractions with and without apostrophe, possessives."""
    word = plain(written)
    if word in _MEANT:
        return _MEANT[word]
    if word[0].isdigit():
        return (_DECIMAL.sub(r"\1.\2", _THOUSANDS.sub("", word)),)
    if "'" not in word:
        return (word,)
    for ending, said in _ENDINGS.items():
        if word.endswith(ending) and len(word) > len(ending):
            return (word.removesuffix(ending), said)
    return (word.removesuffix("'s").replace("'", ""),)


def as_written(word: str) -> tuple[str, ...]:
    """A word, taken as it stands."""
    return (word,)


def read(source: str, readings_of: Callable[[str], tuple[str, ...]] = as_written) -> Text:
    """Read a text. ``readings_of`` gives the words that a word may be read as, none where it can not be read."""
    text = Text(source)
    sentence, clause, previous_end = -1, -1, 0
    for found in _WORD.finditer(source):
        start, end = found.span()
        between = source[previous_end:start]
        if sentence < 0 or (between != " " and _SENTENCE_END.search(between)):
            sentence, clause = sentence + 1, clause + 1
            text.sentence_bounds.append((len(text.words), len(text.words)))
        elif between != " " and _CLAUSE_END.search(between):
            clause += 1
        previous_end = end
        for word in _full_ending(meant(found.group())):
            text.words.append(word)
            text.starts.append(start)
            text.ends.append(end)
            text.sentence.append(sentence)
            text.clause.append(clause)
        text.sentence_bounds[-1] = (text.sentence_bounds[-1][0], len(text.words))
    _hear_know(text)
    _hear_would(text)
    _hear_give(text)
    _hear_letters(text)
    _index(text, readings_of)
    return text


def _full_ending(words: tuple[str, ...]) -> tuple[str, ...]:
    """Read "holdin" as *holding*; "cabin" and "again" are words of their own.

    "Nothin" stays unread: in text without stops a *nothing* would deny the sentence behind it.
    """
    word = words[0]
    if len(words) > 1 or not word.endswith("in") or word == "nothin" or word in english_words():
        return words
    return (f"{word}g",) if f"{word}g" in english_words() else words


def _hear_would(text: Text) -> None:
    """Read "id tell them" as *I would tell them*, and "ill" as *I will*: nobody's identity, nobody unwell."""
    for position in (p for p, word in enumerate(text.words) if word in _HEARD_AS_AUXILIARY):
        if text.beside(position, -1) in _BEFORE_AUXILIARY and text.beside(position, 1) in _BEHIND_AUXILIARY:
            text.words[position] = _HEARD_AS_AUXILIARY[text.words[position]]


def _hear_know(text: Text) -> None:
    """Read "need to no how" as *know*: a denial there would turn the meaning round."""
    for position in (p for p, word in enumerate(text.words) if word == "no"):
        before, after = text.beside(position, -1), text.beside(position, 1)
        asked = before in _HEARD_AS_KNOW_BEFORE and after in _HEARD_AS_KNOW_AFTER
        if asked or (before == "not" and text.beside(position, -2) in {"do", "does", "did"}):
            text.words[position] = "know"


def _hear_letters(text: Text) -> None:
    """Read the single letters and figures of texting as words where the words beside them leave no doubt."""
    for position, word in enumerate(text.words):
        if word in _LETTERS:
            heard, before, after = _LETTERS[word]
            if text.beside(position, -1) in before or text.beside(position, 1) in after:
                text.words[position] = heard


def _hear_give(text: Text) -> None:
    """Read "leave a review" as giving one: nobody goes away."""
    for position in (p for p, word in enumerate(text.words) if word in LEAVING):
        end = text.sentence_bounds[text.sentence[position]][1]
        if LEFT_BEHIND.intersection(text.words[position + 1 : min(position + 4, end)]):
            text.words[position] = "give"


def _index(text: Text, readings_of: Callable[[str], tuple[str, ...]]) -> None:
    known: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for position, word in enumerate(text.words):
        if word not in known:
            readings = readings_of(word)
            stems = tuple(dict.fromkeys(stem(each) for each in readings)) or (word,)
            known[word] = (stems, tuple(dict.fromkeys((word, *readings))))
        stems, exact = known[word]
        text.stems.append(stems[0])
        for each in stems:
            text.index.setdefault(each, []).append(position)
        for each in exact:
            text.exact.setdefault(each, []).append(position)
    for position, number in _numbers(text):
        insort(text.index.setdefault(stem(number), []), position)
        insort(text.exact.setdefault(number, []), position)


def _numbers(text: Text) -> Iterator[tuple[int, str]]:
    """Numbers written the other way: "sixty-six" is found as 66, and 2 as "two". "One" stays a word."""
    position = 0
    while position < len(text):
        word = text.words[position]
        if word in _NUMBER_WORDS:
            yield position, _NUMBER_WORDS[word]
        number = _NUMBERS.get(word, 0)
        following = _NUMBERS.get(text.beside(position, 1), 0)
        if number >= 20 and 0 < following < 10:
            yield position, str(number + following)
            position += 1
        elif text.beside(position, 1) in _THOUSAND and (number or word.isdigit()):
            yield position, f"{number or word}000"
        elif 0 < number < 10 and text.beside(position, 1) == "hundred":
            yield position, str(100 * number)
            position += 1
        elif number > 1:
            yield position, str(number)
        position += 1


def sentences(text: Text) -> Iterator[range]:
    """The positions of each sentence."""
    return (range(start, end) for start, end in text.sentence_bounds)
