#!/bin/sh
# SPDX-License-Identifier: MIT
#
# surat store, backup and restore over the sample letters, without any server.
. "${srcdir:-.}/tests/cli/sample.sh"

run() {	# arguments of surat
	"$surat" --profile "$dir" "$@"
}

says() {	# status, text, command...
	status=$1 said=$2
	shift 2
	"$@" >"$dir/out" 2>&1
	got=$?
	cat "$dir/out"
	echo "(ended with $got)"
	test $got -eq "$status" && case $(cat "$dir/out") in
	*"$said"*) ;;
	*) false ;;
	esac
}

how_many() {
	run list inbox --json | wc -l | tr -d ' '
}

# Where the index is: a file of its own, or behind a link.
index() {
	echo "$dir/store/$(readlink "$dir/store/index.mdb" || echo index.mdb)"
}

# Writes over the first record that has the text.
damage() {	# text
	at=$(LC_ALL=C grep -abo "$1" "$(index)" | head -n 1 | cut -d : -f 1)
	printf '#' | dd of="$(index)" bs=1 seek="$at" conv=notrunc 2>/dev/null
}

before=$(how_many)
claim "a store in which nothing is wrong" \
	says 0 "nothing is wrong" run store check
claim "and in JSON" says 0 '"findings":0' run store check --json
claim "something to check is asked for" says 64 "check or compact?" run store
claim "compacting says what it gave back" says 0 "bodies" run store compact
claim "and in JSON" says 0 '"file":"index"' run store compact --json
claim "nothing is missing then" same "$(how_many)" "$before"
claim "and nothing is wrong" says 0 "nothing is wrong" run store check

claim "a backup" says 0 "" run backup "$dir/copy"
claim "a backup needs a directory" says 64 "which directory?" run backup
claim "restoring does not replace a store by itself" \
	says 64 "" run restore "$dir/copy"
claim "what is no backup is not restored" \
	says 66 "" run restore --replace "$dir/letters"

damage '<budi@kantor.example>'
damage '<budi@rumah.example>'
claim "damage is found" says 65 "rows" run store check
claim "and in JSON" says 65 '"table":"rows"' run store check --json
claim "and the way out is named" says 65 "store check --repair" run store check
claim "repairing says what is lost" \
	says 0 "could not be read" run store check --repair
claim "and leaves nothing wrong" says 0 "nothing is wrong" run store check
claim "the others are there" test "$(how_many)" -lt "$before" -a \
	"$(how_many)" -ge $((before - 2))
claim "there is nothing more to repair" \
	says 0 "nothing is wrong" run store check --repair
claim "the old index is kept" \
	sh -c "ls '$dir'/store/index.damaged-*.mdb"
claim "the backup brings them back" \
	says 0 "is now in" run restore --replace "$dir/copy"
claim "all of them" same "$(how_many)" "$before"
claim "with nothing wrong" says 0 "nothing is wrong" run store check

: >"$dir/store/bodies.mdb"
printf 'no store at all' >"$(index)"
claim "what is no store cannot be repaired" \
	says 65 "" run store check --repair
claim "but restored" says 0 "" run restore --replace "$dir/copy"
claim "with everything" same "$(how_many)" "$before"

finish
