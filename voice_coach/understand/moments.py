"""A day and a time in a person's words: "tomorrow at six", "on Friday at half past seven in the evening"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from voice_coach.understand.spoken import Spelling, fold, folded

_CLOCK = re.compile(r"\b(\d{1,2})[:.h](\d{2})\b")
_HALF_DAY = re.compile(r"(\d)\s*([ap])\.?\s?m\b\.?", re.IGNORECASE)
WEEK = 7
DIGITS = 3
DAYTIME = 8
"""An hour from one up to this, without a part of the day, is first taken for the afternoon or evening."""


class Moments:
    """Reads moments by word lists; compiled once."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], numbers: Mapping[str, float], rules: Spelling) -> None:
        self._rules, self._numbers = rules, numbers
        self._lists = folded(words, "when_", rules)

    def read(self, text: str, now: datetime) -> tuple[datetime, ...]:
        """The moments that may be meant, the likelier first, all after `now`; none where no time is named.

        `now` and the moments are wall-clock time without a zone.
        """
        text = _HALF_DAY.sub(r"\1 \2m", _CLOCK.sub(r"\1 \2", text))
        words = fold(text, self._rules)
        span = self._span(words)
        if span is not None:
            return (now + span,) if span else ()
        at = self._time(words)
        if at is None:
            return ()
        day = self._day(words, now.date())
        hours = self._hours(at[0], words)
        found = [self._after(day, time(hour, at[1]), now) for hour in hours]
        return tuple(moment for moment in found if moment is not None)

    def _span(self, words: Sequence[str]) -> timedelta | None:
        """ "In two hours": the time from now on; None where none is named."""
        for unit, step in (("minutes", timedelta(minutes=1)), ("hours", timedelta(hours=1))):
            for place, word in enumerate(words):
                if (word,) in self._lists[unit]:
                    ahead = [self._number(one) for one in words[max(0, place - 2) : place]]
                    known = [number for number in ahead if number is not None]
                    half = any((one,) in self._lists["half"] for one in words[:place])
                    return step * (0.5 if half else known[-1] if known else 1)
        return None

    def _time(self, words: Sequence[str]) -> tuple[int, int] | None:
        """The hour and minute that are named."""
        if self._has("noon", words) or self._has("midnight", words):
            return (12 if self._has("noon", words) else 0), 0
        numbers = [(place, number) for place, word in enumerate(words) if (number := self._number(word)) is not None]
        numbers = [(place, number) for place, number in numbers if not self._counts_days(words, place)]
        if not numbers:
            return None
        place, hour = numbers[0]
        minute = 0.0
        if len(numbers) > 1 and numbers[1][0] == place + 1:
            minute = numbers[1][1]
            if len(numbers) > 2 and numbers[2][0] == place + 2 and minute >= 20:
                minute += numbers[2][1]  # "six thirty five"
        elif any((word,) in self._lists["half"] for word in words[:place]):
            minute = 30
        elif any((word,) in self._lists["quarter"] for word in words[:place]):
            early = any((word,) in self._lists["to"] for word in words[:place])
            hour, minute = (hour - 1, 45) if early else (hour, 15)
        whole = hour == int(hour) and minute == int(minute)
        return (int(hour), int(minute)) if whole and 0 <= hour <= 24 and 0 <= minute < 60 else None

    def _counts_days(self, words: Sequence[str], place: int) -> bool:
        return place + 1 < len(words) and (words[place + 1],) in self._lists["days"]

    def _hours(self, hour: int, words: Sequence[str]) -> tuple[int, ...]:
        """The hours of the day that may be meant."""
        hour %= 24
        if self._has("pm", words):
            return (hour + 12 if 0 < hour < 12 else hour,)
        if self._has("am", words) or hour == 0 or hour >= 12:
            return (hour % 12 if self._has("am", words) else hour,)
        return (hour + 12, hour) if hour < DAYTIME else (hour, hour + 12)

    def _day(self, words: Sequence[str], today: date) -> date | None:
        """The day that is named; None where none is."""
        if self._has("tomorrow", words):
            return today + timedelta(days=1)
        if self._has("today", words):
            return today
        for weekday, name in enumerate(self._lists["weekdays"]):
            if name[0] in words:
                return today + timedelta(days=(weekday - today.weekday() - 1) % WEEK + 1)
        for place in range(len(words) - 1):
            number = self._number(words[place])
            if number is not None and self._counts_days(words, place):
                return today + timedelta(days=int(number))
        return None

    def _after(self, day: date | None, at: time, now: datetime) -> datetime | None:
        """The moment on this day, where it is still to come; without a day the next time that the clock shows it."""
        if day is not None:
            moment = datetime.combine(day, at)
            return moment if moment > now else None
        moment = datetime.combine(now.date(), at)
        return moment if moment > now else moment + timedelta(days=1)

    def _has(self, name: str, words: Sequence[str]) -> bool:
        return any(all(word in words for word in entry) for entry in self._lists[name])

    def _number(self, word: str) -> float | None:
        if word.isascii() and word.isdigit() and len(word) <= DIGITS:
            return float(word)
        return self._numbers.get(word)
