"""The command `ladder`: list, show, take in, give out, choose and delete a person's ladders."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from voice_coach import ladders
from voice_coach.app import load_catalog, local_zone, make_home
from voice_coach.coach.ladder_form import to_json
from voice_coach.coach.today import LadderWords
from voice_coach.errors import BadInput, BadUsage
from voice_coach.ladder_files import read_file, to_yaml
from voice_coach.records import Ladder
from voice_coach.remember.store import Store
from voice_coach.settings import Settings
from voice_coach.speak.phrasing import Phrasing


class Shelf:
    """The ladders of one person: the shipped ones, and their own in front of them."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._store = store
        catalog = load_catalog(settings)
        self.words: LadderWords = ladders.words_of(catalog, Phrasing(catalog, {}))
        self.own: Mapping[str, Ladder] = ladders.read_kept(store.own_ladders(), catalog.ladders)
        self.all: Mapping[str, Ladder] = {**catalog.ladders, **self.own}
        self.active = store.history("UTC").ladder

    def find(self, name: str) -> Ladder:
        """The ladder of this id or spoken name. Raises `BadUsage` with the ids that there are."""
        for ladder in self.all.values():
            if name in (ladder.id, ladder.name):
                return ladder
        raise BadUsage(f"There is no ladder '{name}'; the ladders are {', '.join(sorted(self.all))}.")

    def keep(self, *facts: tuple[str, Mapping[str, object]]) -> None:
        """Write these facts, all or none."""
        now, last = datetime.now(UTC), self._store.last_moment()
        self._store.keep(str(uuid.uuid4()), max(now, last) if last else now, local_zone(), facts)


def run(settings: Settings, action: str, name: str | None, to: Path | None) -> Iterator[str]:
    """The lines that the action prints."""
    make_home(settings.home)
    with closing(Store(settings.home / "coach.db")) as store:
        shelf = Shelf(settings, store)
        if action == "list":
            yield from _list(shelf)
            return
        if name is None:
            raise BadUsage(f"ladder {action} needs a {'file' if action == 'import' else 'name'}.")
        yield from _ACTIONS[action](shelf, name, to)


def _list(shelf: Shelf) -> Iterator[str]:
    for ladder in shelf.all.values():
        marks = ["own"] if ladder.id in shelf.own else []
        marks += ["active"] if ladder.id == shelf.active else []
        told = f" ({', '.join(marks)})" if marks else ""
        yield f"{ladder.id}: {ladder.name}, {len(ladder.rungs)} rungs{told}"


def _show(shelf: Shelf, name: str, _: Path | None) -> Iterator[str]:
    ladder = shelf.find(name)
    yield f"{ladder.name}, from the easiest up:"
    for place, rung in enumerate(ladder.rungs, start=1):
        yield f"{place}. {rung.say} It ends when {rung.end}."


def _import(shelf: Shelf, name: str, _: Path | None) -> Iterator[str]:
    ladder = read_file(Path(name), shelf.words)
    shelf.keep(("own_ladder", {"ladder": ladder.id, "body": to_json(ladder)}))
    yield f"{ladder.id} is taken, with {len(ladder.rungs)} rungs. `voice-coach ladder use {ladder.id}` begins it."


def _export(shelf: Shelf, name: str, to: Path | None) -> Iterator[str]:
    text = to_yaml(shelf.find(name))
    if to is None:
        yield text.rstrip("\n")
        return
    try:
        to.write_text(text, encoding="utf-8")
        to.chmod(0o600)
    except OSError as error:
        raise BadInput(f"{to} cannot be written ({error.strerror}); name another file with --to.") from None
    yield f"The ladder is in {to}."


def _use(shelf: Shelf, name: str, _: Path | None) -> Iterator[str]:
    ladder = shelf.find(name)
    shelf.keep(("ladder", {"ladder": ladder.id, "fear": ladder.name}))
    yield f"The next session is on {ladder.name}."


def _delete(shelf: Shelf, name: str, _: Path | None) -> Iterator[str]:
    ladder = shelf.find(name)
    if ladder.id not in shelf.own:
        raise BadUsage(f"{ladder.id} is a ready ladder, which cannot be deleted; choose another with ladder use.")
    shelf.keep(("ladder_gone", {"ladder": ladder.id}))
    yield f"{ladder.id} is no longer offered. `voice-coach forget ladder {ladder.id}` takes its words out too."


Action = Callable[[Shelf, str, Path | None], Iterator[str]]
_ACTIONS: Mapping[str, Action] = {
    "show": _show, "import": _import, "export": _export, "use": _use, "delete": _delete,
}  # fmt: skip
