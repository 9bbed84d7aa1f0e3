# Real servers, started privately: see the head of mailhost.
EXTRA_DIST += tests/servers/mailhost tests/servers/smtpd.py
