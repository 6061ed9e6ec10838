"""The safety screen: what in a person's words speaks of danger, how surely, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from typing import Protocol

from voice_coach.errors import BadInput
from voice_coach.understand.catalog import Fault
from voice_coach.understand.safety_denying import REACH, Around, Denying, Found
from voice_coach.understand.safety_reading import Lexicon, Pattern, read_safety
from voice_coach.understand.safety_templates import Search
from voice_coach.words import EXPLAINS, DangerKind, Expects, Flag, Heard, Tier

FREE_WORDS = 3
"""Free words needed in a closed turn before they can be certain."""
BORNE_OUT = 0.1
"""Share of the words leaned towards that free decoding must have heard too, or all of them may be made up."""
WILFUL = 4
"""Words behind a manner of speaking within which it is said to be meant."""
LIKE_WORDS = 4
"""Words that an utterance needs before its likeness to danger is weighed."""
MENTIONED: tuple[DangerKind, ...] = ("trauma", "panic", "dissociation")
"""Kinds that interrupt nothing and raise their screen question."""
OWN_WORDS_ONLY: tuple[DangerKind, ...] = ("suicide", "self_harm")
"""Kinds for which it matters whose danger it is: of somebody else it becomes `other_person`."""
_ORDER: tuple[DangerKind, ...] = (
    "suicide", "self_harm", "harm", "substance", "medical", "panic_now", "dissociation_now", "other_person",
    "trauma", "panic", "dissociation",
)  # fmt: skip


class Likeness(Protocol):
    """Knows what utterances of danger are like."""

    def alike(self, words: Sequence[str]) -> Mapping[str, float]:
        """By kind, how like its utterances these folded words are; only the kinds that they are like enough."""
        ...


class Screen:
    """Finds danger in utterances by one locale's words and, where a model is given, by what such utterances are like.

    Compiled once, pure, keeps nothing of what it is given.
    """

    def __init__(self, lexicon: Lexicon, likeness: Likeness | None = None) -> None:
        self._lexicon, self._likeness = lexicon, likeness
        self._words = lexicon.context
        self._search = Search([template for pattern in lexicon.patterns for template in pattern.templates])
        self._idioms = Search(lexicon.idioms)
        self._denying = Denying(lexicon)
        self._asked = Search(lexicon.asked)
        self._pattern = [pattern for pattern in lexicon.patterns for _ in pattern.templates]
        # Numbered, so that another way of saying the same idea is asked about again.
        self._name = [f"{each.name}.{place}" for each in lexicon.patterns for place, _ in enumerate(each.templates)]
        self._place = {name: place for place, name in enumerate(self._name)}

    def flags(self, text: str, expects: Expects | None = None, weigh: bool = True) -> tuple[Flag, ...]:
        """What the words say of danger: the surest first, each kind of danger by one pattern; () for none.

        `weigh`: what no pattern finds is weighed by what it is like.
        """
        words = self._lexicon.folded(text)
        best: dict[DangerKind, Flag] = {}
        wilful = self._words["wilful"]  # "I burned my arm on the oven on purpose" is no accident
        idioms = [
            (start, end) for _, start, end in self._idioms.spans(words) if wilful.isdisjoint(words[end : end + WILFUL])
        ]
        around = self._denying.around(words)
        unmeant = [*idioms, *around.whole]
        not_meant, asked = set[DangerKind](), self._asked.spans(words)
        for index, start, end in self._search.spans(words):
            of_anyone = any(self._is_of_anyone(words, begin, to, start, end) for _, begin, to in asked)
            found = Found(self._name[index], self._search.templates[index], words, start, end, of_anyone)
            never = self._pattern[index].denied == "never"
            overlaps = any(begin < end and start < to for begin, to in (idioms if never else unmeant))
            flag = None if overlaps else self._judged(self._pattern[index], found, around, expects)
            if flag is None:
                not_meant.add(self._pattern[index].kind)
            elif flag.kind not in best or self._rank(flag) < self._rank(best[flag.kind]):
                best[flag.kind] = flag
        if weigh:
            # What is a manner of speaking is like danger in its words alone.
            meant = [word for at, word in enumerate(words) if not any(start <= at < end for start, end in idioms)]
            best.update({flag.kind: flag for flag in self._like(meant, expects, [*best.values()], not_meant)})
        return tuple(sorted(best.values(), key=self._rank))

    def _like(
        self, words: Sequence[str], expects: Expects | None, found: Sequence[Flag], not_meant: Set[DangerKind]
    ) -> Iterator[Flag]:
        """Kinds of danger that the words are like: of what a pattern found, even as not meant, the patterns decide."""
        if self._likeness is None or len(words) < LIKE_WORDS:
            return
        like = self._likeness.alike(words)
        interrupts = any(flag.category == "crisis" for flag in found) or not not_meant.isdisjoint(OWN_WORDS_ONLY)
        # "I will die on stage" is what a prediction is for.
        predicted = expects is not None and expects.checks == "prediction"
        meant: list[DangerKind] = [kind for kind in (*OWN_WORDS_ONLY, "other_person") if kind in like]
        if meant and not interrupts and not predicted:
            # Self-harm is like suicide too, but not the other way round.
            kind = "self_harm" if "self_harm" in meant else max(meant, key=lambda each: like[each])
            yield Flag("crisis", kind, "possible", f"like.{kind}")
        known = {flag.kind for flag in found} | set(not_meant)
        for mentioned in MENTIONED:
            if mentioned in like and known.isdisjoint((mentioned, f"{mentioned}_now")):
                yield Flag("contraindication", mentioned, "possible", f"like.{mentioned}")

    def hear(self, heard: Heard, expects: Expects) -> tuple[Flag, ...]:
        """The flags of all transcripts of one utterance.

        Free decoding of a short closed answer is noise: there it is *possible* at most, unless it is three words
        or more and the grammar does not explain the audio. Words that were leaned towards are possible at most, and
        so is all else where a reading that leans towards danger found none.
        """
        # A weak recognizer's made-up words are as often like danger where there is none as where there is.
        weighs = heard.manner != "rough"
        flags = self.flags(heard.text, expects, weigh=weighs)
        explained = expects.kind != "text" and bool(heard.text) and heard.score >= EXPLAINS
        if heard.free and heard.free != heard.text:
            short = len(self._lexicon.folded(heard.free)) < FREE_WORDS
            free = self.flags(heard.free, expects, weigh=weighs and not explained)
            flags += tier_at_most(free, "possible") if expects.kind != "text" and (short or explained) else free
        leaned = tier_at_most(self.flags(heard.leaning, expects, weigh=False), "possible")
        if heard.leaning and not any(flag.category == "crisis" for flag in leaned):
            flags = tier_at_most(flags, "possible")
        # Beneath the coach's own voice, what was leaned towards may be made of its line; where the grammar
        # explains the sound, of its answer.
        if not heard.overlap and not explained and self._is_borne_out(heard.leaning, heard.free):
            flags += leaned
        best = {flag.kind: flag for flag in sorted(flags, key=self._rank, reverse=True)}
        return tuple(sorted(best.values(), key=self._rank))

    def _rank(self, flag: Flag) -> tuple[bool, bool, int, int]:
        kind = 0 if flag.kind in OWN_WORDS_ONLY else _ORDER.index(flag.kind)
        return flag.category != "crisis", flag.tier != "certain", kind, self._place.get(flag.phrase, len(self._place))

    def _is_borne_out(self, leaning: str, free: str) -> bool:
        """Whether words that were leaned towards are an utterance, and free decoding heard some of it too."""
        leaned = set(leaning.split())
        enough = len(self._lexicon.folded(leaning)) >= FREE_WORDS
        return enough and len(leaned & set(free.split())) >= BORNE_OUT * len(leaned)

    def _judged(self, pattern: Pattern, found: Found, around: Around, expects: Expects | None) -> Flag | None:
        """How what was found is meant where it stands; None where it is not meant."""
        may_be_denied = self._may_be_denied(pattern, found)
        if may_be_denied and self._denying.denies(found, around, may_be_over=pattern.kind in OWN_WORDS_ONLY):
            return None
        feared = self._feared(found, expects)
        if feared and (pattern.feared == "drops" or pattern.when == "now"):
            return None
        if pattern.when == "now" and self._told_as("habit", found):
            return None
        if pattern.when == "recent" and self._told_as("long_ago", found):
            return None
        if feared and pattern.kind not in OWN_WORDS_ONLY and expects is not None and expects.checks == "prediction":
            return None
        if pattern.who == "own" and not self._is_said_of_oneself(found):
            return None
        kind, tier = pattern.kind, pattern.tier
        if kind == "other_person" and self._names_the_speaker(found):
            return None
        if kind == "other_person" and found.of_anyone:
            return Flag("crisis", "suicide", "possible", found.name)
        if kind in OWN_WORDS_ONLY and pattern.who == "anyone":
            whose = self._whose(found)
            if whose == "other":
                return Flag("crisis", "other_person", tier, found.name)
            if whose != "self":
                tier = "possible"
        doubted = may_be_denied and self._denying.doubts(found)
        if (
            feared
            or doubted
            or self._denying.supposes(found)
            or self._told_as("past", found)
            or self._told_as("light", found)
        ):
            tier = "possible"
        return Flag("contraindication" if kind in MENTIONED else "crisis", kind, tier, found.name)

    def _may_be_denied(self, pattern: Pattern, found: Found) -> bool:
        """A "not" takes away what is no denial itself."""
        names_one = found.template.names(self._words["denials"] | self._words["nones"])
        return pattern.denied == "drops" or (pattern.denied == "part" and not names_one)

    def _names_the_speaker(self, found: Found) -> bool:
        """ "He says that I am suicidal": what was found runs over an "i" of whom it is said."""
        inside = found.words[found.start + 1 : found.end]
        return any(word == "i" and after in self._words["said_of_one"] for word, after in pairwise(inside))

    def _is_said_of_oneself(self, found: Found) -> bool:
        """Whether the nearest subject before is "i", and nothing since says that it only seemed so."""
        for place in range(found.start - 1, max(found.start - REACH, 0) - 1, -1):
            word = found.words[place]
            if word in ("i", "me", "myself"):
                before = found.words[max(place - 2, 0) : found.start]
                return self._words["seeming"].isdisjoint(before)
            if word in self._words["others"] or word in self._words["self"]:
                return False
        return False

    def _whose(self, found: Found) -> str:
        """self, other or "" by the words found and the nearest subject before them."""
        own, others = self._words["self"], self._words["others"]
        inside = found.words[found.start : found.end]
        before = found.words[max(found.start - REACH, 0) : found.start]
        if found.of_anyone or ("else" in before and not {"anyone", "anybody"}.isdisjoint(before)):
            return ""
        if any(word in self._words["reflexive"] for word in inside):
            return "other"
        if any(word in own for word in inside):
            return "self"
        for place in range(found.start - 1, max(found.start - REACH, 0) - 1, -1):
            word = found.words[place]
            if word == "my" and place > 0 and found.words[place - 1] in self._words["within"]:
                continue
            if word in own and found.words[place + 1] not in self._words["knowing"]:
                # "My plants want to die": it is not oneself that is spoken of, nor a person that is known.
                return "self" if word != "my" else ""
            if word == "you":
                return ""
            if word in others and found.words[place + 1] != "else":
                return "other"
        return ""

    def _is_of_anyone(self, words: Sequence[str], begin: int, to: int, start: int, end: int) -> bool:
        """Whether what is found from `start` to `end` follows a question, `begin` to `to`, that names nobody else."""
        if not begin < end or start - to > REACH:
            return False
        between = set(words[to:end])
        return between.isdisjoint((self._words["others"] | self._words["self"]) - {"they", "their", "them", "who"})

    def _feared(self, found: Found, expects: Expects | None) -> bool:
        """Told as something dreaded, or, in a prediction, as what may come."""
        words, fears, denials = found.words, self._words["fears"], self._words["denials"]
        for place in range(max(found.start - REACH, 0), found.start):
            if words[place] in fears and not (place and words[place - 1] in denials):
                return True
        if not self._words["scares"].isdisjoint(words[found.end : found.end + REACH]):
            return True
        predicted = expects is not None and expects.checks == "prediction"
        near = found.words[max(found.start - 4, 0) : found.end]
        return predicted and any(word in self._words["outcomes"] for word in near)

    def _told_as(self, manner: str, found: Found) -> bool:
        around = found.words[max(found.start - REACH, 0) : found.end + REACH]
        return not self._words[manner].isdisjoint(around)


def screen_of(texts: Mapping[str, str], likeness: Likeness | None = None) -> Screen:
    """The screen of one locale by its texts. Raises `BadInput` listing every fault of its files."""
    faults: list[Fault] = []
    lexicon = read_safety(texts, faults)
    if faults or not lexicon.patterns:
        listed = "\n".join(f"  {fault}" for fault in faults) or "  There are no patterns."
        raise BadInput(f"The safety screen cannot be used; mend what is listed here and try again.\n{listed}")
    return Screen(lexicon, likeness)


def tier_at_most(flags: Iterable[Flag], tier: Tier) -> tuple[Flag, ...]:
    """The flags with nothing surer than `tier`."""
    if tier == "certain":
        return tuple(flags)
    return tuple(Flag(flag.category, flag.kind, "possible", flag.phrase) for flag in flags)
