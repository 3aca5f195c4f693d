"""Make both environments. Needs nothing but a Python 3.9 or newer with pip; safe to run again and to interrupt.

    python3 deploy/setup.py [--for run|test]

`run` leaves out what only the tests need. Each environment remembers the pins it was made from and is touched again
only when they change; uv keeps what it has fetched, so an interrupted set-up goes on where it stopped.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINS = ROOT / "deploy" / "requirements"
TOOLS = ROOT / ".build" / "tools"
NEEDED_GIGABYTES = 6
MAIN, RASA = ROOT / ".venv", ROOT / ".venv-rasa"


def main():
    """Set up and say how long it took; end with one line and the remedy if something is in the way."""
    parser = argparse.ArgumentParser(description="Make the environments of the SEND assistant.")
    parser.add_argument("--for", dest="purpose", choices=["run", "test"], default="run")
    purpose = parser.parse_args().purpose
    started = time.monotonic()
    plans = [
        (MAIN, "3.11", ["serve.txt", "build.txt"] + (["dev.txt"] if purpose == "test" else []), True),
        (RASA, "3.10", ["rasa.txt"], False),
    ]
    stale = [plan for plan in plans if not fresh(*plan)]
    if stale:
        enough_space()
    for number, plan in enumerate(stale, 1):
        make(find_uv(), number, len(stale), *plan)
    say(f"environments ready in {time.monotonic() - started:.1f} s" + ("" if stale else " (nothing to do)"))


def fresh(folder, version, pins, ours):
    """Tell whether an environment was made from these pins, or from more (tests need more than running)."""
    try:
        made = (folder / "made-from").read_text(encoding="utf-8").split()
    except OSError:
        return False
    return (folder / "bin" / "python").exists() and {digest(name) for name in pins} <= set(made)


def make(uv, number, count, folder, version, pins, ours):
    """Make one environment, or bring it up to date."""
    say(f"step {number} of {count}: {folder.name} (Python {version}), {len(pins)} lists of packages")
    (folder / "made-from").unlink(missing_ok=True)
    python = find_python(uv, version)
    if not (folder / "bin" / "python").exists():
        run([uv, "venv", "--quiet", "--allow-existing", "--python", python, str(folder)])
    lists = [part for name in pins for part in ("-r", str(PINS / name))]
    install = [uv, "pip", "install", "--python", str(folder / "bin" / "python")]
    if not ours:
        run([*install, "--override", str(PINS / "rasa.overrides.txt"), *lists])
    elif not run([*install, *cpu_torch(), *lists], check=False):
        say("no CPU build of PyTorch to be had there: taking the one that the package index offers")
        run([*install, *lists])
    if ours:
        run([*install, "--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT)])
    (folder / "made-from").write_text("\n".join(digest(name) for name in pins), encoding="utf-8")


def cpu_torch():
    """Return the options that prefer PyTorch's CPU build: a wheel at hand, else uv's own way to the CPU index."""
    return [] if os.environ.get("UV_FIND_LINKS") else ["--torch-backend", "cpu"]


def find_uv():
    """Return uv: the one on the path, the one fetched before, or a freshly fetched one."""
    # uv does not read pip's variable; both name the same folder of wheels.
    if os.environ.get("PIP_FIND_LINKS"):
        os.environ.setdefault("UV_FIND_LINKS", os.environ["PIP_FIND_LINKS"])
    found = shutil.which("uv") or shutil.which("uv", path=str(TOOLS / "bin"))
    if found:
        return found
    say("fetching uv, the package installer")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(TOOLS), "uv==0.13.9"]
    if not run(pip, check=False):
        stop("uv is missing and pip could not fetch it: install pip (apt-get install python3-pip) and try again")
    return str(TOOLS / "bin" / "uv")


def find_python(uv, version):
    """Return an interpreter of a version; uv fetches one where it may."""
    found = subprocess.run([uv, "python", "find", version], cwd=str(ROOT), capture_output=True, text=True, check=False)
    if found.returncode == 0:
        return found.stdout.strip()
    say(f"fetching Python {version}")
    if run([uv, "python", "install", version], check=False):
        return version
    return stop(
        f"Python {version} is missing and could not be fetched: install it (apt-get install python{version} "
        f"python{version}-venv, or 'uv python install {version}' on a machine with internet) and try again"
    )


def enough_space():
    """Stop if the environments would not fit."""
    free = shutil.disk_usage(str(ROOT)).free / 1e9
    if free < NEEDED_GIGABYTES:
        stop(f"only {free:.1f} GB free at {ROOT}: the environments need {NEEDED_GIGABYTES} GB; free some and try again")


def digest(name):
    """Return a digest of a list of pins."""
    return hashlib.sha256((PINS / name).read_bytes()).hexdigest()


def run(command, check=True):
    """Run a command, showing what it prints; stop with one line if it must not fail."""
    done = subprocess.run(command, cwd=str(ROOT), check=False)
    if done.returncode and check:
        name = " ".join(command[:4])
        stop(f"'{name} …' failed with code {done.returncode}: see the lines above; running it again resumes")
    return done.returncode == 0


def say(text):
    """Print one line of progress."""
    print(f"setup    | {text}", flush=True)


def stop(text):
    """End with one line that names the remedy."""
    sys.exit(f"setup    | {text}")


if __name__ == "__main__":
    main()
