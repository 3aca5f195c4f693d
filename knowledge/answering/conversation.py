"""Finding the answer to a message in the light of the turns before it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from knowledge.answering.answer import Request
from knowledge.answering.finder import Finder, Found
from knowledge.answering.names import Names
from knowledge.answering.parallel import same_question
from knowledge.model import Article
from nlu.discourse import Utterance
from nlu.text import content_words


@dataclasses.dataclass(frozen=True)
class Understood:
    """What was found, and the question that it answers by itself; None where the turns before complete it."""

    found: Found
    question: str | None


class Conversation:
    """Completes messages by what was said before."""

    def __init__(self, articles: Mapping[str, Article], names: Names, finder: Finder) -> None:
        """Join the parts."""
        self._articles, self._names, self._finder = articles, names, finder

    def understand(self, request: Request, heard: Utterance) -> Understood:
        """Return what answers a message.

        Args:
            request: The message without its opening words, with what the dialogue remembers.
            heard: How the message stands to the turns before.
        """
        alone = Understood(self._finder.alone(request.text, request.avoid), request.text)
        if heard.move == "fresh" or (request.topic is None and request.question is None):
            return alone
        if heard.move == "back":
            return self._back(request, heard.named or "", alone)
        if request.question and (request.corrects or heard.move in ("meant", "corrected")):
            return self._corrected(request, heard, alone)
        return self._parallel(request) or self._follow_up(request, heard, alone)

    def _back(self, request: Request, named: str, alone: Understood) -> Understood:
        earlier = self._earlier(request, named)
        if earlier is None:
            text = f"{named} {request.text}"
            return Understood(self._finder.alone(text, request.avoid), text)
        found = self._finder.near(earlier, [earlier.title], request.text, request.avoid, leans=True)
        return self._best(alone, found)

    def _corrected(self, request: Request, heard: Utterance, alone: Understood) -> Understood:
        meant = request.corrects or heard.move == "meant"
        avoid = (*request.avoid, *([request.topic] if meant and request.topic else []))
        text = request.text if content_words(request.text) else ""
        afresh = self._finder.alone(text, avoid)
        if self._finder.clear(afresh) and not self._finder.leans(text):
            return Understood(afresh, request.text)
        topic = self._articles.get(request.topic or "")
        contexts = [request.question or "", *([topic.title] if topic and meant else [])]
        found = self._finder.corrected(text, contexts, avoid)
        if meant and not self._finder.sure(found):
            # What was wrong may have been a detail: the same article can still be the right one.
            again = self._finder.corrected(text, contexts[:1], request.avoid)
            found = again if self._finder.sure(again) and content_words(text) else found
        return Understood(found, None) if found.probability > alone.found.probability or meant else alone

    def _parallel(self, request: Request) -> Understood | None:
        if not request.question or not request.topic:
            return None
        again = same_question(request.text, request.question, request.topic, self._names)
        found = self._finder.alone(again, request.avoid) if again else None
        return Understood(found, again) if found and self._finder.sure(found) else None

    def _follow_up(self, request: Request, heard: Utterance, alone: Understood) -> Understood:
        topic = self._articles.get(request.topic or "")
        leans = self._finder.leans(heard.said) or heard.move == "resume"
        if self._finder.clear(alone.found) and not leans:
            return alone
        if request.question and leans and (topic is None or request.misses):
            # The last question had no answer: it is what the message leans on, not an article from before it.
            found = self._finder.corrected(request.text, [request.question], request.avoid)
            if self._finder.sure(found) and found.probability > alone.found.probability:
                return Understood(found, None)
        if topic is None:
            return alone
        contexts = [topic.title, *([request.question] if request.question else [])]
        return self._best(alone, self._finder.near(topic, contexts, request.text, request.avoid, leans=leans))

    def _best(self, alone: Understood, leaning: list[Found]) -> Understood:
        best = max(leaning, key=lambda found: found.probability, default=None)
        if best is None or best.probability <= alone.found.probability:
            return alone
        return Understood(best, None)

    def _earlier(self, request: Request, named: str) -> Article | None:
        """Return the article of the conversation that a name fits best; None if it fits none."""
        keys = [key for key in (request.topic, *request.trail) if key in self._articles]
        called = self._names.mentioned(named)
        words = set(content_words(named))
        fits = [(key in called, len(words & _words_of(self._articles[key]))) for key in keys if key]
        best = max(fits, default=(False, 0))
        return self._articles[keys[fits.index(best)] or ""] if any(best) else None


def _words_of(article: Article) -> set[str]:
    return {word for name in (article.title, *article.aliases) for word in content_words(name)}
