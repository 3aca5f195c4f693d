"""The one sentence encoder: all-MiniLM-L6-v2 as ONNX, served without PyTorch in both environments."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

DIMENSION = 384
MOST_TOKENS = 128  # questions are at most 500 characters; passages are cut to fit
_MANY = 32
_CACHED = 512  # the same words come again within a turn (matcher, classifier, follow-up) and between families

Vectors = npt.NDArray[np.float32]


class EncoderMissing(RuntimeError):
    """The exported encoder is not in the build folder, or is damaged."""


class SentenceEncoder:
    """Turns sentences into unit vectors; not safe to share between processes, cheap to make in each."""

    def __init__(self, folder: Path, *, threads: int = 1, workers: int = 1) -> None:
        """Load the exported model.

        Args:
            folder: Holds `model.onnx`, `tokenizer.json` and `manifest.json`, as `send-assistant build` writes them.
            threads: Threads of one run; one is quickest for single sentences on a shared machine.
            workers: Runs side by side when many texts are encoded, as the build does.

        Raises:
            EncoderMissing: A file is not there or cannot be read.
        """
        try:
            self.digest: str = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["digest"]
            self._session = _session(folder / "model.onnx", threads)
            self._tokenizer = _tokenizer(folder / "tokenizer.json")
        except Exception as error:
            raise EncoderMissing(f"no encoder in {folder}: run 'send-assistant build' ({error})") from error
        self._workers = workers
        self._one = functools.lru_cache(maxsize=_CACHED)(self._encode_one)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text.

        Returns:
            float32, shape (len(texts), 384), each row of length 1 (L2); shape (0, 384) for no text.
        """
        if not texts:
            return np.zeros((0, DIMENSION), np.float32)
        if self._workers == 1 or len(texts) < _MANY:
            return np.stack([self._one(text) for text in texts])
        with ThreadPoolExecutor(self._workers) as pool:
            return np.stack(list(pool.map(self._one, texts, chunksize=_MANY)))

    def _encode_one(self, text: str) -> npt.NDArray[np.float32]:
        # One text a run: int8 activations are scaled over the whole batch, so a batch would change the vectors.
        encoding = self._tokenizer.encode(text)
        ids = np.array([encoding.ids], np.int64)
        vector = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        vector.setflags(write=False)
        return np.asarray(vector, np.float32)


def _session(path: Path, threads: int):  # type: ignore[no-untyped-def]
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # sentences are short; the arena only holds memory back
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _tokenizer(path: Path):  # type: ignore[no-untyped-def]
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer
