#!/bin/sh
# SPDX-License-Identifier: MIT
# Whatever two clients do, surat and the server agree in the end: see the
# head of converge.py, also for what CONVERGE can ask for.
. "${srcdir:-.}/tests/servers/lib.sh"
command -v python3 >/dev/null || skip_all "there is no python3"
# Processes of Dovecot that serve more than one connection.
MAILHOST_EXTRA='service imap-login {
  service_count = 0
}
service imap {
  service_count = 500
}'
export MAILHOST_EXTRA
inside_mailhost none "$@"
PYTHONDONTWRITEBYTECODE=1
export builddir PYTHONDONTWRITEBYTECODE
exec python3 "$srcdir/tests/servers/converge.py"
