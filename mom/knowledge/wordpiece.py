"""BERT's tokenizer: lower-cased words, accents off, longest pieces first. Source: Devlin et al. 2018, uncased vocabulary."""

import unicodedata
from collections.abc import Iterator, Mapping

LONGEST_WORD = 100


class WordPiece:
    def __init__(self, vocabulary: Mapping[str, int], longest: int = 256) -> None:
        self.vocabulary, self.longest = vocabulary, longest
        self.start, self.end, self.unknown = vocabulary["[CLS]"], vocabulary["[SEP]"], vocabulary["[UNK]"]

    def ids(self, text: str) -> list[int]:
        """Token numbers, with start and end marks, cut to the longest that the model takes."""
        inner = [number for word in _words(text) for number in self._pieces(word)]
        return [self.start, *inner[: self.longest - 2], self.end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > LONGEST_WORD:
            return [self.unknown]
        found, start = [], 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self.vocabulary), None)
            if end is None:
                return [self.unknown]
            found.append(self.vocabulary[mark + word[start:end]])
            start = end
        return found


def _words(text: str) -> Iterator[str]:
    """Words and single punctuation marks of the text, lower-cased, without accents and control characters."""
    plain = unicodedata.normalize("NFD", text.lower())
    word = ""
    for sign in plain:
        kind = unicodedata.category(sign)
        if kind == "Mn" or (kind[0] == "C" and sign not in "\t\n\r"):
            continue
        if sign.isspace() or _stands_alone(sign, kind):
            if word:
                yield word
            word = ""
            if not sign.isspace():
                yield sign
        else:
            word += sign
    if word:
        yield word


def _stands_alone(sign: str, kind: str) -> bool:
    code = ord(sign)
    ascii_mark = code < 128 and not sign.isalnum() and code > 32
    chinese = (
        0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2CEAF or 0xF900 <= code <= 0xFAFF
    )
    return ascii_mark or chinese or kind.startswith("P")
