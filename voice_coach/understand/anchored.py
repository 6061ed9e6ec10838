"""Intents by their anchors: a few words that mean one, in order, where all the rest is company such an intent keeps."""

from __future__ import annotations

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
        self._by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._company: dict[str, frozenset[str]] = {}
        for name, intent in intents.items():
            for saying in intent.anchors:
                anchor = canon(fold(saying))
                self._by_first.setdefault(anchor[0], []).append((name, anchor))
            if intent.anchors:
                own = frozenset(word for entry in intent.company for word in canon(fold(entry)))
                self._company[name] = ((vocabularies[name] | weak) - refusing) | own

    def find(self, words: Sequence[str], least: int = 1) -> tuple[str, ...]:
        """The intents whose anchors hold the most words, `least` or more, where all else said is their company."""
        if not words or len(words) > MOST_WORDS:
            return ()
        held: dict[str, set[int]] = {}
        said = frozenset(words)
        for place, word in enumerate(words):
            for name, anchor in self._by_first.get(word, ()):
                places = self._held(words, place, anchor) if said.issuperset(anchor) else ()
                if places:
                    held.setdefault(name, set()).update(places)
        full = {
            name: len(places)
            for name, places in held.items()
            if all(place in places or word in self._company[name] for place, word in enumerate(words))
        }
        most = max(full.values(), default=0)
        return tuple(name for name, size in full.items() if size == most >= least)

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
