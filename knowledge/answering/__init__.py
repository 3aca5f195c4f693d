"""From a question to an answer: retrieve, decide, compose, cite, offer choices."""

from knowledge.answering.answer import Answer, Choice, Request

__all__ = ["Answer", "Choice", "Request"]
