"""What happened at the controllers, in order: changes of registers, and levels of measured quantities."""

from __future__ import annotations

Change = tuple[float, str, str, float | str]
"""(seconds from the start, equipment path, key, value)"""


class Recorder:
    """Collects changes until somebody takes them."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.latest: dict[tuple[str, str], float | str] = {}
        self.levels: dict[tuple[str, str], list[tuple[float, float]]] = {}

    def changed(self, at: float, path: str, key: str, value: float | str) -> None:
        if self.latest.get((path, key)) != value:
            self.latest[path, key] = value
            self.changes.append((at, path, key, value))

    def level(self, at: float, path: str, key: str, value: float) -> None:
        """From `at` on, the measured quantity wanders about `value`."""
        self.levels.setdefault((path, key), []).append((at, value))

    def level_now(self, path: str, key: str) -> float:
        return self.levels[path, key][-1][1]

    def take(self) -> list[Change]:
        """The changes since the last time, emptied."""
        taken, self.changes = self.changes, []
        return taken
