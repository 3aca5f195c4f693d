#!/bin/sh
# Refresh the pinned requirement files from the .in files. Run on a machine with Python 3.11 and 3.10 (or uv's own).
# Look at the change, run `make test`, commit. No address of a package index may stand in a file.
set -eu
cd "$(dirname "$0")/requirements"
UV=$(command -v uv || echo ../../.build/tools/bin/uv)
export UV_FIND_LINKS="${UV_FIND_LINKS:-${PIP_FIND_LINKS:-}}"
[ -n "$UV_FIND_LINKS" ] || unset UV_FIND_LINKS
compile() { "$UV" pip compile --quiet --upgrade --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"; }
compile --python-version 3.11 serve.in -o serve.txt
compile --python-version 3.11 build.in -o build.txt
compile --python-version 3.11 dev.in -o dev.txt
compile --python-version 3.10 --override rasa.overrides.txt rasa.in -o rasa.txt
# The mark of the local CPU wheel is not known to the package index.
sed -i.bak 's/^\(torch==[0-9.]*\)+cpu$/\1/' build.txt dev.txt && rm -f build.txt.bak dev.txt.bak
