"""A ladder of one's own, by voice: situations one at a time, each checked and rated, ordered and read back."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from voice_coach.coach.asking import Answer, rating, trit, words, yes_no
from voice_coach.coach.ladder_form import edited, to_json
from voice_coach.coach.today import Today
from voice_coach.coach.variations import usual
from voice_coach.records import Ladder, LadderEdit, Rung
from voice_coach.words import Move, Note, Outcome, Reply, Say, Script

ENOUGH = 3
"""Situations with which practice can begin."""
FULL = 8
"""Situations from which on a ladder is complete; fewer, and more are invited at the next session."""
MOST = 12
INVITED = 2
"""Situations added at a later session."""
GAP = 3.0
"""Between two neighbours so far apart a step is missing."""
GAPS_ASKED = 2
REPAIRS = 2
"""Situations that had to be mended before an example is given."""
USUAL_SECONDS = 240
BUILDING = "building"
"""The first fact of a session that only builds a ladder."""
HARM = Outcome("crisis", "harm")
"""Somebody is afraid of a person: the runner answers it with the harm message."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A ladder as far as it is built: situations with their numbers, in order."""

    id: str
    name: str
    rungs: tuple[tuple[Rung, float], ...] = ()
    asks: frozenset[Literal["fainted", "hurt"]] = frozenset()
    repairs: int = 0
    given: int = 0
    """Situations ever given: ids are never reused."""

    @property
    def ladder(self) -> Ladder:
        """What is kept."""
        return Ladder(self.id, self.name, tuple(rung for rung, _ in self.rungs), asks=tuple(sorted(self.asks)))

    @property
    def texts(self) -> tuple[str, ...]:
        """The situations in order."""
        return tuple(rung.say for rung, _ in self.rungs)


Building = Generator[Move, Reply, Draft | Outcome]


def may_build(answer: Answer) -> bool:
    """Rough dictation cannot be read back as somebody's words, so a ladder of one's own is built from others only."""
    return answer.manner != "rough"


def building_session(today: Today) -> Script:
    """Only this: a ladder is built, or the one named is gone on with."""
    yield Note(BUILDING)
    fear = yield from words("ask.fear", about="fear")
    made = yield from build(today, fear)
    if isinstance(made, Outcome):
        return made
    yield Note("ladder", {"ladder": made.id, "fear": fear.text() or made.name})
    yield Say("say.goodbye")
    return Outcome("built")


def build(today: Today, fear: Answer) -> Generator[Move, Reply, Ladder | Outcome]:
    """A ladder for this fear, kept; an outcome where an answer ended it."""
    draft = Draft(_free_id(today), fear.text() or today.words.texts.get("name", ""))
    yield Say("build.intro")
    made = yield from _gather(today, draft, MOST)
    if isinstance(made, Outcome):
        return made
    made = yield from _fill_gaps(today, _ordered(made))
    if isinstance(made, Outcome):
        return made
    return (yield from _finish(today, made))


def invite_more(today: Today, ladder: Ladder) -> Generator[Move, Reply, Ladder | Outcome]:
    """Two more situations for a ladder of one's own that is not complete, where they are wanted."""
    if ladder.id not in today.own or len(ladder.rungs) >= FULL or not ladder.id.startswith(PREFIX):
        return ladder
    wanted = yield from yes_no("build.invite")
    if wanted.value is not True:
        return ladder
    given = max((int(rung.id.rpartition("_")[2]) for rung in ladder.rungs if rung.id.startswith("rung_")), default=0)
    rated = {r.rung: r.value for r in today.history.rung_ratings if r.ladder == ladder.id}
    known = tuple((rung, rated.get(rung.id, 0.0)) for rung in ladder.rungs)
    draft = Draft(ladder.id, ladder.name, known, frozenset(ladder.asks), given=given)
    made = yield from _gather(today, draft, len(known) + INVITED)
    if isinstance(made, Outcome):
        return made
    # Those that were there keep their order: history stands on it.
    for rung, value in made.rungs[len(known) :]:
        place = sum(other <= value for _, other in draft.rungs)
        draft = replace(draft, rungs=(*draft.rungs[:place], (rung, value), *draft.rungs[place:]))
    ended = yield from _finish(today, replace(made, rungs=draft.rungs))
    return edited(ladder, ended) if isinstance(ended, Ladder) else ended


PREFIX = "own_"


def _free_id(today: Today) -> str:
    """An id that says nothing of the fear: blocks outlive words."""
    used = {*today.ladders, *(block.ladder for block in today.history.blocks)}
    used |= {e.ladder for e in today.history.exposures} | {r.ladder for r in today.history.rung_ratings}
    return next(name for number in range(1, len(used) + 2) if (name := f"{PREFIX}{number}") not in used)


def _gather(today: Today, draft: Draft, most: int) -> Building:
    """Situations, one at a time, until there are no more; at least three."""
    while len(draft.rungs) < most:
        added = yield from _situation(today, draft, len(draft.rungs), "build.situation")
        if isinstance(added, Outcome):
            return added
        if added is not None:
            draft = added
            if len(draft.rungs) >= ENOUGH:
                yield _kept(draft)
        elif len(draft.rungs) >= ENOUGH:
            break
        else:
            yield Say("build.three")
    return draft


def _situation(
    today: Today, draft: Draft, place: int, key: str, old: Rung | None = None
) -> Generator[Move, Reply, Draft | Outcome | None]:
    """One situation, checked and rated, put in at this place (for `old`); None where none was given."""
    while True:
        if draft.repairs == REPAIRS:
            yield Say("build.example")
            draft = replace(draft, repairs=draft.repairs + 1)
        answer = yield from words(key, blanks={"number": place + 1} if key == "build.situation" else {})
        if not answer.text():
            return None
        text, draft = yield from _mended(today, draft, answer.text())
        judged = today.words.judge(text)
        if judged.refused:
            yield Say(f"rung.refused.{judged.refused}")
            continue
        if "hurt" in judged.asks:  # each time: it may be another person
            afraid, _ = yield from trit("screen.hurt")
            if afraid != "no":
                return HARM
            draft = replace(draft, asks=draft.asks | {"hurt"})
        if "fainted" in judged.asks and "fainted" not in draft.asks:
            fainted, _ = yield from trit("screen.fainted")
            if fainted != "no":
                yield Say("refuse.fainted")
                continue
            draft = replace(draft, asks=draft.asks | {"fainted"})
        break
    number = draft.given + 1
    texts = today.words.texts
    say = f"{_sentence(text)} {texts['seated']}" if "fainted" in judged.asks else _sentence(text)
    rung = Rung(f"rung_{number}", draft.id, say, texts["end"], USUAL_SECONDS, judged.tags, usual(texts))
    rated = yield from rating("build.rate", {"rung": rung.say})
    yield Note("rung_rating", {"ladder": draft.id, "rung": rung.id, "value": rated.rating(), "why": "entering"})
    entry = (rung, rated.rating())
    after = place if old is None else place + 1
    return replace(draft, given=number, rungs=(*draft.rungs[:place], entry, *draft.rungs[after:]))


def _mended(today: Today, draft: Draft, text: str) -> Generator[Move, Reply, tuple[str, Draft]]:
    """One question for what is missing; what is said to it is added."""
    judged = today.words.judge(text)
    if judged.missing is None:
        return text, draft
    mended = yield from words(f"repair.rung.{judged.missing}")
    draft = replace(draft, repairs=draft.repairs + 1)
    if not mended.text():
        return text, draft
    anew = judged.missing in ("self", "act", "what", "control")
    return (mended.text() if anew else f"{text.rstrip(' .!?,')}, {mended.text()}"), draft


def _ordered(draft: Draft) -> Draft:
    """From the easiest up; equal ones stay as they were given."""
    return replace(draft, rungs=tuple(sorted(draft.rungs, key=lambda entry: entry[1])))


def _fill_gaps(today: Today, draft: Draft) -> Building:
    """Name the widest gaps and ask what would lie in them."""
    for _ in range(GAPS_ASKED):
        values = [value for _, value in draft.rungs]
        gaps = [(high - low, low, high) for low, high in pairwise(values) if high - low >= GAP]
        if not gaps or len(draft.rungs) >= MOST:
            break
        _, low, high = max(gaps)
        yield Say("build.gap", {"low": low, "high": high})
        middle = int((low + high) / 2)
        added = yield from _situation(today, draft, values.index(high), f"build.gap_{middle}")
        if isinstance(added, Outcome):
            return added
        if added is None:
            break
        draft = _ordered(added)
        yield _kept(draft)
    return draft


def _finish(today: Today, draft: Draft) -> Generator[Move, Reply, Ladder | Outcome]:
    """Read it back and change it until it is right; then it is kept."""
    while True:
        yield Say("build.read_back", {"list": _listed(draft.rungs)})
        said = yield from words("build.right")
        edit = today.words.edit(said.text(), draft.texts) if said.text() else LadderEdit("done")
        if edit is None:
            yield Say("build.not_clear")
            continue
        if edit.kind == "done":
            break
        changed = yield from _changed(today, draft, edit)
        if isinstance(changed, Outcome):
            return changed
        draft = changed
        yield _kept(draft)
    yield _kept(draft)
    yield Say("build.kept", {"count": len(draft.rungs)})
    return draft.ladder


def _changed(today: Today, draft: Draft, edit: LadderEdit) -> Building:
    rungs = list(draft.rungs)
    match edit.kind:
        case "move":
            rungs.insert(edit.to, rungs.pop(edit.place))
            return replace(draft, rungs=tuple(rungs))
        case "delete" if len(rungs) <= ENOUGH:
            yield Say("build.three")
            return draft
        case "delete":
            del rungs[edit.place]
            return replace(draft, rungs=tuple(rungs))
        case "add" if len(rungs) >= MOST:
            yield Say("build.full")
            return draft
        case _:
            old = rungs[edit.place][0] if edit.kind == "change" else None
            added = yield from _situation(today, draft, edit.place, "build.situation", old)
            return draft if added is None else added


def _kept(draft: Draft) -> Note:
    return Note("own_ladder", {"ladder": draft.id, "body": to_json(draft.ladder)})


def _sentence(text: str) -> str:
    text = " ".join(text.split()).rstrip(" .!?,")
    return f"{text[:1].upper()}{text[1:]}."


def _listed(rungs: Sequence[tuple[Rung, float]]) -> str:
    """ "1, rated 3: Ring the dentist. 2, …": each situation with its place and its number."""
    return " ".join(
        f"{place}, rated {value:g}: {rung.say.rstrip('.')}." for place, (rung, value) in enumerate(rungs, start=1)
    )
