"""Fixtures that more than one file uses."""

from pulse import sound_route

__all__ = ["sound_route"]
