"""What an utterance means in its turn: the one decision to act, to ask, or neither."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from voice_coach.ports import Complete
from voice_coach.understand.ages import Ages
from voice_coach.understand.agreement import Agreement
from voice_coach.understand.asked import EXACTLY, Questions
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.choices import PART, Choices
from voice_coach.understand.corrections import Corrections
from voice_coach.understand.grammar import grammar, requests
from voice_coach.understand.judged import Answer, Judged
from voice_coach.understand.matching import Candidate, Matcher
from voice_coach.understand.numbers import Rated, Ratings
from voice_coach.understand.specific import Specific
from voice_coach.understand.spoken import LONGEST, fold, spelling
from voice_coach.understand.vague import Vague
from voice_coach.words import Correction, Expects, Flag, Heard, Kind, Match, Nothing, Understood, Unsure, Value

Screen = Callable[[Heard, Expects], tuple[Flag, ...]]

ACT = 0.6
"""From this probability on an answer is acted on; below it is asked about."""
DECLINED = 3
"""Words at most that a plain no to a plan has: "no", "not today", "no thank you"."""
ASK = 0.2
"""Below this probability there is nothing worth asking about."""
STOP = 0.35
"""A stop is acted on from here: not stopping is the worse mistake."""
DENY = 0.2
"""From this probability on that what was said back is denied, whatever is put in its place, its question is asked
anew: rather that than a wrong number that stands."""
ASKED = 0.5
"""From this probability on what is asked about was said so, and no clause of it is looked at alone."""
AGED = 0.93
"""Probability that an age is meant for the answer."""
FREE_WORDS = 3
"""Free words needed before they may stand in for the grammar's."""
_CLAUSES = re.compile(r"[,;.!?…:]+\s+|\s+[-–—]+\s+")
"""Where typed words, and those of a recognizer that writes stops, fall into clauses."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why an utterance was understood as it was."""

    answer: Answer
    words: tuple[str, ...]
    """The utterance after folding."""
    candidates: tuple[tuple[str, Value, float], ...]
    """Kind, value and score of everything considered, best first."""
    guard: str
    """What decided."""


class Understanding:
    """Understands utterances by one catalog; compiled once, pure, never raises for odd speech."""

    def __init__(self, catalog: Catalog, screen: Screen | None = None) -> None:
        rules = spelling(catalog.words.get("fillers", ()), catalog.words.get("spellings", ()))
        commands = {name: intent for name, intent in catalog.intents.items() if name not in ("affirm", "deny")}
        self._rules = rules
        self._screen = screen
        self._commands = Matcher(commands, catalog.words, rules)
        self._agreement = Agreement(catalog.words, rules)
        self._ratings = Ratings(catalog.numbers, catalog.homophones, catalog.words, rules)
        self._vague = Vague(catalog.words, rules)
        self._ages = Ages(catalog.words, self._ratings, _rule(catalog, "minimum_age"))
        self._choices = Choices(catalog, rules, self._ratings)
        self._specific = Specific(catalog.words, rules)
        self._questions = Questions(catalog, rules)
        self._catalog = catalog
        self._corrections = Corrections(catalog.words, rules, self._ratings, self._value)

    def understand(self, heard: Heard, expects: Expects) -> Understood:
        """What was meant, with the safety screen's flags on every transcript of it."""
        flags = self._screen(heard, expects) if self._screen is not None else ()
        return Understood(self._answer(heard, expects).answer, flags)

    def explain(self, heard: Heard, expects: Expects) -> Explained:
        """The same answer with the candidates, their scores and the guard that decided."""
        read = self._answer(heard, expects)
        words = fold(heard.text, self._rules)
        rated = self._rated(heard.text, words)
        agreed = self._agreement.read(words)
        considered: list[tuple[str, Value, float]] = [("rating", value, rated.score) for value in rated.values]
        if agreed.value is not None:
            considered.append(("yes_no", agreed.value, agreed.score))
        elif (old_enough := self._ages.read(words)) is not None:
            considered.append(("yes_no", old_enough, AGED))
        considered += [("command", found.name, found.score) for found in self._commands.candidates(words)]
        considered.sort(key=lambda entry: -entry[2])
        why = self._commands.kept_out(words) if isinstance(read.answer, Nothing) and not considered else ""
        return Explained(read.answer, words, tuple(considered), f"{read.guard}: {why}" if why else read.guard)

    def is_complete(self, text: str, expects: Expects) -> Complete:
        """Whether the words so far are an answer, and whether more can follow."""
        answer = self._meant(text, expects, "verbatim").answer
        if expects.kind == "text":
            return "complete" if isinstance(answer, Match) and answer.kind == "command" else "may_continue"
        if isinstance(answer, Nothing):
            return "incomplete"
        if isinstance(answer, Match) and answer.kind == "question":
            return "may_continue"
        if isinstance(answer, Match) and answer.kind == "command":
            return "complete"
        if isinstance(answer, Match | Correction) and not self._may_grow(answer, expects):
            return "complete"
        return "may_continue"

    def _may_grow(self, answer: Match | Correction, expects: Expects) -> bool:
        if isinstance(answer, Correction):
            return False
        if answer.kind == "yes_no":
            return answer.value is False and expects.corrects is not None
        return (
            answer.kind == "rating" and isinstance(answer.value, float) and answer.value % 1 == 0 and answer.value < 10
        )

    def phrases(self, expects: Expects) -> tuple[str, ...]:
        """The closed grammar of a turn: every short answer it takes, folded, words for numbers."""
        return grammar(self._catalog, self._rules, expects)

    def requests(self, names: Collection[str]) -> tuple[str, ...]:
        """The short ways to say one of these commands, folded."""
        return requests(self._catalog, self._rules, names)

    def _answer(self, heard: Heard, expects: Expects) -> Judged:
        original, heard = heard, self._without_denied(heard, expects)
        read = self._meant(heard.text, expects, heard.manner)
        weighed = self._weighed(read, heard, expects)
        if not isinstance(weighed.answer, Match | Correction) and (denied := self._denied(original, heard, expects)):
            agreed = weighed.answer
            if isinstance(agreed, Unsure) and agreed.candidates[0] is True and agreed.score > denied.score:
                denied = Unsure((True, False), agreed.score)
            weighed = Judged(denied, "a denial; of what is not sure")
        if expects.kind != "text" and heard.free and not isinstance(weighed.answer, Match | Correction):
            free = self._meant(heard.free, expects, heard.manner)
            long_enough = len(fold(heard.free, self._rules)) >= FREE_WORDS
            unexplained = not isinstance(read.answer, Match | Correction)
            trusted = long_enough if unexplained else long_enough and heard.manner == "verbatim"
            if isinstance(free.answer, Match | Correction) and (
                trusted or (unexplained and heard.manner == "verbatim")
            ):
                return Judged(free.answer, f"free words: {free.guard}")
        return weighed

    def _without_denied(self, heard: Heard, expects: Expects) -> Heard:
        """What was heard, less what the person has said it is not: the next best, as likely as it then is."""
        if not (expects.denied or expects.echoed is not None) or heard.score >= 1.0:
            return heard
        readings = [(heard.text, heard.score), *heard.others]
        left = [(text, score) for text, score in readings if not self._is_denied(text, expects, heard.manner)]
        if len(left) == len(readings) or not left:
            return heard if left else replace(heard, text="", score=0.0, others=())
        share = max(1 - sum(score for _, score in readings) + sum(score for _, score in left), 0.01)
        (text, score), *others = [(text, min(score / share, 0.99)) for text, score in left]
        return replace(heard, text=text, score=score, others=tuple(others))

    def _is_denied(self, text: str, expects: Expects, manner: str) -> bool:
        answer = self._meant(text, expects, manner).answer
        if isinstance(answer, Correction):
            return answer.value == expects.echoed
        return isinstance(answer, Match) and _kind(answer) == expects.kind and answer.value in expects.denied

    def _denied(self, original: Heard, left: Heard, expects: Expects) -> Unsure | Correction | None:
        """The denial of what was said back, where it is likely and what is put in its place is in doubt.

        `left`: what was heard, less what cannot be meant. "No, two" to a two that was said back denies it or is no
        denial at all: the value is that two, to be asked about.
        """
        if max(denials := (self._denial(original, expects), self._denial(left, expects))) < DENY:
            return None
        if expects.kind == "yes-no":  # the no alone may be meant
            return Unsure((False,), max(denials))
        return Correction(None, denials[1]) if denials[1] >= DENY else Correction(expects.echoed, denials[0])

    def _denial(self, heard: Heard, expects: Expects) -> float:
        """How likely it is that what was said back is denied, whatever is put in its place."""
        if expects.corrects is None or heard.score >= 1.0:
            return 0.0
        readings = ((heard.text, heard.score), *heard.others)
        return sum(
            score for text, score in readings if isinstance(self._meant(text, expects, heard.manner).answer, Correction)
        )

    def _weighed(self, read: Judged, heard: Heard, expects: Expects) -> Judged:
        """The reading under the recognizer's own doubt."""
        answer = read.answer
        if heard.score >= 1.0 or not isinstance(answer, Match | Correction):
            return read
        score = answer.score * heard.score
        if isinstance(answer, Match) and answer.kind == "text":
            return read
        stops = isinstance(answer, Match) and answer.value == "stop"
        if score >= (STOP if stops else ACT):
            if isinstance(answer, Match):
                return Judged(Match(answer.kind, answer.value, score, answer.missing), read.guard)
            return Judged(Correction(answer.value, score), read.guard)
        if score < ASK or (isinstance(answer, Match) and answer.kind == "out_of_range"):
            return Judged(Nothing(1 - score), "the recognizer is too unsure")
        # A command that is in doubt where something else was asked for is no candidate, and a doubtful correction
        # is none for the question that stands: the rivals may be.
        # Only "done" may still end an open answer: it is what such a turn waits for.
        ends = expects.kind == "text" and answer.value == "done"
        own = isinstance(answer, Match) and (_kind(answer) == expects.kind or ends)
        values = tuple(dict.fromkeys(([answer.value] if own else []) + self._rivals(heard, expects)))
        if not values:
            return Judged(Nothing(1 - score), "the recognizer is too unsure")
        return Judged(Unsure(values, score), "the recognizer is unsure")

    def _rivals(self, heard: Heard, expects: Expects) -> list[Value]:
        """The values of the recognizer's next best phrases that are answers of the kind that was asked for."""
        others = [self._meant(text, expects, heard.manner).answer for text, weight in heard.others if weight >= ASK / 2]
        return [other.value for other in others if isinstance(other, Match) and _kind(other) == expects.kind]

    def _meant(self, text: str, expects: Expects, manner: str) -> Judged:
        words = fold(text, self._rules)
        if not words:
            blank = not text.strip() or expects.kind != "text"
            return Judged(Nothing(0.99), "no words") if blank else self._text(text, words, expects, manner)
        commands = self._commands.requests(words) if expects.kind == "text" else self._commands.candidates(words)
        best = commands[0] if commands else None
        named = expects.kind == "choice" and self._choices.names(words, expects.labels)
        if expects.kind == "choice" and best is not None and best.guard == "anchored":
            chosen = self._choices.read(words, expects.labels)
            if chosen is not None and isinstance(chosen.answer, Match):
                return chosen
        if best is not None and best.name == "stop" and best.score >= ACT and not self._answers(best, words, expects):
            return Judged(Match("command", "stop", best.score), f"command: {best.guard}")
        if named:
            best = None
        if expects.corrects is not None:
            corrected = self._corrections.read(words, expects)
            if corrected is not None:
                return corrected
        # "What if they laugh at me" is what somebody expects, not what they ask.
        asks = expects.checks != "prediction"
        asked = self._questions.read(words, expects.kind == "text") if asks else None
        if asked is not None and best is not None and _plainer(best, asked):
            asked = None
        if asked is not None and (asked.guard == EXACTLY or expects.kind == "rating"):
            return asked
        expected = self._expected(text, words, expects, manner, best)
        if asked is not None and expected is not None and expected.guard == PART:
            return asked  # "does it really work" names no situation at work
        if expected is not None and isinstance(expected.answer, Match):
            return expected
        if asked is not None:
            return asked
        if best is not None and best.score >= ACT:
            return Judged(Match("command", best.name, best.score), f"command: {best.guard}")
        if expected is not None:
            return expected
        if expects.kind == "command" and commands:
            return Judged(Unsure(tuple(found.name for found in commands), commands[0].score), commands[0].guard)
        unknown = None if manner == "rough" else self._questions.unknown(words, text.rstrip().endswith("?"))
        return unknown or Judged(Nothing(0.95), "nothing of the kind that was asked for")

    def _answers(self, best: Candidate, words: tuple[str, ...], expects: Expects) -> bool:
        """True where a plain yes or no, or a number, fits better than the command it resembles."""
        if expects.kind == "rating":
            return best.score < 0.9 and bool(self._ratings.read(words).values)
        if expects.kind != "yes-no":
            return False
        agreed = self._agreement.read(words)
        return agreed.value is not None and (best.name == "stop" or agreed.score >= best.score)

    def _expected(
        self, text: str, words: tuple[str, ...], expects: Expects, manner: str, best: Candidate | None
    ) -> Judged | None:
        if expects.kind == "rating":
            return self._rating(text, words)
        if expects.kind == "yes-no":
            if (
                best is not None
                and best.name == "dont_know"
                and best.score >= ACT
                and not self._answers(best, words, expects)
            ):
                return Judged(Match("command", "dont_know", best.score), f"command: {best.guard}")
            return self._yes_no(words, expects)
        if expects.kind == "choice":
            if best is not None and best.guard == "exact":
                return None
            return self._choices.read(words, expects.labels)
        if expects.kind == "text":
            if best is not None and best.score >= ACT:
                return None
            return self._text(text, words, expects, manner)
        return None

    def _value(self, words: tuple[str, ...], kind: Kind) -> Judged | None:
        return self._expected("", words, Expects(kind), "typed", None)

    def _rated(self, text: str, words: tuple[str, ...]) -> Rated:
        """The rating in the words as a whole, or in the one clause of them that is one; else a degree without one."""
        rated = self._ratings.read(words)
        if not rated.sure and rated.score < ASKED and len(clauses := _CLAUSES.split(text[:LONGEST])) in (2, 3):
            apart = self._ratings.read_clauses([fold(clause, self._rules) for clause in clauses])
            rated = apart if apart.values else rated
        return rated if rated.values or rated.outside else self._vague.read(words)

    def _rating(self, text: str, words: tuple[str, ...]) -> Judged | None:
        rated = self._rated(text, words)
        if rated.outside:
            return Judged(Match("out_of_range", None, rated.score), rated.guard)
        if not rated.values:
            return None
        if rated.sure:
            return Judged(Match("rating", float(rated.values[0]), rated.score), rated.guard)
        return Judged(Unsure(tuple(float(value) for value in rated.values), rated.score), rated.guard)

    def _yes_no(self, words: tuple[str, ...], expects: Expects) -> Judged | None:
        agreed = self._agreement.read(words)
        if agreed.value and expects.checks == "safe" and self._agreement.is_hedged(words):
            return Judged(Unsure((True, False), agreed.score), "hedged, where only a clear yes says that all is well")
        if agreed.value is not None:
            return Judged(Match("yes_no", agreed.value, agreed.score), agreed.guard)
        if agreed.score:
            return Judged(Unsure((True, False), agreed.score), agreed.guard)
        old_enough = self._ages.read(words)
        return None if old_enough is None else Judged(Match("yes_no", old_enough, AGED), "an age")

    def _text(self, text: str, words: tuple[str, ...], expects: Expects, manner: str) -> Judged:
        if expects.checks == "commitment" and len(words) <= DECLINED:
            agreed = self._agreement.read(words)
            if agreed.value is False:
                return Judged(Match("command", "dont_want", agreed.score), f"declined: {agreed.guard}")
        judged = expects.checks in ("fear", "commitment") and manner in ("typed", "verbatim")
        missing = self._specific.missing(words, expects.checks) if judged else None
        return Judged(Match("text", text.strip(), 0.95, missing), "kept word for word")


def _rule(catalog: Catalog, name: str) -> float:
    """A number of the rules; a test's catalog may lack it."""
    return catalog.rules[name].value if name in catalog.rules else 0.0


def _plainer(best: Candidate, asked: Judged) -> bool:
    """Whether the command is surer than the question that the same words resemble."""
    return best.guard == "exact" or (
        best.guard == "anchored" and asked.guard != EXACTLY and best.score > asked.answer.score
    )


def _kind(answer: Match) -> str:
    """The kind of turn that this answers."""
    return "yes-no" if answer.kind == "yes_no" else answer.kind
