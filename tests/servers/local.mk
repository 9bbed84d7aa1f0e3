# Real servers, started privately: see the head of mailhost.
EXTRA_DIST += tests/servers/mailhost tests/servers/smtpd.py tests/servers/demo

# The letters of the demo.
noinst_PROGRAMS += tests/servers/sample
tests_servers_sample_SOURCES = \
	tests/servers/sample.c \
	tests/servers/sample_text.c tests/servers/sample_text.h
tests_servers_sample_LDADD = libbase.a $(UNISTRING_LIBS)
