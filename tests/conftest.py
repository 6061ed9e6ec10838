"""Fixtures that more than one file uses."""

import pytest
from hearing import korean, korean_model, pocketsphinx
from pulse import sound_route

__all__ = ["korean", "korean_model", "pocketsphinx", "sound_route"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is shared stays in one process: the sound server, where one thing sounds at a time, and the large model."""
    for item in items:
        if item.get_closest_marker("pulse"):
            item.add_marker(pytest.mark.xdist_group("sound"))
        elif "korean" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("korean"))
