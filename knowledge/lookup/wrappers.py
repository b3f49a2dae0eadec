"""The words around a term in a question: *what does ... stand for pls*, *explain ... to me*."""

from __future__ import annotations

LEADING = frozenset(
    "a about actually again also am an and any anyone are at basically bro brief briefly by can come concept could cud "
    "def define defined defining definition describe did didnt discuss do does doin dont ello er erm every exactly "
    "example examples exlain explain explained explaining explanation explination find for forgot from  "
    "further get give given gimme going got hello help hey hi hiya how hows i id idea idk im in info information is "
    "it its ive just keep kinda know learn let lets like look lookup mate maybe me mean meaning means meant meening "
    "miss more my need not notes of oh ok okay on one or our outline overview phrase please pls plz   "
    "question quick quickly really remember remind revise say says search sentence    "
    "simply sir so some something spell still suggest summarise summary sorry teach tell term terms thanks "
    "that the then theory there thing think this to topic trying u um uh understand unsure up ur urgh us use used uses "
    "using want wanna was wat wats were what whats when where whether which who whos why wht whta will with word words "
    "wot wots wtf would wud yes you your yo".split()
)
LEADING_WITH_OF = frozenset("advantages benefits importance kind overview point purpose role sort type use".split())
"""Words that ask when *of* follows: *the purpose of a survey*."""

TRAILING = frozenset(
    "a about actually again all an and any anyway are as asap basically be bit briefly bro called can confused "
    "context def defined definition definitions description detail details do does done easily easy english exactly "
    "example examples exist explain explained explanation for fully gcse give good help here i idk im important "
    "in info is it its just know language lesson like lol mate me mean meaning meanings means meant meen miss "
    "more my mean need notes now of ok on one or other overview please pls plz question quickly "
    "really revision short simple simpler simply sir so some stand stands summary supposed ta term terms "
    " thank thanks that the then there thing things this thx thnx tnx to today topic tho though tomorrow ty u unit "
    "us use used uses using was were what whats when why with word words work works would you your yh".split()
)
ASKING = frozenset(
    "about called def define defined definition describe does explain explained explanation forgot mean meaning means "
    "meant remind understand stand stands term theory wat whats what word wot overview summary outline".split()
)
"""Words of a question about a word."""

BEFORE_A_TERM = frozenset(
    "a about an are by called define describe definition discuss does explain is meaning of outline term the using "
    "was wats whats word wots and vs or".split()
)
"""Words that may stand before a term that is itself a word of questions: *what does mean mean*."""

SETTINGS = frozenset(
    f"{link} {place}"
    for link in ("in", "for", "at", "within")
    for place in (
        "customer service|customer services|customer care|business|a business|businesses|retail|a shop|work|a company|"
        "a call centre|call centres|the workplace|hospitality|service|my course|the course|btec|class|simple terms"
    ).split("|")
)
"""Where it is said to matter: *what is churn in customer service*."""

FILLING = frozenset(
    "a again and bro def definition er erm examples example for hello hey hi idk in info information is it just kinda "
    "like mate maybe meaning miss my notes of ok okay overview please pls plz question quick quickly revision sir so "
    "summary thanks thank the thing thx ty um uh what whats".split()
)
"""Words that add nothing to a term's name."""

GENERAL = frozenset(
    "acronym acts approach abbreviation act analysis approach calculation calculations chart concept cycle cycles "
    "definition diagram equation examples formula framework frameworks idea initials law letters matrix meaning method "
    "methods model models principle process rule scale score scores stage stages step steps strategy style system "
    "technique techniques test theories theory tool tools topic way".split()
)
"""Words that say what kind of thing a term is: *kano theory*, *nps formula*."""

STOP = frozenset(
    "a about after all also always am an and another any anybody anyone are as at away be because been before being but "
    "by can cant could did do does doesnt doing done dont each either else etc even ever every everyone few for from get "
    "gets getting go goes going got had has have having he her here hers him his how i if im in into is isnt it its "
    "just lets like made make makes many may me might more most much must my no nor not now of off often on once one only "
    "or other others our out over own per put really s said same say says see she should so some somebody someone "
    "something still such than that the their them then there these they thing things this those through to too two u "
    "under until up upon ur us use used uses using very want wants was way we well were what whatever when where whether "
    "which while who whom whose why will with within without would you your yours yourself".split()
)
"""Words that carry little meaning of their own."""

STUDY = frozenset(
    "advantage advantages advice agent agents apply assignment bank benefit benefits brand business businesses cafe call "
    "calls clients companies company coursework customer customers disadvantage disadvantages employee employees essay "
    "evaluate example examples explain feedback firm firms guest guests help helps hotel importance important improve "
    "industry manager managers measure organisation organisations organization product products purpose question reason "
    "reasons restaurant retail sales scenario service services shop shops staff store stores team tutor used useful users "
    "work workplace".split()
)
"""Words of the subject and of tasks about it."""

_SLIPPABLE = (
    "what whats does mean means meaning define definition explain describe difference between please stand stands tell "
    "about example remind understand".split()
)


def _slips(word: str) -> set[str]:
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    dropped = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    doubled = {word[:i] + word[i] + word[i:] for i in range(len(word))}
    return swapped | dropped | doubled


MISTYPED = {
    slip: word
    for word in reversed(_SLIPPABLE)
    for slip in _slips(word)
    if len(slip) > 3 and slip not in LEADING and slip not in TRAILING and slip not in {"mens", "hats", "hat"}
} | {"waht": "what", "wht": "what", "hwat": "what", "wjat": "what", "dose": "does", "deos": "does", "diff": "difference"}
"""Slips of the finger in question words."""
