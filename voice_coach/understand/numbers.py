"""Ratings from 0 to 10 in spoken words: halves, ranges, repairs, refusals, homophones, and what is no rating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.distance import DamerauLevenshtein

from voice_coach.understand.figures import Figures, Span
from voice_coach.understand.spoken import Phrases, Spelling, Tails, fold

MOST_WORDS = 60
ARTICLES = ("a", "an")
SHORTEST_SLIP = 5
"""Letters of a number word in which a slip is asked about."""
AMONG_OTHERS = 0.85
"""Probability of a rating at most where another number was said that is none."""
LEAST_AFTER_AND = 0.93
"""Probability a rating after "and" needs: it may as well go on with what was counted."""
YEARS = (1900, 2100)
"""Such a number among other words is a year, not a rating gone too far."""


@dataclass(frozen=True, slots=True)
class Rated:
    """What an utterance says as a rating: one value, several in doubt, out of the scale, or nothing."""

    values: tuple[float, ...]
    sure: bool
    score: float
    guard: str
    outside: bool = False


NOTHING = Rated((), False, 0.0, "no number that is a rating")


class Ratings:
    """Reads ratings; compiled once from the word lists and number words of the language."""

    def __init__(
        self,
        numbers: Mapping[str, float],
        homophones: Mapping[str, str],
        words: Mapping[str, tuple[str, ...]],
        rules: Spelling,
    ) -> None:
        self._homophones = {heard: numbers[meant] for heard, meant in homophones.items() if meant in numbers}
        self._words = {name: frozenset(entries) for name, entries in words.items()}
        self._figures = Figures(numbers, self._words)
        self._long = sorted(word for word, value in numbers.items() if 0 <= value <= 10 and len(word) >= SHORTEST_SLIP)
        self._listed = frozenset(word for entries in words.values() for entry in entries for word in entry.split())
        self._phrases = {
            name: Phrases(fold(entry, rules) for entry in words.get(name, ()))
            for name in ("scale", "scale_after", "repairs", "instead_of", "zero", "top", "bottom", "middle",
                         "rating_before", "not_rating_before", "no_ratings", "bounds", "bounds_after", "hedges",
                         "asides")
        }  # fmt: skip
        self._aside_tails = Tails(fold(entry, rules) for entry in words.get("asides", ()))
        self._undecided_tails = Tails(fold(entry, rules) for entry in words.get("undecided", ()))
        self._hedge_tails = Tails(fold(entry, rules) for entry in words.get("hedge_tails", ()))

    def read(self, words: tuple[str, ...]) -> Rated:
        """The rating in these folded words, as an answer to "from zero to ten?"."""
        if not words or len(words) > MOST_WORDS:
            return NOTHING
        words, of_ten = self._without_scale(self._asides_off(words))
        if not words:
            return Rated((10.0,), False, 0.4, "only the scale, or its top said twice")
        settled = self._undecided_tails.strip(words)
        rated = self._read(settled, of_ten)
        if settled != words and rated.values:
            return Rated(rated.values, False, 0.5, "said without being sure")
        if not rated.sure and len(rated.values) < 2:
            return self._last_clause(settled) or rated
        return rated

    def _read(self, words: tuple[str, ...], of_ten: bool) -> Rated:
        whole = self._whole(words, of_ten)
        if whole is not None:
            return whole
        spans = self._figures.spans(words)
        if not spans or self._find("no_ratings", words) is not None:
            return NOTHING
        words, other_scale = self._without_other_scale(words, spans)
        if other_scale:
            rated = self._read(words, of_ten)
            return Rated((), True, 0.93, "of another scale", outside=True) if rated.sure else NOTHING
        words, spans = self._preferred(words, spans)
        words, spans = self._repaired(words, spans)
        said = self._groups(words, spans)
        groups = [group for group in said if not self._refused(words, group)]
        if not groups:
            return NOTHING
        rated = self._decided(words, groups, of_ten)
        odd = any(group not in groups and not self._denied(words, group[0]) for group in said)
        return replace(rated, score=min(rated.score, AMONG_OTHERS)) if odd else rated

    def _last_clause(self, words: tuple[str, ...]) -> Rated | None:
        """The rating in the last clause, where the one before it holds no number: "I know it is silly, but eight"."""
        place = max((place for place, word in enumerate(words) if word in self._list("joining")), default=0)
        before, clause = words[:place], words[place + 1 :]
        if not before or not clause or self._figures.spans(before):
            return None
        rated = self._read(clause, of_ten=False)
        least = LEAST_AFTER_AND if words[place] == "and" else 0.0
        if not rated.sure or not rated.values or rated.score < least or (least and len(clause) < 2):
            return None
        return Rated(rated.values, True, 0.85, "a clause of its own")

    def is_number(self, word: str) -> bool:
        """Whether one word is a number."""
        return self._figures.value(word) is not None

    def numbers(self, words: tuple[str, ...]) -> tuple[float, ...]:
        """Every number said, in order."""
        return tuple(span.value for span in self._figures.spans(words))

    def read_clauses(self, clauses: Sequence[tuple[str, ...]]) -> Rated:
        """The rating in the one clause that is one, or in all that say the same; others hold none, or a denied one."""
        said = [self.read(words) for words in clauses]
        given = [rated for rated in said if rated.values or rated.outside]
        if not given or not all(rated.sure and rated.values == given[0].values != () for rated in given):
            return NOTHING
        for words, rated in zip(clauses, said, strict=True):
            if rated not in given and not self._aside(words):
                return NOTHING
        return Rated(given[0].values, True, 0.85, "a clause of its own")

    def _aside(self, words: tuple[str, ...]) -> bool:
        """True for a clause that takes nothing back and names no number, or names one only to deny it."""
        if any(word in self._list("never_ratings") for word in words):
            return False
        spans = self._figures.spans(words)
        if spans:
            return all(self._denied(words, span) for span in spans)
        return not words or not self._phrases["repairs"].at(words, 0)

    def _list(self, name: str) -> frozenset[str]:
        return self._words.get(name, frozenset())

    def _find(self, name: str, words: tuple[str, ...]) -> tuple[int, int] | None:
        phrases = self._phrases[name]
        for place in range(len(words)):
            length = phrases.at(words, place)
            if length:
                return place, place + length
        return None

    def _without_scale(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
        """The words without "out of ten" and "from zero to ten"."""
        found = self._find("scale", words)
        of_ten = found is not None
        while found is not None:
            words = words[: found[0]] + words[found[1] :]
            found = self._find("scale", words)
        for place in range(1, len(words)):
            length = self._phrases["scale_after"].at(words, place)
            if length and self._figures.value(words[place - 1]) is not None:
                return words[:place] + words[place + length :], True
        return words, of_ten

    def _without_other_scale(self, words: tuple[str, ...], spans: list[Span]) -> tuple[tuple[str, ...], bool]:
        """The words without the scale that is not ours: "out of five", "out of a hundred"."""
        for first, other in pairwise(spans):
            between = tuple(word for word in words[first.end : other.begin] if word not in ARTICLES)
            if between == ("out", "of"):
                return words[: first.end] + words[other.end :], True
        return words, False

    def _asides_off(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without what is said about the saying, at either end: "to be honest", "trust me"."""
        while True:
            shorter = self._aside_tails.strip(self._phrases["asides"].strip_front(words))
            if shorter == words:
                return words
            words = shorter

    def _core(self, words: tuple[str, ...]) -> tuple[str, ...]:
        while True:
            shorter = self._hedge_tails.strip(self._phrases["hedges"].strip_front(words))
            if shorter == words:
                return words
            words = shorter

    def _whole(self, words: tuple[str, ...], of_ten: bool) -> Rated | None:
        """Whole utterances that mean a rating without a number word, or by a homophone."""
        for form in (words, self._core(words)):
            for name, value, sure in (("zero", 0.0, True), ("bottom", 0.0, False), ("top", 10.0, False),
                                      ("middle", 5.0, False)):  # fmt: skip
                found = self._find(name, form)
                if found == (0, len(form)) or (found is not None and not sure and not self._figures.spans(form)):
                    return Rated((value,), sure, 0.95 if sure else 0.5, f"said as a word for an end ({name})")
        alone = all(word in self._list("before_number") for word in words[:-1])
        if words[-1] in self._homophones and (alone or (of_ten and self._plain(words[:-1]))):
            return Rated((self._homophones[words[-1]],), True, 0.8, "sounds like a number word")
        if (rest := self._phrases["zero"].strip_front(words)) != words and (rated := self._read(rest, of_ten)).sure:
            return rated if rated.values == (0.0,) else None
        return self._slipped(self._core(words))

    def _slipped(self, words: tuple[str, ...]) -> Rated | None:
        """A lone unknown word that is a long number word with one slip in it."""
        if len(words) != 1 or words[0] in self._listed or self._figures.value(words[0]) is not None:
            return None
        near = [word for word in self._long if DamerauLevenshtein.distance(words[0], word, score_cutoff=1) <= 1]
        return Rated((self._figures.value(near[0]) or 0.0,), False, 0.5, f"nearly {near[0]}") if near else None

    def _followed(self, words: Sequence[str], place: int, name: str) -> bool:
        return place < len(words) and words[place] in self._list(name)

    def _after(self, words: Sequence[str], place: int, name: str) -> bool:
        return place < len(words) and self._phrases[name].at(words, place) > 0

    def _repaired(self, words: tuple[str, ...], spans: list[Span]) -> tuple[tuple[str, ...], list[Span]]:
        """Only what was said after the last "no", "sorry", "I mean", or after "now" where the first is no longer so."""
        cut = 0
        for before, after in pairwise(spans):
            between = words[before.end : after.begin]
            if self._past(words, before, after):
                return words[: before.end], [span for span in spans if span.end <= before.end]
            if between[-1:] == ("but",) and self._given_up(words, before):
                cut = after.begin
                continue
            ends = [place + length for place in range(len(between))
                    if (length := self._phrases["repairs"].at(between, place))]  # fmt: skip
            once = self._list("once").intersection(words[: before.begin])
            if not ends and "now" in between and self._list("once").intersection(words[: before.begin] + between):
                ends = [between.index("now") + 1]
            elif not ends and once and ("but" in between or "now" in words[after.end :]):
                ends = [between.index("but") + 1 if "but" in between else len(between)]
            if ends:
                cut = before.end + max(ends)
        return words[cut:], [Span(span.value, span.begin - cut, span.end - cut) for span in spans if span.begin >= cut]

    def _past(self, words: tuple[str, ...], before: Span, after: Span) -> bool:
        """True where the later number is only what it was: "six now, was eight before"."""
        between = words[before.end : after.begin]
        if not self._list("past").intersection(between) or self._list("past").intersection(words[: before.begin]):
            return False
        return "now" in between[:1] or bool(self._list("once").intersection(words[after.end :]))

    def _given_up(self, words: tuple[str, ...], span: Span) -> bool:
        """True for a number that is denied or was only going to be said: "not five but", "I thought five but"."""
        return self._denied(words, span) or bool(self._list("intended").intersection(words[: span.begin]))

    def _preferred(self, words: tuple[str, ...], spans: list[Span]) -> tuple[tuple[str, ...], list[Span]]:
        """Without a later number that the answer is said not to be: "five rather than six", "a seven, not an eight"."""
        for first, other in pairwise(spans):
            between = words[first.end : other.begin]
            while between and between[-1] in (*ARTICLES, "like"):
                between = between[:-1]
            if between[-2:] == ("if", "not") or any(self._ends_with("bounds", between)):
                continue
            for length in range(min(len(between), 3), 0, -1):
                if self._phrases["instead_of"].at(between, len(between) - length) == length:
                    cut = first.end + len(between) - length
                    rest = words[:cut] + words[other.end :]
                    return rest, self._figures.spans(rest)
        return words, spans

    def _groups(self, words: tuple[str, ...], spans: list[Span]) -> list[list[Span]]:
        """Numbers said as one answer: "six or seven", "between five and six"; a denied first one falls away."""
        groups: list[list[Span]] = []
        for span in spans:
            between = words[groups[-1][-1].end : span.begin] if groups else ()
            if not groups or any(word not in self._list("between_numbers") for word in between):
                groups.append([span])
            elif not between and self._denied(words, groups[-1][0]):
                groups[-1] = [span]
            else:
                groups[-1].append(span)
        return groups

    def _denied(self, words: tuple[str, ...], span: Span) -> bool:
        for place in range(span.begin - 1, max(span.begin - 6, -1), -1):
            if words[place] in self._list("negations"):
                return True
            if words[place] not in self._list("between_not"):
                return False
        return False

    def _refused(self, words: tuple[str, ...], group: list[Span]) -> bool:
        """True where numbers are no rating: denied, counted, a time, or a pronoun."""
        before, end = words[: group[0].begin], group[-1].end
        if self._denied(words, group[0]):
            return True
        if end < len(words) and words[end] not in self._list("rating_after"):
            return True
        if any(word in self._list("never_ratings") for word in before):
            return True
        if words[end : end + 2] == ("out", "of"):
            return True
        if len(group) == 1 and self._one_of_things(words, group[0]):
            return True
        if not before or self._plain(before) or self._cued(before) or self._bounded(before):
            return False
        if any(word in self._list("somebody_else") for word in before):
            return True
        return any(self._ends_with("not_rating_before", before))

    def _one_of_things(self, words: tuple[str, ...], span: Span) -> bool:
        """True for "one" as a pronoun: "that one", "one of those"."""
        if words[span.begin : span.end] != ("one",):
            return False
        before = words[: span.begin]
        if before[-1:] and before[-1] in self._list("not_one_before"):
            return before[:-1] == () or before[-1] not in ("that", "this") or not self._cued(before)
        return self._followed(words, span.end, "not_one_after") and not self._cued(before)

    def _ends_with(self, name: str, words: tuple[str, ...]) -> Iterator[bool]:
        phrases = self._phrases[name]
        for length in range(1, min(len(words), 4) + 1):
            yield phrases.at(words, len(words) - length) == length

    def _begun(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words before a number without the beginning of it that was stuttered: "sev seven"."""
        cut = words[-2:-1] and len(words[-2]) > 1 and words[-1].startswith(words[-2]) and words[-2] != "on"
        return words[:-2] if cut else words[:-1]

    def _plain(self, before: tuple[str, ...]) -> bool:
        known = self._list("rating_words") | self._list("before_number")
        if not all(word in known or self._figures.value(word) is not None for word in before):
            return False
        near = [word for word in before if word not in self._list("before_number") or word == "at"]
        return len(near) < 2 or near[-1] != "at" or near[-2] in self._list("before_at")

    def _cued(self, before: tuple[str, ...]) -> bool:
        """True where a rating is announced right before the number, hedges aside."""
        while before and before[-1] in self._list("before_number"):
            if any(self._ends_with("rating_before", before)):
                return True
            before = before[:-1]
        return bool(before) and any(self._ends_with("rating_before", before))

    def _described(self, before: tuple[str, ...]) -> bool:
        """True for "a soft", "a rather shaky": one or two words that are no thing that is numbered."""
        for length in (1, 2):
            if len(before) > length and before[-1 - length] in ARTICLES:
                return not any(word in self._list("numbered") for word in before[-length:])
        return False

    def _bounded(self, before: tuple[str, ...]) -> bool:
        while before and before[-1] in (*ARTICLES, "the"):
            before = before[:-1]
        return bool(before) and any(self._ends_with("bounds", before))

    def _decided(self, words: tuple[str, ...], groups: list[list[Span]], of_ten: bool) -> Rated:
        spans = [span for group in groups for span in group]
        before = self._begun(words[: spans[0].begin + 1])
        values = tuple(dict.fromkeys(span.value for span in spans))
        percent = any(self._followed(words, span.end, "percent") for span in spans)
        inside = tuple(value for value in values if 0 <= value <= 10)
        meant = self._plain(before) or of_ten or self._cued(before)
        if percent or not inside:
            year = YEARS[0] <= max(values) <= YEARS[1] and len(words) > 1
            return Rated((), True, 0.95, "not on the scale", outside=True) if meant and not year else NOTHING
        if len(inside) < len(values):
            if any(first.end == other.begin for first, other in pairwise(spans)):
                return NOTHING  # "one eighty", "seven forty five"
            return Rated(inside, False, 0.5, "one of the numbers is not on the scale")
        if len(values) > 1:
            return Rated(values, False, 0.5, "more than one number")
        value = values[0]
        if value * 2 != int(value * 2):
            low = int(value * 2) / 2
            nearest = (low, low + 0.5) if value - low <= 0.25 else (low + 0.5, low)
            return Rated(nearest, False, 0.5, "not a half")
        if self._bounded(before) or self._after(words, spans[0].end, "bounds_after"):
            return Rated(values, False, 0.5, "a bound, not a value")
        if meant:
            return Rated(values, True, 0.97 if self._plain(before) else 0.93, "one number")
        if before[-1] in ARTICLES or self._described(before):
            return Rated(values, True, 0.85, "one number, said as a degree")
        return Rated(values, False, 0.4, "a number among other words")
