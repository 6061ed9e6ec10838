"""Fixtures that more than one file uses."""

from hearing import korean, korean_model, pocketsphinx
from pulse import sound_route

__all__ = ["korean", "korean_model", "pocketsphinx", "sound_route"]
