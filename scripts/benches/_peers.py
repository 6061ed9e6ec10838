"""Answers rows with one other library; run in the peers' own environment. JSON in on stdin, JSON out on stdout."""

# mypy: disable-error-code="import-not-found,import-untyped"
from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

Sayings = dict[str, list[str]]
Answer = Callable[[str], Any]


def words_only(text: str) -> str:
    """What an intent library is given: lower case without punctuation, as a recognizer would write it."""
    return re.sub(r"[^a-z0-9' ]", " ", text.lower()).strip()


def rapidfuzz_alone(sayings: Sayings) -> tuple[Answer, Answer]:
    from rapidfuzz import fuzz, process

    owner = {saying: name for name, texts in sayings.items() for saying in texts}
    digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]

    def intent(text: str) -> Any:
        best = process.extractOne(words_only(text), list(owner), scorer=fuzz.WRatio, score_cutoff=80)
        return owner[best[0]] if best else None

    def number(text: str) -> Any:
        best = process.extractOne(words_only(text), digits, scorer=fuzz.WRatio, score_cutoff=80)
        return digits.index(best[0]) if best else None

    return number, intent


def word2number(_sayings: Sayings) -> tuple[Answer, None]:
    from word2number import w2n

    return w2n.word_to_num, None


def text2num(_sayings: Sayings) -> tuple[Answer, None]:
    from text_to_num import alpha2digit

    def number(text: str) -> Any:
        found = re.findall(r"\d+(?:\.\d+)?", alpha2digit(words_only(text), "en", threshold=0))
        return float(found[0]) if found else None

    return number, None


def ovos_number_parser(_sayings: Sayings) -> tuple[Answer, None]:
    from ovos_number_parser import extract_number

    def number(text: str) -> Any:
        found = extract_number(text, lang="en")
        return None if found is False else found

    return number, None


def recognizers_text_number(_sayings: Sayings) -> tuple[Answer, None]:
    from recognizers_number import Culture, recognize_number

    def number(text: str) -> Any:
        found = recognize_number(text, Culture.English)
        return float(found[0].resolution["value"]) if found else None

    return number, None


def padacioso(sayings: Sayings) -> tuple[None, Answer]:
    from padacioso import IntentContainer

    container = IntentContainer()
    for name, texts in sayings.items():
        container.add_intent(name, texts)

    def intent(text: str) -> Any:
        found = container.calc_intent(words_only(text)) or {}
        return found.get("name") if found.get("conf", 0) >= 0.5 else None

    return None, intent


def hassil(sayings: Sayings) -> tuple[None, Answer]:
    from hassil import Intents, recognize

    data = {name: {"data": [{"sentences": [words_only(text) for text in texts]}]} for name, texts in sayings.items()}
    intents = Intents.from_dict({"language": "en", "intents": data})

    def intent(text: str) -> Any:
        found = recognize(words_only(text), intents)
        return found.intent.name if found else None

    return None, intent


def adapt(sayings: Sayings) -> tuple[None, Answer]:
    from adapt.engine import IntentDeterminationEngine
    from adapt.intent import IntentBuilder

    engine = IntentDeterminationEngine()
    for name, texts in sayings.items():
        for text in texts:
            engine.register_entity(words_only(text), f"{name}_words")
        engine.register_intent_parser(IntentBuilder(name).require(f"{name}_words").build())

    def intent(text: str) -> Any:
        found = next(iter(engine.determine_intent(words_only(text))), None)
        return found["intent_type"] if found and found["confidence"] >= 0.5 else None

    return None, intent


PEERS = {
    "rapidfuzz": rapidfuzz_alone, "word2number": word2number, "text2num": text2num, "adapt-parser": adapt,
    "ovos-number-parser": ovos_number_parser, "recognizers-text-number": recognizers_text_number,
    "padacioso": padacioso, "hassil": hassil,
}  # fmt: skip


def answered(ask: Answer | None, texts: list[str], seconds: float) -> tuple[list[Any], list[float]]:
    """The answers and their times; a library's exception is no answer; rows after the time is up are not asked."""
    answers: list[Any] = []
    times: list[float] = []
    began = time.perf_counter()
    for text in texts if ask else ():
        if time.perf_counter() - began > seconds:
            break
        start = time.thread_time()
        try:
            answers.append(ask(text) if ask else None)
        except Exception:  # a peer may raise anything on text that it does not know
            answers.append(None)
        times.append(time.thread_time() - start)
    return answers, times


def main() -> None:
    job = json.load(sys.stdin)
    number, intent = PEERS[job["peer"]](job["sayings"])
    numbers, number_times = answered(number, job["numbers"], job["seconds"])
    intents, intent_times = answered(intent, job["intents"], job["seconds"])
    json.dump({"numbers": numbers, "intents": intents, "times": number_times + intent_times}, sys.stdout)


if __name__ == "__main__":
    main()
