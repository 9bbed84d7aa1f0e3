dist_check_SCRIPTS = tests/layers.sh
EXTRA_DIST += tests/lsan.supp
TESTS += tests/layers.sh

include tests/base/local.mk
include tests/store/local.mk
include tests/protocol/imap.mk
include tests/protocol/pop3.mk
include tests/mail/local.mk
include tests/ui/local.mk
include tests/net/local.mk
include tests/core/local.mk
include tests/cli/local.mk
include tests/servers/local.mk
include tests/screens/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
