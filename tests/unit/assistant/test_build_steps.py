"""A step of the build: only when stale, whole or not at all, and it says what it does."""

import pytest

from assistant.build import content, dialogue, encoder, run, safeguarding, terms
from assistant.build.run import NoSpace, build
from assistant.build.step import Step, digest_of, read_manifest


@pytest.fixture
def made():
    return []


@pytest.fixture
def step(tmp_path, made):
    def make(folder):
        made.append(folder)
        (folder / "product").write_text(f"number {len(made)}", encoding="utf-8")
        return {"size": len(made)}

    return Step("thing", "inputs-1", tmp_path / "thing", make)


def quiet(_text):
    pass


def test_a_step_is_made_once(step, made):
    told = []
    assert step.run(told.append) is True
    assert step.run(told.append) is False
    assert len(made) == 1
    assert told[0] == "thing: building …"
    assert told[1].startswith("thing: built in ")
    assert told[2:] == ["thing: up to date"]
    assert read_manifest(step.folder) == {"size": 1, "inputs": "inputs-1", "files": {"product": 8}}


def test_other_inputs_make_it_stale(step, made):
    step.run(quiet)
    other = Step(step.name, "inputs-2", step.folder, step.make)
    assert other.stale()
    assert other.run(quiet) is True
    assert (step.folder / "product").read_text(encoding="utf-8") == "number 2"


def test_force_makes_it_again(step, made):
    step.run(quiet)
    assert step.run(quiet, force=True) is True
    assert len(made) == 2


def test_a_damaged_manifest_makes_it_stale(step):
    step.run(quiet)
    for text in ("", "{", "[]", "null"):
        (step.folder / "manifest.json").write_text(text, encoding="utf-8")
        assert step.stale()


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_an_interrupted_build_leaves_the_old_product(step, error):
    step.run(quiet)

    def broken(folder):
        (folder / "product").write_text("half", encoding="utf-8")
        raise error

    with pytest.raises(error):
        Step(step.name, "inputs-2", step.folder, broken).run(quiet)
    assert (step.folder / "product").read_text(encoding="utf-8") == "number 1"
    assert not step.stale()
    assert Step(step.name, "inputs-2", step.folder, step.make).run(quiet) is True
    assert sorted(path.name for path in step.folder.parent.iterdir()) == ["thing"]


def test_what_an_interrupted_build_left_behind_is_cleared_away(step):
    left = step.folder.with_name("thing.new")
    left.mkdir(parents=True)
    (left / "rubbish").touch()
    step.run(quiet)
    assert sorted(path.name for path in step.folder.iterdir()) == ["manifest.json", "product"]


def test_a_digest_changes_with_bytes_names_and_strings_not_with_order(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1", encoding="utf-8")
    two.write_text("2", encoding="utf-8")
    first = digest_of([one, two], "a")
    assert digest_of([two, one], "a") == first
    others = {digest_of([one], "a"), digest_of([one, two], "b"), digest_of([one, two], "a", "")}
    two.write_text("3", encoding="utf-8")
    assert len({first, *others, digest_of([one, two], "a")}) == 5


def test_without_space_nothing_is_built(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_BUILD_DIR", str(tmp_path / "new"))
    monkeypatch.setattr(run, "_NEEDED_BYTES", 10**18)
    with pytest.raises(NoSpace, match="set ASSISTANT_BUILD_DIR elsewhere"):
        build(quiet)
    assert list((tmp_path / "new").iterdir()) == []


def test_the_steps_are_made_in_their_order_each_from_the_ones_before(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_BUILD_DIR", str(tmp_path))
    order = []
    parts = {"encoder": encoder, "terms": terms, "knowledge": content, "safeguarding": safeguarding}
    for name, part in {**parts, "dialogue": dialogue}.items():
        monkeypatch.setattr(part, "inputs", lambda name=name: f"{name} after {order[:2]}")
        monkeypatch.setattr(part, "make", lambda folder, name=name: order.append(name) or {})
    build(quiet)
    assert order[:2] == ["encoder", "terms"]
    assert sorted(order[2:]) == ["dialogue", "knowledge", "safeguarding"]
    found = [read_manifest(tmp_path / name)["inputs"] for name in ("terms", "knowledge", "dialogue")]
    assert found == [
        "terms after ['encoder']",
        "knowledge after ['encoder', 'terms']",
        "dialogue after ['encoder', 'terms']",
    ]


def test_a_step_that_fails_beside_another_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("ASSISTANT_BUILD_DIR", str(tmp_path))
    for part in (encoder, terms, content, safeguarding, dialogue):
        monkeypatch.setattr(part, "inputs", lambda: "same")
        monkeypatch.setattr(part, "make", lambda folder: {})

    def fail(_folder):
        raise dialogue.DialogueBuildFailed("the reason")

    monkeypatch.setattr(dialogue, "make", fail)
    with pytest.raises(dialogue.DialogueBuildFailed, match="the reason"):
        build(quiet)
    assert read_manifest(tmp_path / "knowledge") == {"inputs": "same", "files": {}}
