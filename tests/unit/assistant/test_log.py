"""Log lines: an event name with fields, one line, no conversation id in the clear."""

import logging

from assistant.log import event, hashed

_logger = logging.getLogger("test_log")


def test_an_event_is_one_line_of_fields(caplog):
    caplog.set_level(logging.INFO, "test_log")
    event(_logger, "turn", status="a\nb", ms=1.2345)
    assert caplog.messages == ["turn status=a b ms=1.2"]


def test_a_level_that_is_off_is_not_built(caplog):
    caplog.set_level(logging.ERROR, "test_log")
    event(_logger, "turn", status="x")
    assert caplog.messages == []


def test_a_conversation_is_named_by_a_hash():
    assert hashed("abc") == hashed("abc") != hashed("abd")
    assert len(hashed("abc")) == 12
    assert "abc" not in hashed("abc")
