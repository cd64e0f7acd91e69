#!/usr/bin/env bash
# A Chromium for the journeys. OPENIPT_CHROMIUM names one; else the system's; else Debian's package is installed:
# the one without windows, which does the same work in two thirds of the time.
set -euo pipefail
if [ -n "${OPENIPT_CHROMIUM:-}" ] && [ -x "${OPENIPT_CHROMIUM}" ]; then exit 0; fi
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo "No Chromium found: installing Debian's package ..."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq chromium-headless-shell fonts-noto-core >/dev/null 2>&1 || apt-get install -y -qq chromium fonts-noto-core >/dev/null
  exit 0
fi
echo "The journeys need a Chromium. Install one (on Debian, as root: apt-get install chromium-headless-shell), or set OPENIPT_CHROMIUM to its path." >&2
exit 1
