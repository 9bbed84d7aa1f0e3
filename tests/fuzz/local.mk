# A fuzz target is a file with LLVMFuzzerTestOneInput.  In `make check` it is
# linked to replay.c, which feeds it its corpus and every file cut short;
# with --enable-fuzzing to libFuzzer.  To add one: a line in each list of
# fuzz_TARGETS' own .mk, and a folder tests/fuzz/corpus/NAME.
if FUZZING
fuzz_engine = -fsanitize=fuzzer
fuzz_main =
else
fuzz_engine =
fuzz_main = tests/fuzz/replay.c
endif
EXTRA_DIST += tests/fuzz/replay.c
