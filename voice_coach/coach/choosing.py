"""Step three, its first half: rungs are rated from the easiest up until the rules have one to propose, or none fits."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from voice_coach.coach.asking import Answer, rating, yes_no
from voice_coach.coach.ladder_form import to_json, without
from voice_coach.coach.progression import NeedsRating, NoRung, Proposal, propose
from voice_coach.coach.screening import rating_rungs
from voice_coach.coach.smaller import make_bridge, without_sight
from voice_coach.coach.today import Today
from voice_coach.coach.whys import why_rate
from voice_coach.records import History, Ladder, Rung, RungRating
from voice_coach.words import Move, Note, Reply, Say

Chosen = tuple[Proposal | NoRung, History, Answer]
"""What the rules propose, the history with what was rated on the way, and the last answer."""


def choose(today: Today, ladder: Ladder, history: History, before: Answer) -> Generator[Move, Reply, Chosen]:
    """The rung to do today, or why there is none. The ladder may get a rung or lose one on the way; both are kept."""
    last = before
    asked, another = 0, False
    stays: set[str] = set()
    while True:
        match propose(history, ladder, last.at, today.rules, today.zone, sight_free=today.sight_free, asked=another):
            case NeedsRating() as unrated:
                if not asked:
                    yield Say("say.rate_rungs")
                asked += 1
                rated, last = yield from _rated(today, ladder, unrated, last)
                history = replace(history, rung_ratings=(*history.rung_ratings, rated))
            case NoRung(reason="once_a_day") if not another:
                wanted = yield from yes_no("ask.another", after=last)
                if wanted.value is not True:
                    return NoRung("once_a_day"), history, wanted
                another, last = True, wanted
            case NoRung() as none:
                return none, history, last
            case Proposal(why="bridge", above=Rung() as above) as proposal:
                return (yield from _bridged(today, ladder, history, proposal, above, last))
            case Proposal(why="stay", above=Rung() as easy) if easy.id not in stays:
                lighter, last = yield from _taken_off(today, ladder, easy, last)
                stays |= {easy.id} if lighter == ladder else set()
                ladder = lighter
            case Proposal() as proposal:
                return proposal, history, last


def _rated(
    today: Today, ladder: Ladder, unrated: NeedsRating, last: Answer
) -> Generator[Move, Reply, tuple[RungRating, Answer]]:
    rung, why = unrated.rung, unrated.why
    said = yield from rating("ask.rung", {"rung": rung.say}, after=last, why=why_rate(unrated, today.rules))
    yield Note("rung_rating", {"ladder": ladder.id, "rung": rung.id, "value": said.rating(), "why": why})
    return RungRating(ladder.id, rung.id, said.rating(), said.at, why), said


def _bridged(
    today: Today, ladder: Ladder, history: History, proposal: Proposal, above: Rung, last: Answer
) -> Generator[Move, Reply, Chosen]:
    """The next rung is too high: one is built in between, for another day; today's stays."""
    rated: list[RungRating] = []
    made = yield from rating_rungs(make_bridge(today, ladder, above, last), rated)
    history = replace(history, rung_ratings=(*history.rung_ratings, *rated))
    return proposal, history, made[1] if made else last


def _taken_off(today: Today, ladder: Ladder, easy: Rung, last: Answer) -> Generator[Move, Reply, tuple[Ladder, Answer]]:
    """The next two are too easy and no second one is passed by rating: the person may take the first one off."""
    words = {"rung": without_sight(today, ladder, easy).say}
    wanted = yield from yes_no("ask.take_off", words, after=last, accepts=frozenset({"skip", "dont_know", "dont_want"}))
    if wanted.value is True:
        ladder = without(ladder, easy.id)
        yield Note("own_ladder", {"ladder": ladder.id, "body": to_json(ladder)})
    return ladder, wanted
