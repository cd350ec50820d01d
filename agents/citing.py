"""Turns `[stop:12]` in what a model writes into `[1]`, as it streams, and keeps what each number stands for."""

import re
from collections.abc import Mapping

from agents.answer import Citation

REF = re.compile(r"\[((?:[a-z_]+:[\w.-]+)(?:\s*[,;]\s*[a-z_]+:[\w.-]+)*)\]")
_OPEN = re.compile(r"\[[a-z_:\w.,;\s-]{0,120}$")


class Citer:
    """Feed it text; it gives the text to show. A row that no tool returned is not cited: the mark is left out."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.known = known
        self.numbers: dict[str, int] = {}
        self.waiting = ""

    def feed(self, text: str) -> str:
        whole = self.waiting + text
        opened = _OPEN.search(whole)
        self.waiting = opened.group() if opened else ""
        return self._replaced(whole[: opened.start()] if opened else whole)

    def rest(self) -> str:
        """What was held back because it might have become a citation."""
        left, self.waiting = self.waiting, ""
        return self._replaced(left)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(Citation(n=n, ref=ref, text=self.known[ref]) for ref, n in self.numbers.items())

    def _replaced(self, text: str) -> str:
        return REF.sub(lambda found: self._marks(found.group(1)), text)

    def _marks(self, refs: str) -> str:
        wanted = [ref for ref in re.split(r"\s*[,;]\s*", refs) if ref in self.known]
        return "".join(f"[{self.numbers.setdefault(ref, len(self.numbers) + 1)}]" for ref in wanted)


def cited(text: str, known: Mapping[str, str]) -> tuple[str, tuple[Citation, ...]]:
    """A whole text at once. `known`: rows that tools returned, each with a word on what it is."""
    citer = Citer(known)
    shown = citer.feed(text) + citer.rest()
    return re.sub(r" +([.,;:])", r"\1", shown), citer.citations
