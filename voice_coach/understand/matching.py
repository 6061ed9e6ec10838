"""Which intent an utterance is: exact sayings, and phrases by the words that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from voice_coach.understand.anchored import Anchors
from voice_coach.understand.catalog import Intent
from voice_coach.understand.spoken import Phrases, Spelling, Tails, fold

MOST_WORDS = 40
"""An utterance longer than this is no command."""
SHORTEST_MENDED = 5
"""Letters a word needs before a slip in it is forgiven."""
LONG = 9
"""Letters from which a word that is said alone may have a wrong letter."""

SHORTEST_BEGUN = 2
"""Letters of a word that broke off; a single one is a stutter, which folding drops."""
MOST_JOINED = 14
"""An utterance longer than this is not taken apart into two sayings."""
FEWEST_FOR_ODD = 5
"""Words that carry meaning an utterance needs before one that is not known is let pass."""

FEWEST_ANCHORED = 4
"""Words of an anchor that say more than the same words in any order."""
FEWEST_ALIKE = 3
"""Words an utterance needs before likeness to a phrase counts."""
ALIKE = 66.0
"""rapidfuzz ratio, 0 to 100, from which an utterance is like a phrase."""
MARGIN = 6.0
"""By how much the likest intent must be ahead of the second."""

PLAIN_ANYWHERE = frozenset({"set_reminder"})
"""Commands that are as plain among their company in an open answer, unless somebody speaks of themselves."""
ANCHORED = 0.92
EXACT, COVERED, IN_PARTS, LIKELY, MENDED, ALMOST, CLOSE = 0.99, 0.96, 0.89, 0.85, 0.8, 0.75, 0.45


@dataclass(frozen=True, slots=True)
class Candidate:
    """An intent that an utterance may be."""

    name: str
    score: float
    """Probability that it is this one."""
    guard: str
    """What decided: exact, covered, mended, close, or why it was refused."""


@dataclass(frozen=True, slots=True)
class _Frame:
    name: str
    needs: frozenset[str]
    carries: frozenset[str]
    """The words of `needs` that mean something: an utterance may hold no others."""
    denied: frozenset[str]
    """Those of them that the phrase denies: in an utterance they come after its denial."""


class Matcher:
    """Matches whole utterances against the sayings of some intents, compiled once."""

    def __init__(self, intents: Mapping[str, Intent], words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        self._rules = rules
        self._weak = frozenset(words.get("weak", ()))
        self._alone = frozenset(words.get("alone", ()))
        self._negations = frozenset(words.get("negations", ()))
        self._asking = frozenset(words.get("asking", ()))
        self._light = words.get("light_intents", ())
        self._same = {
            word: group.split("=")[0].strip() for group in words.get("same", ()) for word in group.split("=")[1].split()
        }
        self._leads = Phrases(fold(lead, rules) for lead in words.get("leads", ()))
        self._tails = Tails(fold(tail, rules) for tail in words.get("tails", ()))
        self._exact: dict[tuple[str, ...], str] = {}
        self._frames: dict[str, list[_Frame]] = {}
        self._refused: set[frozenset[str]] = set()
        self._texts: dict[str, list[str]] = {}
        self._vocabularies: dict[str, frozenset[str]] = {}
        folded = {
            name: [fold(saying, rules) for saying in (*intent.exact, *intent.phrases)]
            for name, intent in intents.items()
        }
        for name, sayings in folded.items():
            self._exact.update((words, name) for words in sayings)
        for name, intent in intents.items():
            self._learn(intent, folded[name])
        refusing = self._negations | self._asking | {"no"}
        self._anchors = Anchors(
            intents, lambda saying: fold(saying, rules), self._canonical, self._vocabularies, self._weak, refusing
        )
        self._listed = frozenset(word for entries in words.values() for entry in entries for word in entry.split())
        known = {word for words in self._exact for word in words} | set(self._frames)
        self._known = sorted(word for word in known if len(word) >= SHORTEST_MENDED)
        self._vocabulary = known | self._weak | frozenset(self._same) | self._anchors.words

    def _learn(self, intent: Intent, folded: list[tuple[str, ...]]) -> None:
        cores = [core if len(core := self.stripped(words)) > 1 else words for words in folded]
        for core in cores:
            self._exact.setdefault(core, intent.name)
        sayings = [self._canonical(core) for core in cores]
        alone = [words for words in sayings[: len(intent.exact)] if len(words) == 1 and words[0] in self._alone]
        for words in (*sayings[len(intent.exact) :], *alone):
            frame = self._frame(intent.name, words)
            for word in frame.carries:
                self._frames.setdefault(word, []).append(frame)
        self._texts[intent.name] = [" ".join(words) for words in sayings if len(words) > 1]
        self._vocabularies[intent.name] = frozenset(word for words in sayings for word in words) - self._weak
        self._refused.update(frozenset(fold(sentence, self._rules)) for sentence in intent.excludes)

    def _frame(self, name: str, said: tuple[str, ...]) -> _Frame:
        words = frozenset(said)
        strong = words - self._weak
        enough = len(strong) > 1 or all(word in self._alone for word in strong)
        denial = self._denial(said)
        denied = frozenset(said[denial + 1 :]) & strong - self._negations
        return _Frame(name, strong if strong and enough else words, strong or words, denied)

    def _denial(self, words: Sequence[str]) -> int:
        """Where the first word that denies stands; past the end for none."""
        return next((place for place, word in enumerate(words) if word in self._negations), len(words))

    def _canonical(self, words: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._same.get(word, word) for word in words)

    def stripped(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without polite openings and closings."""
        while True:
            shorter = self._tails.strip(self._leads.strip_front(words))
            if shorter == words:
                return words
            words = shorter

    def candidates(self, words: tuple[str, ...]) -> tuple[Candidate, ...]:
        """The intents this utterance may be, best first; empty for none."""
        if not words or len(words) > MOST_WORDS:
            return ()
        core = self.stripped(words)
        for form in (words, core):
            name = self._exact.get(form)
            if name is not None:
                return (Candidate(name, EXACT, "exact"),)
        if frozenset(words) in self._refused:
            return ()
        names, size = self._anchors.find(self._canonical(core))
        anchored = _anchored(names)
        if size >= FEWEST_ANCHORED:
            return anchored
        return (
            self._covered(core, COVERED, "covered")
            or (core != words and self._covered(words, COVERED, "covered"))
            or (self._gives_way(names) and self._in_parts(core))
            or anchored
            or (core != words and _anchored(self._anchors.find(self._canonical(words))[0]))
            or (not names and self._in_parts(core))
            or self._alike(core)
            or self._mended(core)
            or self._unbroken(core)
        )

    def _gives_way(self, names: Sequence[str]) -> bool:
        """Whether an anchor's intent is one that gives way to another that is said with it."""
        return any(name in self._light for name in names)

    def kept_out(self, words: tuple[str, ...]) -> str:
        """Why these words are no command though they hold the anchor of one; "" where they hold none."""
        found = self._anchors.strangers(self._canonical(self.stripped(words))) if len(words) <= MOST_WORDS else None
        return f"{found[0]}, but for {', '.join(found[1])}" if found is not None and found[1] else ""

    def _unbroken(self, words: tuple[str, ...]) -> tuple[Candidate, ...]:
        """The same without a word that broke off and was begun anew: "re repeat"."""
        kept = tuple(
            word
            for word, after in zip(words, (*words[1:], ""), strict=True)
            if word in self._vocabulary or len(word) < SHORTEST_BEGUN or word == after or not after.startswith(word)
        )
        return self.candidates(kept) if kept != words else ()

    def _alike(self, words: tuple[str, ...]) -> tuple[Candidate, ...]:
        """The intent that knows every word and has a phrase much like this one, clearly ahead of the others."""
        said = self._canonical(words)
        carried = frozenset(said) - self._weak
        if len(said) < FEWEST_ALIKE or not (len(carried) > 1 or carried & self._alone):
            return ()
        text = " ".join(said)
        turn = self._turn(said)
        near: list[tuple[float, str]] = []
        for name, vocabulary in self._vocabularies.items():
            if carried <= vocabulary:
                best = process.extractOne(text, self._texts[name], scorer=fuzz.ratio, score_cutoff=ALIKE)
                if best is not None and self._same_way(best[0].split(), said, turn):
                    near.append((best[1], name))
        near.sort(reverse=True)
        if not near or (len(near) > 1 and near[0][0] - near[1][0] < MARGIN):
            return tuple(Candidate(name, CLOSE, "two are alike") for _, name in near)
        return (Candidate(near[0][1], LIKELY, "alike"),)

    def _same_way(self, phrase: Sequence[str], said: tuple[str, ...], turn: tuple[int, frozenset[str]]) -> bool:
        """Whether both deny and ask alike, and nothing that the phrase denies was said before the denial."""
        denied = frozenset(phrase[self._denial(phrase) + 1 :]) - self._weak - self._negations
        early = frozenset(said[: self._denial(said)]) if turn[0] else frozenset[str]()
        return self._turn(phrase) == turn and not denied & early

    def _turn(self, words: Sequence[str]) -> tuple[int, frozenset[str]]:
        """What turns a sentence about: how often it denies, and what it asks for."""
        return sum(word in self._negations for word in words), self._asking.intersection(words)

    def requests(self, words: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Only what is plainly said to the coach: in an open answer "I talk too fast" is no wish for less speed."""
        found = self.candidates(words)
        asked = bool(words) and self.stripped(words)[:1] != words[:1]
        plain = found and (
            found[0].guard == "exact"
            or (found[0].guard == "covered" and asked)
            or (found[0].guard == "anchored" and found[0].name in PLAIN_ANYWHERE and "i" not in words)
        )
        return found if plain else ()

    def _in_parts(self, words: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Two sayings one after the other: of one intent, or of two of which the weightier counts."""
        if len(words) > MOST_JOINED:
            return ()
        for place in range(1, len(words)):
            first, second = self.stripped(words[:place]), self.stripped(words[place:])
            names = [self._exact.get(first), self._exact.get(second)]
            if names == [None, None]:
                continue
            for side, part in enumerate((first, second)):
                if names[side] is None:
                    found = self._covered(part, COVERED, "covered")
                    names[side] = found[0].name if len(found) == 1 else None
            told = [name for name in names if name is not None]
            if len(told) == 2:
                return self._weightier(told)
        return ()

    def _weightier(self, names: list[str]) -> tuple[Candidate, ...]:
        for light in self._light:
            rest = [name for name in names if name != light]
            names = rest or names
        if "stop" in names or len(set(names)) == 1:
            return (Candidate("stop" if "stop" in names else names[0], IN_PARTS, "in parts"),)
        return tuple(Candidate(name, CLOSE, "two said") for name in names)

    def _covered(self, words: tuple[str, ...], score: float, guard: str) -> tuple[Candidate, ...]:
        order = self._canonical(words)
        said = frozenset(order)
        carried = (said - self._weak) or said
        early = frozenset(order[: self._denial(order)]) if said & self._negations else frozenset[str]()
        covers: dict[str, set[str]] = {}
        seen: set[int] = set()
        whole: set[str] = set()
        for word in carried:
            for frame in self._frames.get(word, ()):
                if id(frame) not in seen and frame.needs <= said and not frame.denied & early:
                    seen.add(id(frame))
                    covers.setdefault(frame.name, set()).update(frame.needs)
                    if carried <= frame.needs:
                        whole.add(frame.name)
        full = {name: len(cover) for name, cover in covers.items() if carried <= cover}
        if full:
            most = max(full.values())
            best = [name for name, size in full.items() if size == most]
            # One phrase that says it all is nearer than two that say it together.
            best = [name for name in best if name in whole] or best
            if len(best) == 1:
                return (Candidate(best[0], score, guard),)
            return tuple(Candidate(name, CLOSE, "two fit") for name in best)
        return self._almost(carried, covers)

    def _almost(self, carried: frozenset[str], covers: Mapping[str, set[str]]) -> tuple[Candidate, ...]:
        """One word of four or more is not accounted for, and it is no negation."""
        if len(carried) < FEWEST_FOR_ODD:
            return ()
        near = [
            name for name, cover in covers.items() if len(odd := carried - cover) == 1 and not odd & self._negations
        ]
        return (Candidate(near[0], ALMOST, "all but one word"),) if len(near) == 1 else ()

    def _mended(self, words: tuple[str, ...]) -> tuple[Candidate, ...]:
        """The same with at most one slip in a long word put right; asked about where it may be of two words."""
        odd = [word for word in words if word not in self._vocabulary and len(word) >= SHORTEST_MENDED]
        if len(odd) != 1:
            return ()
        near = process.extract(odd[0], self._known, scorer=fuzz.ratio, score_cutoff=75, limit=5)
        found: dict[str, Candidate] = {}
        for meant, _, _ in near:
            if DamerauLevenshtein.distance(odd[0], meant) > 1 or not self._slips(odd[0], meant, words):
                continue
            mended = tuple(meant if word == odd[0] else word for word in words)
            guard = f"mended {odd[0]} to {meant}"
            name = self._exact.get(mended) or self._exact.get(self.stripped(mended))
            read = (Candidate(name, MENDED, guard),) if name is not None else self._covered(mended, MENDED, guard)
            found.update((candidate.name, candidate) for candidate in read)
        if len(found) == 1:
            return tuple(found.values())
        return tuple(Candidate(name, CLOSE, "two may be meant") for name in found)

    def _slips(self, odd: str, meant: str, words: tuple[str, ...]) -> bool:
        """Whether one is the other mistyped. A lone short word with another letter may well be a word of its own."""
        return (
            len(words) > 1
            or len(odd) >= LONG
            or (odd not in self._listed and len(odd) != len(meant))
            or (odd not in self._listed and sorted(odd) == sorted(meant))
        )

    @property
    def sayings(self) -> Sequence[tuple[tuple[str, ...], str]]:
        """Every exact saying and phrase, folded, with its intent."""
        return tuple(self._exact.items())


def _anchored(names: tuple[str, ...]) -> tuple[Candidate, ...]:
    """The intent that an anchor names; several are asked about."""
    if len(names) == 1:
        return (Candidate(names[0], ANCHORED, "anchored"),)
    return tuple(Candidate(name, CLOSE, "two anchors") for name in names)
