#!/bin/sh
# What the tests need from the system: chromium, PostgreSQL, Redis. Installed where apt-get and root are at hand.
set -eu
want=""
[ -x /usr/bin/chromium ] || want="$want chromium"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || want="$want postgresql"
command -v redis-server >/dev/null 2>&1 || want="$want redis-server"
[ -n "$want" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup    | installing$want"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $want >/dev/null
else
  echo "setup    | the tests need$want: install them and try again" >&2
  exit 1
fi
