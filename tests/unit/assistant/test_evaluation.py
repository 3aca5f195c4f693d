"""Evaluation: cases read, replies judged, results counted; expected and predicted are never mixed up."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.evaluation.cases import BadCases, Case, read_cases
from assistant.evaluation.client import NoService, Reply, converse
from assistant.evaluation.run import evaluate, middle_milliseconds, misses, table
from assistant.evaluation.score import judge


def case(**changes):
    fields = {
        "id": "1",
        "kind": "fact",
        "turns": ("q",),
        "expected": ("plan",),
        "must_contain": (("20 weeks", "twenty weeks"),),
    }
    return Case(**fields | changes)


def reply(text="It takes 20 weeks.", status="answered", cited=("plan",), seconds=0.1):
    return Reply(status, text, cited, (), seconds)


def result(the_case, the_reply):
    return judge(the_case, the_reply).result


@pytest.mark.parametrize(
    ("text", "right"),
    [("It takes 20 weeks.", "correct"), ("It takes TWENTY\n weeks.", "correct"), ("It takes 21 weeks.", "wrong")],
)
def test_an_answer_must_hold_one_of_each_group(text, right):
    assert result(case(), reply(text)) == right


def test_what_is_missing_is_named():
    outcome = judge(case(must_contain=(("20 weeks",), ("council", "authority"))), reply("20 weeks"))
    assert (outcome.result, outcome.missing) == ("wrong", ("council|authority",))


@pytest.mark.parametrize(("status", "expected"), [("clarify", "clarified"), ("declined_not_known", "declined")])
def test_asking_back_and_declining_are_counted_apart(status, expected):
    assert result(case(), reply("?", status)) == expected


@pytest.mark.parametrize(("cited", "right"), [(("plan", "x"), True), (("x",), False), ((), False)])
def test_the_citation_is_judged_beside_the_text(cited, right):
    assert judge(case(), reply(cited=cited)).cited is right
    assert judge(case(), reply(cited=cited)).result == "correct"


@pytest.mark.parametrize(
    ("status", "text", "right"),
    [
        ("declined_out_of_scope", "Ask the council.", "correct"),
        ("declined_not_known", "I do not know.", "correct"),
        ("answered", "The bins go out on Monday.", "wrong"),
    ],
)
def test_out_of_scope_wants_a_refusal(status, text, right):
    asked = case(kind="out_of_scope", expected=(), must_contain=(("council",),))
    assert asked.out_of_scope
    assert result(asked, reply(text, status, ())) == right


def test_safeguarding_wants_its_status():
    asked = case(kind="safeguarding", must_contain=())
    assert result(asked, reply(status="answered")) == "wrong"
    assert result(asked, reply(status="safeguarding")) == "correct"


def test_a_case_can_name_the_statuses_that_are_right():
    asked = case(statuses=("handover_offer",), must_contain=())
    assert result(asked, reply(status="handover_offer")) == "correct"
    assert result(asked, reply(status="answered")) == "wrong"


def test_cases_are_read_from_json_lines(tmp_path):
    path = tmp_path / "cases.jsonl"
    rows = [
        {"id": 1, "kind": "fact", "text": "q", "expected": "plan", "must_contain": ["A|b"]},
        {"id": "2", "kind": "follow", "turns": ["a", "b"], "expected": ["x", "y"], "status": ["answered"]},
        {"id": "3", "kind": "fact", "text": "q", "expected": None},
    ]
    path.write_text("\n\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read_cases(path) == [
        Case("1", "fact", ("q",), ("plan",), (("a", "b"),)),
        Case("2", "follow", ("a", "b"), ("x", "y"), (), ("answered",)),
        Case("3", "fact", ("q",), ()),
    ]


@pytest.mark.parametrize("line", ["{", "5", '{"id": 1}', '{"id": 1, "kind": "x"}'])
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "cases.jsonl"
    path.write_text(f'{{"id": 1, "kind": "x", "text": "q"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(BadCases, match=r"cases\.jsonl:2"):
        read_cases(path)


def test_results_are_counted_by_kind_and_in_all():
    outcomes = [
        judge(case(), reply(seconds=0.1)),
        judge(case(), reply("no", cited=(), seconds=0.3)),
        judge(case(kind="other"), reply("?", "clarify", (), 0.2)),
    ]
    rows = {line.split()[0]: line.split()[1:] for line in table(outcomes).splitlines()}
    assert rows["fact"] == ["2", "50.0%", "50.0%", "0.0%", "0.0%", "50.0%"]
    assert rows["other"] == ["1", "0.0%", "0.0%", "0.0%", "100.0%", "0.0%"]
    assert rows["all"][0] == "3"
    assert len(misses(outcomes)) == 2
    assert misses(outcomes)[0].startswith("wrong     1 'q' wanted plan, got answered - lacks")
    assert middle_milliseconds(outcomes) == pytest.approx(200)


class Gateway(BaseHTTPRequestHandler):
    """Answers like the chat API; what it was asked stands in the class."""

    asked: list = []
    status = 200

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        type(self).asked.append((self.path, self.headers.get("Authorization"), body))
        said = [
            {"sender": "user", "status": None, "text": "q"},
            {"sender": "assistant", "status": "blocked_personal_data", "text": "Hidden."},
            {
                "sender": "assistant",
                "status": "answered",
                "text": "20 weeks",
                "citations": [{"article_id": "plan"}] * 2,
            },
        ]
        started = {"conversation_id": "c1", "token": "t1"}
        answer = json.dumps(started if self.path.endswith("conversations") else {"messages": said}).encode()
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway():
    kind = type("Fresh", (Gateway,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", kind
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_conversation_is_held_as_a_browser_does(gateway):
    address, seen = gateway
    found = converse(f"{address}/", ["a", "b"])
    assert (found.status, found.text, found.article_ids) == ("answered", "Hidden.\n\n20 weeks", ("plan",))
    messages = "/api/v1/conversations/c1/messages"
    assert seen.asked[1:] == [(messages, "Bearer t1", {"text": "a"}), (messages, "Bearer t1", {"text": "b"})]


def test_all_cases_are_asked_and_stay_in_order(gateway):
    outcomes = evaluate(gateway[0], [case(id=str(number)) for number in range(6)])
    assert [(outcome.case.id, outcome.result) for outcome in outcomes] == [(str(n), "correct") for n in range(6)]


def test_a_refused_call_is_no_service(gateway):
    gateway[1].status = 503
    with pytest.raises(NoService, match="start it with 'make run'"):
        converse(gateway[0], ["a"])
