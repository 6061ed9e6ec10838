"""Yes or no: read from the words of agreement, truth and refusal, with their negations, all accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice_coach.understand.spoken import Phrases, Spelling, fold

MOST_WORDS = 40
REACH = 5
"""How many words on a negation still turns what it meets ("I don't believe that is true")."""
MOST_BEFORE_LAST = 5
"""Words that may stand before a closing "yes" or "no" and mean nothing known."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an utterance says to a yes-no question. `value` None: doubtful, or nothing at all when score is 0."""

    value: bool | None
    score: float
    guard: str


NOTHING = Reading(None, 0.0, "no word of agreement or refusal")


@dataclass(slots=True)
class _Tally:
    """What has been said for and against so far."""

    signs: list[int] = field(default_factory=list)
    emphasis: list[int] = field(default_factory=list)
    """ "Definitely" is a yes only where nothing else decides."""
    odd: list[str] = field(default_factory=list)
    negated: bool = False
    since: int = 0
    """Where the negation that is still open stands."""
    doubt: bool = False
    polite: bool = False
    degree: bool = False
    """ "A little", "sometimes": doubt by itself, but a yes after a yes."""
    turned: bool = False
    """Whether a denial turned anything said."""
    truth: bool = False
    """Whether something said is about being right, and not about being well."""

    def add(self, sign: int, *, flips: bool, near: bool = False) -> None:
        """One word for or against. `near`: a denial right before a word against makes it a yes ("not wrong")."""
        if self.negated and flips:
            self.doubt = self.doubt or (sign < 0 and not near)
            self.signs.append(-sign)
            self.negated, self.turned = False, True
        else:
            self.doubt = self.doubt or self.negated
            self.signs.append(sign)

    def settle(self) -> None:
        """A negation that met nothing to deny is a no by itself ("I do not")."""
        if self.negated:
            self.signs.append(-1)
            self.negated, self.turned = False, True


class Agreement:
    """Reads yes and no; compiled once from the word lists of the language."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], rules: Spelling) -> None:
        self._signs: dict[tuple[str, ...], str] = {}
        for name in ("yes_sayings", "no_sayings", "half", "degrees", "polite", "neutral", "emphatic_sayings"):
            self._signs.update((fold(saying, rules), name) for saying in words.get(name, ()))
        self._signed = Phrases(self._signs)
        self._whole = frozenset(fold(saying, rules) for saying in words.get("yes_whole", ()))
        self._openings = Phrases(fold(saying, rules) for saying in words.get("thinking", ()))
        self._questions = Phrases(fold(saying, rules) for saying in words.get("questions", ()))
        self._kinds: dict[str, str] = {}
        for name in ("assent_words", "breaks", "bad", "good", "emphatic", "negations", "no_words", "yes_words"):
            self._kinds.update(dict.fromkeys(words.get(name, ()), name))
        self._lead_yes = frozenset(words.get("lead_yes", ()))
        self._no_tails = frozenset(words.get("after_no", ()))
        self._counted = frozenset(words.get("after_none", ()))
        self._obstacles = frozenset(words.get("obstacles", ()))
        self._hedges = frozenset(words.get("unsure_of_it", ()))
        self._well = frozenset(words.get("well", ()))
        self._ill = frozenset(words.get("ill", ()))
        self._subjects = frozenset(words.get("subjects", ()))
        self._auxiliaries = frozenset(words.get("auxiliaries", ()))
        self._adverbs = frozenset(words.get("adverbs", ()))
        self._stances = Phrases(fold(saying, rules) for saying in words.get("stances", ()))
        self._asking = frozenset(words.get("asking", ()))
        self._naming = frozenset(words.get("naming", ()))
        self._said = dict.fromkeys(self._lead_yes, 1) | dict.fromkeys(words.get("no_words", ()), -1)

    def is_hedged(self, words: tuple[str, ...]) -> bool:
        """Whether a word in it says that the person is not sure."""
        return not self._hedges.isdisjoint(words)

    def read(self, words: tuple[str, ...]) -> Reading:
        """Yes, no, in doubt or neither. Everything said must be accounted for and agree; adverbs may be passed over."""
        if not words or len(words) > MOST_WORDS:
            return NOTHING
        read = self._read(words)
        if read.value is not None:
            return read
        bare = tuple(word for place, word in enumerate(words) if not self._idle(words, place))
        if read.score and not self._stances.at(bare, 0):
            # Both were said: only "do not really" is mended, for "not really, go for it" is to be asked about.
            bare = tuple(word for place, word in enumerate(words) if not self._goes_on(words, place))
        again = self._read(bare) if bare and bare != words else read
        return read if again.value is None else again

    def _idle(self, words: tuple[str, ...], place: int) -> bool:
        """True for an adverb that may be passed over; "not really" is an answer of its own."""
        denied = place > 0 and self._kinds.get(words[place - 1]) == "negations"
        return words[place] in self._adverbs and (not denied or self._goes_on(words, place))

    def _goes_on(self, words: tuple[str, ...], place: int) -> bool:
        """True for the adverb of "do not really" and "am not quite", which are no answers yet."""
        if place < 2 or words[place] not in self._adverbs:
            return False
        return self._kinds.get(words[place - 1]) == "negations" and words[place - 2] in self._auxiliaries

    def _read(self, words: tuple[str, ...]) -> Reading:
        plain = tuple(word for word in self._openings.strip_front(words) if self._kinds.get(word) != "emphatic")
        if words in self._whole or (plain in self._whole and words not in self._signs):
            return Reading(True, 0.97, "a short yes")
        if not self._signed.at(words, 0):
            # "I am sure that is wrong": what one is sure of counts.
            length = self._stances.at(words, 0)
            if 0 < length < len(words):
                return self._read(words[length:])
            if self._questions.at(words, 0):
                return NOTHING
        if self._echoes(plain):
            return Reading(True, 0.97, "says again what was asked")
        if any(words[at] == "no" and words[at + 1] in self._counted for at in range(len(words) - 1)):
            return NOTHING
        return self._judged(words, self._tallied(words))

    def _tallied(self, words: tuple[str, ...]) -> _Tally:
        tally = _Tally()
        place = 0
        while place < len(words):
            if tally.negated and place - tally.since > REACH:
                tally.settle()
            length = self._signed.at(words, place)
            follows = words[place + (length or 1)] if place + (length or 1) < len(words) else ""
            if length:
                self._saying(words[place : place + length], follows, tally)
                place += length
                if words[place - 1] == "not" and self._kinds.get(follows) == "good" and tally.signs[-1:] == [-1]:
                    tally.signs.pop()
                    tally.negated, tally.since = True, place
            elif words[place] == "no" and follows in self._obstacles:
                tally.add(1, flips=False)
                place += 2
            else:
                self._word(words[place], tally, place)
                place += 1
        tally.settle()
        return tally

    def _echoes(self, words: tuple[str, ...]) -> bool:
        """ "It really does", "we did": a subject and its verb, with nothing but adverbs."""
        bare = tuple(word for word in words if word not in self._adverbs)
        return len(bare) == 2 and bare[0] in self._subjects and bare[1] in self._auxiliaries

    def _saying(self, words: tuple[str, ...], follows: str, tally: _Tally) -> None:
        kind = self._signs[words]
        if kind == "neutral":
            return
        if kind == "polite":
            tally.polite = True
        elif kind == "half":
            tally.doubt = True
        elif kind == "degrees":
            tally.degree = True
        elif kind == "emphatic_sayings":
            tally.emphasis.append(1)
        elif kind == "yes_sayings" and (self._denied(words, follows) or (words[0] == "what" and tally.signs)):
            return  # "it certainly is not", "you misunderstood what I said"
        else:
            tally.truth = True
            tally.add(1 if kind == "yes_sayings" else -1, flips=kind == "yes_sayings")

    def _denied(self, words: tuple[str, ...], follows: str) -> bool:
        return words[-1] in self._auxiliaries and self._kinds.get(follows) == "negations"

    def _word(self, word: str, tally: _Tally, place: int) -> None:
        match self._kinds.get(word):
            case "yes_words":
                tally.truth = tally.truth or bool(tally.signs)
                tally.add(1, flips=False)
            case "no_words":
                tally.truth = tally.truth or bool(tally.signs)
                tally.add(-1, flips=False)
            case "negations":
                tally.doubt = tally.doubt or tally.negated
                tally.negated, tally.since = True, place
            case "good":
                tally.truth = tally.truth or word not in self._well
                tally.add(1, flips=True)
            case "bad":
                tally.truth = tally.truth or word not in self._ill
                tally.add(-1, flips=True, near=place - tally.since <= 2)
            case "emphatic":
                tally.emphasis.append(1)
            case "breaks":
                tally.doubt = True
            case None:
                tally.odd.append(word)

    def _judged(self, words: tuple[str, ...], tally: _Tally) -> Reading:
        signs, odd = tally.signs or tally.emphasis, tally.odd
        leads_yes, leads_no = words[0] in self._lead_yes, self._kinds.get(words[0]) == "no_words"
        doubt = tally.doubt or (tally.degree and not leads_yes and words[-1] not in self._lead_yes)
        if not signs:
            doubtful = doubt or tally.polite
            return Reading(None, 0.5, "neither one nor the other") if doubtful and not odd else NOTHING
        value = signs[0] > 0
        split = any((sign > 0) != value for sign in signs)
        if split and not doubt and not tally.truth and not odd:
            if leads_no and signs[0] < 0 < min(signs[1:]):
                return Reading(False, 0.85, "begins with no; the rest says that one is well")
            if leads_yes and signs[0] > 0 > max(signs[1:]) and not tally.turned:
                return Reading(True, 0.85, "begins with yes; the rest says that one is not well")
        if split and not odd and not doubt and not tally.turned and (named := self._named(words)):
            return Reading(named > 0, 0.93, "names its answer")
        if doubt or split:
            return NOTHING if len(odd) * 2 > len(words) else Reading(None, 0.5, "words of both, or in doubt")
        if not odd:
            return Reading(value, 0.97, "all words accounted for")
        if value and leads_yes and not self._asking.intersection(odd):
            return Reading(True, 0.85, "begins with yes; the rest does not speak against it")
        if not value and leads_no and len(words) > 1 and words[1] in self._no_tails:
            return Reading(False, 0.85, "begins with no; the rest does not speak against it")
        last = words[-1] in self._lead_yes if value else self._kinds.get(words[-1]) == "no_words"
        if last and len(words) <= MOST_BEFORE_LAST + 1:
            return Reading(value, 0.85, "ends with it; the rest does not speak against it")
        return NOTHING

    def _named(self, words: tuple[str, ...]) -> int:
        """1 or -1 where "yes" or "no" names the answer ("no is my answer", "take that as a yes"); 0 for neither."""
        if words[0] in self._said and words[1] in self._auxiliaries:
            return self._said[words[0]]
        return self._said.get(words[-1], 0) if words[-2] in self._naming else 0
