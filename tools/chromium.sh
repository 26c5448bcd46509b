#!/bin/sh
# Make sure a Chromium is there for the browser tests, and its shell without windows, which takes half the work to
# read a page. Where it cannot be installed the tests skip aloud; without the shell they take longer.
have() { command -v "$1" >/dev/null 2>&1; }
have chromium && have chromium-headless-shell && exit 0
if have apt-get && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium from Debian's packages for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    get="apt-get install -y -qq --no-install-recommends"
    # who has one already does not wait long for a network that is not there
    { timeout 120 apt-get update -qq && { have chromium || $get chromium fonts-dejavu-core; } && $get chromium-headless-shell; } >/dev/null 2>&1
fi
have chromium || echo "No Chromium here and no way to install one: the browser tests will be skipped."
exit 0
