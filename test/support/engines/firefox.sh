#!/bin/sh
# Playwright asks Firefox to end when one of its renderers crashes; a visitor's goes on.
exec env -u MOZ_CRASHREPORTER_SHUTDOWN "$FIREFOX_PROGRAM" "$@"
