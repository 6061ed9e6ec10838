"""Which intent an utterance is: exact sayings, and phrases by the words that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from voice_coach.understand.catalog import Intent
from voice_coach.understand.spoken import Phrases, Spelling, Tails, fold

MOST_WORDS = 40
"""An utterance longer than this is no command."""
SHORTEST_MENDED = 5
"""Letters a word needs before a slip in it is forgiven."""

MOST_JOINED = 14
"""An utterance longer than this is not taken apart into two sayings."""
FEWEST_FOR_ODD = 4
"""Words that carry meaning an utterance needs before one that is not known is let pass."""

EXACT, COVERED, IN_PARTS, MENDED, ALMOST, CLOSE = 0.99, 0.96, 0.93, 0.8, 0.75, 0.45


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


class Matcher:
    """Matches whole utterances against the sayings of some intents, compiled once."""

    def __init__(self, intents: Mapping[str, Intent], words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        self._rules = rules
        self._weak = frozenset(words.get("weak", ()))
        self._alone = frozenset(words.get("alone", ()))
        self._negations = frozenset(words.get("negations", ()))
        self._light = words.get("light_intents", ())
        self._same = {
            word: group.split("=")[0].strip() for group in words.get("same", ()) for word in group.split("=")[1].split()
        }
        self._leads = Phrases(fold(lead, rules) for lead in words.get("leads", ()))
        self._tails = Tails(fold(tail, rules) for tail in words.get("tails", ()))
        self._exact: dict[tuple[str, ...], str] = {}
        self._frames: dict[str, list[_Frame]] = {}
        self._refused: list[frozenset[str]] = []
        for intent in intents.values():
            self._exact.update((fold(saying, rules), intent.name) for saying in (*intent.exact, *intent.phrases))
        for intent in intents.values():
            self._learn(intent)
        known = {word for words in self._exact for word in words} | set(self._frames)
        self._known = sorted(word for word in known if len(word) >= SHORTEST_MENDED)
        self._vocabulary = known | self._weak | frozenset(self._same)

    def _learn(self, intent: Intent) -> None:
        for saying in (*intent.exact, *intent.phrases):
            self._exact.setdefault(self.stripped(fold(saying, self._rules)), intent.name)
        alone = [saying for saying in intent.exact if saying in self._alone]
        for phrase in (*intent.phrases, *alone):
            frame = self._frame(intent.name, phrase)
            for word in frame.carries:
                self._frames.setdefault(word, []).append(frame)
        for sentence in intent.excludes:
            self._refused.append(frozenset(fold(sentence, self._rules)))

    def _frame(self, name: str, phrase: str) -> _Frame:
        words = frozenset(self._canonical(self.stripped(fold(phrase, self._rules))))
        strong = words - self._weak
        enough = len(strong) > 1 or all(word in self._alone for word in strong)
        return _Frame(name, strong if strong and enough else words, strong or words)

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
        return (
            self._covered(core, COVERED, "covered")
            or self._covered(words, COVERED, "covered")
            or self._in_parts(core)
            or self._mended(core)
        )

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
        said = frozenset(self._canonical(words))
        if any(refused <= said for refused in self._refused if len(refused) > 1):
            return ()
        carried = (said - self._weak) or said
        covers: dict[str, set[str]] = {}
        seen: set[int] = set()
        for word in carried:
            for frame in self._frames.get(word, ()):
                if id(frame) not in seen and frame.needs <= said:
                    seen.add(id(frame))
                    covers.setdefault(frame.name, set()).update(frame.needs)
        full = {name: len(cover) for name, cover in covers.items() if carried <= cover}
        if full:
            most = max(full.values())
            best = [name for name, size in full.items() if size == most]
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
        """The same with at most one slip in a long word put right."""
        odd = [word for word in words if word not in self._vocabulary and len(word) >= SHORTEST_MENDED]
        if len(odd) != 1 or (len(words) == 1 and len(odd[0]) < 8):
            return ()
        near = process.extractOne(odd[0], self._known, scorer=fuzz.ratio, score_cutoff=75)
        if near is None or DamerauLevenshtein.distance(odd[0], near[0]) > 1:
            return ()
        mended = tuple(near[0] if word == odd[0] else word for word in words)
        name = self._exact.get(mended) or self._exact.get(self.stripped(mended))
        if name is not None:
            return (Candidate(name, MENDED, f"mended {odd[0]} to {near[0]}"),)
        return self._covered(mended, MENDED, f"mended {odd[0]} to {near[0]}")

    @property
    def sayings(self) -> Sequence[tuple[tuple[str, ...], str]]:
        """Every exact saying and phrase, folded, with its intent."""
        return tuple(self._exact.items())
