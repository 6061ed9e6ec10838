"""A speaker without sound: what it does with a line is for whoever builds on it."""

from __future__ import annotations


class Silent:
    """Nothing to start, prepare, stop, adjust or shut."""

    def start(self) -> None:
        pass

    def prepare(self, text: str) -> None:
        pass

    def stop(self) -> None:
        pass

    def adjust(self, rate: float, volume: float) -> None:
        pass

    def shut(self) -> None:
        pass
