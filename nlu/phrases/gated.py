"""Many named patterns, of which only those run that can match."""

from nlu import spacy_door  # noqa: F401 - before spaCy, so that it leaves PyTorch alone

# isort: split
from collections.abc import Iterable, Mapping

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from nlu.phrases.language import Token, anchor


class GatedMatcher:
    """Named patterns in small matchers, each run only when a word that its patterns cannot do without is there."""

    def __init__(self, vocab: Vocab, groups: Mapping[str, Iterable[list[Token]]]) -> None:
        """Sort the patterns by their rarest words.

        Args:
            vocab: Shared by the documents that are to be searched.
            groups: Token patterns under the name to report.
        """
        self._strings = vocab.strings
        self._by_anchor: dict[str, set[int]] = {}
        self._matchers: list[Matcher] = []
        bundles: dict[frozenset[str], list[tuple[str, list[Token]]]] = {}
        for name, patterns in groups.items():
            for pattern in patterns:
                bundles.setdefault(anchor(pattern), []).append((name, pattern))
        for words, members in bundles.items():
            self._add(vocab, words, members)

    def _add(self, vocab: Vocab, words: frozenset[str], members: list[tuple[str, list[Token]]]) -> None:
        matcher = Matcher(vocab)
        for name, pattern in members:
            matcher.add(name, [pattern])
        for word in words:
            self._by_anchor.setdefault(word, set()).add(len(self._matchers))
        self._matchers.append(matcher)

    def spans(self, doc: Doc) -> list[tuple[str, int, int]]:
        """Return (name, first token, token after the last) of every match."""
        wanted = {at for token in doc for at in self._by_anchor.get(token.orth_, ())}
        found = [match for at in sorted(wanted) for match in self._matchers[at](doc)]
        return [(self._strings[name], start, end) for name, start, end in found]
