"""Intents by their anchors: a few words that mean one, in order, where all the rest is company such an intent keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from voice_coach.understand.catalog import Intent

GAP = 2
"""Words that may stand between two words of an anchor."""
MOST_WORDS = 14
"""An utterance longer than this is about something of its own."""

Canon = Callable[[Iterable[str]], tuple[str, ...]]


class Anchors:
    """Finds the intent whose anchor an utterance holds; compiled once from folded, canonical words."""

    def __init__(
        self,
        intents: Mapping[str, Intent],
        fold: Callable[[str], tuple[str, ...]],
        canon: Canon,
        vocabularies: Mapping[str, frozenset[str]],
        weak: frozenset[str],
        refusing: frozenset[str],
    ) -> None:
        self._refusing = refusing
        self._company: dict[str, frozenset[str]] = {}
        anchors: list[tuple[str, tuple[str, ...]]] = []
        for name, intent in intents.items():
            anchors += [(name, canon(fold(saying))) for saying in intent.anchors]
            if intent.anchors:
                own = frozenset(word for entry in intent.company for word in canon(fold(entry)))
                self._company[name] = ((vocabularies[name] | weak) - refusing) | own
        self.words = frozenset(word for _, anchor in anchors for word in anchor).union(*self._company.values())
        """Every word of an anchor or of its company."""
        times = Counter(word for _, anchor in anchors for word in anchor)
        self._by_rarest: dict[str, list[tuple[str, tuple[str, ...], frozenset[str]]]] = {}
        for name, anchor in anchors:
            rarest = min(anchor, key=lambda word: times[word])
            self._by_rarest.setdefault(rarest, []).append((name, anchor, frozenset(anchor)))

    def find(self, words: Sequence[str]) -> tuple[tuple[str, ...], int]:
        """The intents whose anchors hold the most words, all else said being their company, and how many they hold."""
        if not words or len(words) > MOST_WORDS:
            return (), 0
        full = {
            name: len(places)
            for name, places in self._places(words).items()
            if all(place in places or word in self._company[name] for place, word in enumerate(words))
        }
        most = max(full.values(), default=0)
        return tuple(name for name in self._company if full.get(name) == most), most

    def strangers(self, words: Sequence[str]) -> tuple[str, tuple[str, ...]] | None:
        """The intent whose anchor is held with the fewest words that are not its company, and these; None for none."""
        kept_out = [
            (name, tuple(word for at, word in enumerate(words) if at not in places and word not in self._company[name]))
            for name, places in self._places(words).items()
        ]
        return min(kept_out, key=lambda one: len(one[1]), default=None)

    def _places(self, words: Sequence[str]) -> dict[str, set[int]]:
        """Where the words of anchors stand, by intent."""
        held: dict[str, set[int]] = {}
        said = frozenset(words)
        for word in said:
            for name, anchor, needed in self._by_rarest.get(word, ()):
                if needed <= said:
                    for place, first in enumerate(words):
                        if first == anchor[0] and (places := self._held(words, place, anchor)):
                            held.setdefault(name, set()).update(places)
        return held

    def _held(self, words: Sequence[str], place: int, anchor: tuple[str, ...]) -> tuple[int, ...]:
        """Where the words of the anchor stand from `place` on, little and no denial between them; empty where not."""
        places = [place]
        for wanted in anchor[1:]:
            ahead = range(places[-1] + 1, min(places[-1] + GAP + 2, len(words)))
            found = next((at for at in ahead if words[at] == wanted), None)
            if found is None or any(words[at] in self._refusing for at in range(places[-1] + 1, found)):
                return ()
            places.append(found)
        return tuple(places)
