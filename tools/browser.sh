#!/usr/bin/env bash
# Finds a Chromium for the browser tests, or installs Debian's where this account may.
# Says in one line when there is none: the tests then skip, and fail instead under CI=true.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 || true
  command -v chromium >/dev/null 2>&1 && exit 0
fi
echo "No Chromium here: browser tests are left out. Install the package 'chromium' to run them."
[ "${CI:-}" != true ]
