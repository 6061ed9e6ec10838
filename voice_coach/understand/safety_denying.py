"""What takes away what the screen found: a "not" that reaches it, a longer denial, an answer, a time long over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voice_coach.understand.safety_reading import Lexicon
from voice_coach.understand.safety_templates import Search, Template

REACH = 8
"""Words looked at on either side of what was found."""
LATER = 14
"""Words within which it is said to be over, or that those who think so are wrong."""
BEHIND = 3
"""Words that may stand between what is denied and "is not for me"."""
ANSWERED = 4
"""Words within which a "no, I" may insist, and a "not" denies what is to come."""
CARRIED = 4
"""Words that may stand between a beginning like "rather than" and what it denies."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where one template found something."""

    name: str
    template: Template
    words: tuple[str, ...]
    start: int
    """Index of the first word found."""
    end: int
    """Index after the last."""
    of_anyone: bool
    """Whether it is asked about people at large, and so perhaps about oneself."""


@dataclass(frozen=True, slots=True)
class Around:
    """What one utterance holds that may deny."""

    whole: tuple[tuple[int, int], ...]
    """Denials together with what they deny, first word and word after the last; those taken back are not among them."""
    leads: tuple[tuple[int, int], ...]
    """Beginnings like "rather than", first word and word after the last."""
    tails: tuple[int, ...]
    """Where it is said of what stands before that it is no such thing."""
    over: tuple[int, ...]
    """Where something is said to be over."""
    refused: tuple[int, ...]
    """Where the speaker says that they are not, did not, would not."""
    returns: tuple[int, ...]
    """Where it is said to be so again, or after all."""


class Denying:
    """Knows by one locale's words what is denied. Compiled once, pure."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._words = lexicon.context
        self._whole, self._leads = Search(lexicon.denied), Search(lexicon.denials.leads)
        self._tails, self._over = Search(lexicon.denials.tails), Search(lexicon.denials.over)
        self._refused, self._returns = Search(lexicon.denials.refused), Search(lexicon.denials.returns)

    def around(self, words: Sequence[str]) -> Around:
        """What there is in these folded words that may deny."""
        returns = _starts(self._returns, words)
        whole = (
            (start, end)
            for _, start, end in self._whole.spans(words)
            if not self._is_taken_back(words, start) and not _has_near(returns, end, REACH)
        )
        leads = ((start, end) for _, start, end in self._leads.spans(words) if not self._is_taken_back(words, start))
        tails, over, refused = (_starts(search, words) for search in (self._tails, self._over, self._refused))
        return Around(tuple(whole), tuple(leads), tails, over, refused, returns)

    def denies(self, found: Found, around: Around, may_be_over: bool) -> bool:
        """Whether it is denied. `may_be_over`: what was so long ago and is over does not count."""
        if _has_near(around.returns, found.end, REACH):
            return False
        return (
            self._reached(found)
            or self._led(found, around.leads)
            or _has_near(around.tails, found.end, BEHIND)
            or self._answered(found)
            or ((self.supposes(found) or self._mentions(found)) and _has_near(around.refused, found.end, LATER))
            or (may_be_over and self._is_over(found, around.over))
        )

    def doubts(self, found: Found) -> bool:
        """A "not" or "no" in the same clause, before or after, whatever it may reach."""
        words, denials, breaks = found.words, self._words["denials"] | {"no"}, self._words["breaks"]
        before = words[max(found.start - REACH, 0) : found.start][::-1]
        after = words[found.end : found.end + 4]
        begun = words[found.start] in breaks
        for near in (() if begun else before, after):
            for word in near:
                if word in breaks:
                    break
                if word in denials:
                    return True
        return False

    def supposes(self, found: Found) -> bool:
        """What somebody else thinks or asks of the speaker, or what stands behind a near "if"."""
        before = found.words[max(found.start - REACH, 0) : found.start]
        if not self._words["supposing"].isdisjoint(before[-4:]):
            return True
        # "Can not stop thinking" is one's own.
        thought = (
            place
            for place, word in enumerate(before)
            if place and word in self._words["ascribing"] and before[place - 1] not in self._words["stuck"]
        )
        selves = self._words["self"] - {"my"}  # "my wife thinks"
        return any(selves.isdisjoint(before[max(place - 2, 0) : place]) for place in thought)

    def _is_taken_back(self, words: Sequence[str], start: int) -> bool:
        """ "Not" right before a denial, or "not a day when I did not"."""
        before = words[max(start - REACH - 1, 0) : start]
        before = before[max((place + 1 for place, word in enumerate(before) if word in ("but", "and")), default=0) :]
        denials = self._words["denials"]
        counted = not self._words["times"].isdisjoint(before) and not (denials | {"last"}).isdisjoint(before)
        # "I can't say that I don't."
        unsaid = any(word in denials and after in ("say", "deny", "claim") for word, after in pairwise(before))
        return counted or unsaid or not denials.isdisjoint(before[-1:])

    def _reached(self, found: Found) -> bool:
        """A "not" reaches what was found over words that carry it, like "going to" or "thinking about"."""
        words, denials, bridges = found.words, self._words["denials"], self._words["bridges"]
        openers = self._words["openers"] | denials
        inside = (denials - {"without"}).intersection(words[found.start : found.end])
        if inside:
            return not found.template.names(inside)
        for place in range(found.start - 1, max(found.start - REACH, 0) - 1, -1):
            word = words[place]
            if word in denials:
                # "Could not" tells that it was tried.
                before = words[max(place - 3, 0) : place]
                asked_why = word != "never" and ("why" in before or before[-1:] in (("could",), ("might",)))
                after = {*words[found.end : found.end + 3]}
                more = word == "never" and not after.isdisjoint(("more", "much"))
                # "Not before the wedding" and "not yet" put it off.
                not_yet = "yet" in after and before[-1:] in (("have",), ("has",))
                will_not = before[-1:] in (("will",), ("would",)) and not after.isdisjoint(("before", "until"))
                put_off = not_yet or will_not
                stuck = before[-1:] in (("can",), ("could",)) and words[place + 1] in self._words["stuck"]
                return not (asked_why or more or put_off or stuck or self._is_taken_back(words, place))
            if word == "no":
                return words[place + 1] in self._words["no_before"]
            if word not in bridges or (word == "i" and place and words[place - 1] not in openers):
                return self._is_turned_round(words, place, found.start)
        return False

    def _is_turned_round(self, words: Sequence[str], start: int, end: int) -> bool:
        """ "Not even at my worst did I": a verb before its "i", from `start` to `end`, a "not" that opens it all."""
        verbs = self._words["verbs"]
        turned = next((at for at in range(start, end - 1) if words[at] in verbs and words[at + 1] == "i"), 0)
        opened = words[max(turned - REACH, 0) : turned]
        for place, word in enumerate(opened):
            if word in self._words["denials"] | {"no", "none"}:
                before, between = opened[:place][-1:], {*opened[place + 1 :]}
                return between.isdisjoint(self._words["breaks"] | {"why", "how"}) and verbs.isdisjoint(before)
        return False

    def _led(self, found: Found, leads: Iterable[tuple[int, int]]) -> bool:
        """Whether it stands behind a beginning that denies, over words that carry it."""
        nots = self._words["denials"] | self._words["nones"]
        for start, end in leads:
            before = start < found.start <= end + CARRIED
            if before and all(self._carries(found.words, place) for place in range(end, found.start)):
                return True
            within = found.start < start and end < found.end
            if within and not found.template.names(nots.intersection(found.words[start:end])):
                return True
        return False

    def _carries(self, words: Sequence[str], place: int) -> bool:
        """Whether a denial before this word reaches over it."""
        openers = self._words["openers"] | self._words["denials"] | {"forbid"}
        return words[place] in self._words["bridges"] and (words[place] != "i" or words[place - 1] in openers)

    def _answered(self, found: Found) -> bool:
        """ "Hurting myself? No": it stands alone, or is asked by "do i", and a "no" that says no more follows."""
        words, selves = found.words, self._words["self"]
        before = words[max(found.start - REACH, 0) : found.start + 1]
        asked = any(a in self._words["verbs"] and b == "i" for a, b in pairwise(before))
        leading_in = self._words["bridges"] | self._words["leading_in"]
        alone = found.start <= CARRIED and leading_in.issuperset(before[:-1]) and selves.isdisjoint(before)
        for place in range(found.end, min(found.end + (6 if asked else 2 if alone else 0), len(words))):
            if words[place] in self._words["answers"]:
                behind = words[place + 1 : place + 1 + ANSWERED]
                # "No, I already decided to" is no denial.
                insists = behind[:1] == ("i",) and not self._words["insisting"].isdisjoint(behind)
                unsaid = self._words["denials"].isdisjoint(behind) and insists
                return not behind or (behind[0] in self._words["after_answers"] and not unsaid)
        return False

    def _is_to_come(self, words: Sequence[str]) -> bool:
        """Whether these words, after it was told, say that it is still to come: "and I will try again"."""
        nots = self._words["denials"] | {"no"}
        to_come = self._words["to_come"]
        return any(
            word in to_come and nots.isdisjoint(words[max(place - ANSWERED, 0) : place + 2])
            for place, word in enumerate(words)
        )

    def _mentions(self, found: Found) -> bool:
        """Whether something written or said before is spoken of, like a form's question."""
        return not self._words["mentioning"].isdisjoint(found.words[max(found.start - REACH, 0) : found.start])

    def _is_over(self, found: Found, over: Iterable[int]) -> bool:
        """Whether it is told as past, and then said to be over."""
        lately = found.words[max(found.start - REACH, 0) : found.end + REACH]
        if not self._words["lately"].isdisjoint(lately) or self._is_to_come(found.words[found.end :]):
            return False
        past = self._words["past"] | self._words["long_ago"] | self._words["was_so"]
        begun = max(found.start - LATER, 0)
        return any(
            found.end <= start <= found.end + LATER and not past.isdisjoint(found.words[begun:start]) for start in over
        )


def _starts(search: Search, words: Sequence[str]) -> tuple[int, ...]:
    return tuple(start for _, start, _ in search.spans(words))


def _has_near(starts: Iterable[int], end: int, within: int) -> bool:
    """Whether one of these begins at `end` or so many words behind it."""
    return any(end <= start <= end + within for start in starts)
