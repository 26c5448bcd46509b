#!/bin/sh
# Make sure a Chromium is there for the browser tests, and its shell without windows, which takes half the work to
# read a page. Where it cannot be installed the tests skip aloud.
command -v chromium >/dev/null 2>&1 && command -v chromium-headless-shell >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium from Debian's packages for the browser tests ..."
    get="apt-get install -y -qq --no-install-recommends"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $get chromium fonts-dejavu-core && $get chromium-headless-shell; } >/dev/null 2>&1
fi
command -v chromium >/dev/null 2>&1 || echo "No Chromium here and no way to install one: the browser tests will be skipped."
exit 0
