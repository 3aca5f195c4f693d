"""The steps from a question to an answer, in the order in which `Answering` runs them."""

from __future__ import annotations

import dataclasses

from knowledge.answering import compose, parts
from knowledge.answering.choices import after_answer, more_about, person
from knowledge.answering.comparison import Comparisons
from knowledge.answering.conversation import Conversation
from knowledge.answering.draft import Draft, Step
from knowledge.answering.finder import Finder, Found
from knowledge.answering.library import Library
from knowledge.answering.names import Names
from knowledge.answering.references import Reference, References
from knowledge.answering.series import AllSeries
from knowledge.answering.short_forms import ShortForms
from knowledge.answering.undecided import MOST_MISSES, Undecided
from knowledge.model import Article, Block
from nlu.discourse import Utterance, read
from nlu.text import content_words

_OF_ITS_OWN = 2  # content words from which a message asks for more than the paragraph it cites
_BESIDE = ("answered", "declined_out_of_scope")  # what may stand beside an answer as the second of two
_LATEST = 2  # topics that may settle what a short form stands for; an older one may be forgotten
_LONGEST_NAME = 4  # words that may stand for a thing compared


class Steps:
    """The steps share the content and the ways to find it; each is `Draft -> Draft`."""

    def __init__(self, library: Library, finder: Finder) -> None:
        """Prepare what the steps look things up in."""
        articles, tables = library.articles, library.tables
        self._library, self._finder = library, finder
        self._undecided = Undecided(library)
        names = Names(articles.values())
        self._short_forms = ShortForms(tables["short_forms"], articles)
        self._references = References(tables["references"], articles.values())
        self._comparisons = Comparisons(tables["comparison"], names, articles.values())
        self._conversation = Conversation(articles, names, finder)
        self.series = AllSeries(articles)

    def in_order(self) -> tuple[Step, ...]:
        """Return the steps in the order to run them."""
        return (
            self.hear, self.ask_which_meaning, self.cite, self.follow_series, self.compare, self.split,
            self.retrieve, self.decide, self.compose,
        )  # fmt: skip

    def hear(self, draft: Draft) -> Draft:
        """Leave out what the message opens with; keep how it stands to the turns before."""
        heard = read(draft.request.text)
        request = dataclasses.replace(draft.request, text=heard.text)
        return draft.with_(heard=heard, request=request, question=heard.text)

    def ask_which_meaning(self, draft: Draft) -> Draft:
        """Settle what a short form with several meanings stands for, or ask."""
        request = draft.request
        asked = self._short_forms.asked(request.text)
        if asked is None:
            spelt_out = self._short_forms.spell_out(request.text)
            return draft.with_(request=dataclasses.replace(request, text=spelt_out))
        short, meanings = asked
        topics = [key for key in (request.topic, *request.trail) if key][:_LATEST]
        settled = self._short_forms.settled(meanings, topics)
        if settled is None and request.misses >= MOST_MISSES:
            settled = meanings[0].article_id
        if settled is None:
            return self._undecided.which_meaning(draft, short, meanings)
        return draft.with_(article=self._library.articles[settled])

    def cite(self, draft: Draft) -> Draft:
        """Answer for a paragraph, section or case that is held; say so of one that is not."""
        text = draft.request.text
        cited = self._references.find(text) if draft.article is None else []
        cited = [one for one in cited if one.unit != "case" or self._comparisons.read(one.number) is None]
        if not cited:
            return draft
        rest = self._references.without(text, cited)
        lost = next((one for one in cited if not self._references.holders(one)), None)
        if lost is not None:
            return self._undecided.no_reference(draft, self._references.shown(lost), self._near(lost, rest))
        held = frozenset[str]().union(*map(self._references.holders, cited))
        alone = self._finder.alone(text)
        right = bool(alone.retrieval.hits) and alone.retrieval.hits[0].article_id in held
        if right or (self._finder.sure(alone) and len(content_words(rest)) >= _OF_ITS_OWN):
            return draft
        return self._take(draft, self._finder.among(text, held))

    def follow_series(self, draft: Draft) -> Draft:
        """Go to "the next one" and "the third" of numbered articles."""
        member = None if draft.article else self.series.follow(draft.request.text, draft.request.topic)
        if member is None:
            return draft
        article = self._library.articles[member]
        return draft.with_(article=article, question=article.title)

    def compare(self, draft: Draft) -> Draft:
        """Answer a comparison from the article that makes it, else set the two beginnings side by side."""
        if draft.article is not None:
            return draft
        request, articles = draft.request, self._library.articles
        pair = self._comparisons.read(self._finder.mend(request.text), request.topic, self._look_up)
        if pair is None:
            return draft
        made = self._comparisons.made(pair)
        if made is not None:
            return draft.with_(article=articles[made.article_id], group=made.group)
        whole = self._finder.alone(request.text)
        either = pair.ids[0] | pair.ids[1]
        if self._finder.sure(whole) and whole.retrieval.hits[0].article_id not in either:
            return draft
        both = [articles[self._finder.among(words, ids).retrieval.hits[0].article_id] for words, ids in
                zip(pair.words, pair.ids, strict=True)]  # fmt: skip
        blocks = parts.side_by_side(both, mode=request.mode, library=self._library, better=pair.better)
        return self._joint(draft, both, blocks)

    def split(self, draft: Draft) -> Draft:
        """Answer two questions at once, where each has a sure answer of its own."""
        pieces = None if draft.article else parts.cut(draft.request.text)
        if pieces is None or self._finder.leans(pieces[0]):
            return draft
        first = self._finder.alone(pieces[0])
        if not self._finder.sure(first):
            return draft
        topic = first.retrieval.hits[0].article_id
        second = self._finder.alone(pieces[1])
        if not self._finder.sure(second):
            leaning = dataclasses.replace(draft.request, text=pieces[1], topic=topic, question=pieces[0], trail=())
            second = self._conversation.understand(leaning, Utterance(pieces[1], pieces[1])).found
        if not self._finder.sure(second) or second.retrieval.hits[0].article_id == topic:
            return draft
        both = [self._library.articles[found.retrieval.hits[0].article_id] for found in (first, second)]
        if both[0].answer_status != "answered" or both[1].answer_status not in _BESIDE:
            return draft
        blocks = [
            block
            for article, found in zip(both, (first, second), strict=True)
            for block in parts.headed(article, mode=draft.request.mode, group=found.group, section=found.section)
        ]
        return self._joint(draft.with_(probability=min(first.probability, second.probability)), both, blocks)

    def retrieve(self, draft: Draft) -> Draft:
        """Look the question up; what leans on the turns before is looked up with them."""
        if draft.article is not None:
            return draft
        assert draft.heard is not None
        understood = self._conversation.understand(draft.request, draft.heard)
        found = understood.found
        return draft.with_(
            found=found.retrieval,
            probability=found.probability,
            leaning=found.leaning,
            group=found.group,
            section=found.section,
            question=understood.question,
        )

    def decide(self, draft: Draft) -> Draft:
        """Take the first hit, ask which was meant, or say that it is not known."""
        if draft.article is not None or draft.found is None:
            return draft
        found = Found(draft.found, draft.probability or 0.0, draft.leaning, draft.group, draft.section)
        if self._finder.sure(found):
            return self._take(draft, found)
        if self._finder.calibrator.worth_asking(found.retrieval):
            return self._undecided.which(draft)
        return self._undecided.not_known(draft)

    def compose(self, draft: Draft) -> Draft:
        """Put the answer together: what was asked first, then the article."""
        article, request = draft.article, draft.request
        assert article is not None
        blocks = compose.opening(
            article, mode=request.mode, group=draft.group, section=draft.section, audience=request.audience
        )
        if article.expired(self._library.today()):
            notice = {"type": "notice", "text": self._library.phrase("expired", request.mode)}
            blocks = [notice, *blocks]
        offers = after_answer(article, library=self._library, mode=request.mode)
        cited = (article, *self._parent(article))
        return draft.with_(blocks=tuple(blocks), cited=cited, choices=offers, status=article.answer_status)

    def _take(self, draft: Draft, found: Found) -> Draft:
        hit = found.retrieval.hits[0]
        return draft.with_(
            article=self._library.articles[hit.article_id],
            group=found.group, section=found.section, found=found.retrieval, probability=found.probability,
        )  # fmt: skip

    def _joint(self, draft: Draft, both: list[Article], blocks: list[Block]) -> Draft:
        offers = (*(more_about(article, self._library) for article in both), person(self._library))
        return draft.with_(article=both[0], cited=tuple(both), blocks=tuple(blocks), choices=offers, status="answered")

    def _look_up(self, words: str) -> frozenset[str]:
        """Return the article that some words stand for, though they are nobody's name."""
        if len(words.split()) > _LONGEST_NAME or not content_words(words):
            return frozenset()
        found = self._finder.alone(words)
        return frozenset({found.retrieval.hits[0].article_id}) if self._finder.sure(found) else frozenset()

    def _near(self, lost: Reference, rest: str) -> list[str]:
        """Return articles near a citation that nobody has: by what else the message says, then by its number."""
        asked = self._finder.alone(rest) if len(content_words(rest)) > 1 else None
        by_words = [hit.article_id for hit in asked.retrieval.hits[:2]] if asked else []
        return list(dict.fromkeys([*by_words, *self._references.nearest(lost)]))

    def _parent(self, article: Article) -> tuple[Article, ...]:
        parent = self._library.articles.get(article.part_of or "")
        return (parent,) if parent else ()
