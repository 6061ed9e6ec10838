"""A reminder by voice: the day and time are read back, and after a yes alone the calendar file is written."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from voice_coach.asked_aloud import AskedAloud
from voice_coach.coach.asking import trit, words
from voice_coach.coach.controls import Manner
from voice_coach.coach.danger import is_of_danger
from voice_coach.coach.means import Errand
from voice_coach.coach.today import when
from voice_coach.errors import CoachError
from voice_coach.ports import Interpret
from voice_coach.records import Trit
from voice_coach.reminding import write_reminder
from voice_coach.understand.catalog import Catalog
from voice_coach.understand.moments import Moments
from voice_coach.understand.spoken import spelling
from voice_coach.words import Move, Reply, Say

TIMES_ASKED = 2
"""For the time, before the command is named that takes it in writing."""


def moments_of(catalog: Catalog) -> Callable[[str, datetime], tuple[datetime, ...]]:
    """What reads days and times by the words of this catalog."""
    rules = spelling(catalog.words.get("fillers", ()), catalog.words.get("spellings", ()))
    return Moments(catalog.words, catalog.numbers, rules).read


@dataclass(slots=True)
class RemindingAloud:
    """What one session can be told about reminders."""

    home: Path | None
    """Where the file is written; None on a device that everybody uses: none is."""
    zone: str
    wall: Callable[[], datetime]
    read: Callable[[str, datetime], tuple[datetime, ...]]
    """(words, the wall clock now) → the moments that may be meant, without a zone, the likelier first."""
    _asked: AskedAloud = field(default_factory=lambda: AskedAloud("set_reminder"))

    def attending(self, interpret: Interpret) -> Interpret:
        """The same understanding; on the way it is noted in which words a reminder was asked for."""
        return self._asked.attending(interpret)

    def errands(self) -> Mapping[str, Errand]:
        """The short script behind "set a reminder"."""
        return {"set_reminder": self._remind}

    def _remind(self, key: str, _: Manner) -> Generator[Move, Reply, None]:
        said = self._asked.take()
        if is_of_danger(key):
            yield Say("control.not_here")
            return
        if self.home is None:
            yield Say("reminder.kiosk")
            return
        found = self._moments(said)
        for _asked in range(TIMES_ASKED):
            if found:
                break
            answer = yield from words("reminder.when")
            if not answer.text():
                yield Say("reminder.none")
                return
            found = self._moments(answer.text())
        if not found:
            yield Say("reminder.by_command")
            return
        for moment in found:
            sure = yield from self._sure(moment)
            if sure == "yes":
                yield self._written(self.home, moment)
                return
        yield Say("reminder.none")

    def _sure(self, moment: datetime) -> Generator[Move, Reply, Trit]:
        day, clock = when(moment, self.wall(), self.zone), f"{moment:%H:%M}"
        if day.days:
            sure, _ = yield from trit("reminder.sure", {"day": day, "clock": clock})
        else:
            sure, _ = yield from trit("reminder.sure_today", {"clock": clock})
        return sure

    def _moments(self, said: str) -> list[datetime]:
        zone = ZoneInfo(self.zone)
        now = self.wall().astimezone(zone).replace(tzinfo=None)
        return [moment.replace(tzinfo=zone) for moment in self.read(said, now)]

    def _written(self, home: Path, moment: datetime) -> Say:
        try:
            write_reminder(home, moment.isoformat(), self.wall())
        except CoachError:
            return Say("reminder.failed")
        return Say("reminder.done")
