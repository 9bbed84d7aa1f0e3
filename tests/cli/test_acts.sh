#!/bin/sh
# SPDX-License-Identifier: MIT
#
# surat move, copy, purge, folder and mark --keyword over the sample letters,
# in accounts without a server, where everything is done at once.
. "${srcdir:-.}/tests/cli/sample.sh"

run() {	# arguments of surat
	"$surat" --profile "$dir" "$@"
}

fails_with() {	# status, text, command...
	wanted=$1 said=$2
	shift 2
	"$@" >"$dir/out" 2>&1
	got=$?
	cat "$dir/out"
	echo "(ended with $got)"
	test $got = "$wanted" && grep -qF -- "$said" "$dir/out"
}

total() {	# folder
	run list "$1" --limit 10000 --json | wc -l | tr -d ' '
}

first() {	# folder: the id of its newest letter
	run list "$1" --limit 1 --json | sed 's/.*"id":\([0-9]*\).*/\1/'
}

has() {	# folder, id
	run list "$1" --limit 10000 --json | grep -q "\"id\":$2,"
}

lacks() {
	! has "$@"
}

says() {	# text, command...
	said=$1
	shift
	"$@" | tee "$dir/out"
	grep -qF -- "$said" "$dir/out"
}

silent() {	# text, command...
	! says "$@"
}

id=$(first kerja/Arsip)
archived=$(total kerja/Arsip) projects=$(total kerja/Proyek)

claim "a letter is moved" run move kerja/Proyek "$id"
claim "it is in the other folder" has kerja/Proyek "$id"
claim "and no longer in the first" lacks kerja/Arsip "$id"
claim "moving it there again is nothing" run move kerja/Proyek "$id"
claim "the journal says where" says "letter $id to Proyek" \
	run journal list --all
claim "and in JSON" says '"folder":"Proyek"' run journal list --all --json
claim "it is taken back" run journal undo
claim "and is where it was" has kerja/Arsip "$id"
claim "another account is refused" \
	fails_with 64 "of one account" run move rumah "$id"
claim "a folder that there is not is named" \
	fails_with 66 "no folder \"kerja/Tidak\"" run move kerja/Tidak "$id"
claim "a letter that there is not is named" \
	fails_with 66 "no letter 999999" run move kerja/Proyek "$id" 999999
claim "and nothing was moved" has kerja/Arsip "$id"
claim "letters are asked for" \
	fails_with 64 "which letters?" run move kerja/Proyek

claim "a letter is copied" run copy kerja/Proyek "$id"
claim "one more is there" same "$(total kerja/Proyek)" $((projects + 1))
claim "and none is missing" same "$(total kerja/Arsip)" "$archived"
copy=$(run list kerja/Proyek --limit 10000 --json |
	sed 's/.*"id":\([0-9]*\).*/\1/' | sort -n | tail -n 1)
claim "the copy can be read" \
	same "$(run show "$copy" --raw | cksum)" "$(run show "$id" --raw | cksum)"

claim "a keyword is put on" run mark --keyword +Penting --keyword +x "$id"
claim "and listed" says '"keywords":["Penting","x"]' run show "$id" --json
claim "and taken off in any case" run mark --keyword -PENTING "$id"
claim "the other stays" says '"keywords":["x"]' run show "$id" --json
claim "what has it already is left alone" run mark --keyword +x "$id"
claim "no keyword is refused" \
	fails_with 64 "it is no keyword" run mark --keyword "+a b" "$id"
claim "a sign is asked for" \
	fails_with 64 "is not + or -" run mark --keyword Penting "$id"

claim "what is not deleted is not purged" \
	fails_with 64 "not marked as deleted" run purge "$copy"
run delete "$copy" "$id"
claim "what would go is shown" says "  $copy " run purge --dry-run "$copy"
claim "and stays" has kerja/Proyek "$copy"
claim "a letter is purged" says "  $copy " run purge "$copy"
claim "and gone" lacks kerja/Proyek "$copy"
claim "and cannot be shown" \
	fails_with 66 "" run show "$copy" --json
claim "a folder is looked through" \
	says "  $id " run purge --dry-run --folder kerja/Arsip
claim "it is purged of what is deleted" \
	says "  $id " run purge --folder kerja/Arsip
claim "and has the others" same "$(total kerja/Arsip)" $((archived - 1))
claim "then there is nothing to purge" \
	same "$(run purge --folder kerja/Arsip)" ""
claim "letters or a folder" \
	fails_with 64 "not both" run purge --folder kerja/Arsip "$copy"

claim "a folder is made" run folder create kerja/Baru
claim "and listed" says "kerja/Baru" run folders
claim "not twice" \
	fails_with 64 "there is one of that title" run folder create kerja/Baru
claim "nor in an account that there is not" \
	fails_with 66 "not the name of an account" run folder create x/Baru
id=$(first kerja/Arsip)
claim "letters go into it" run move kerja/Baru "$id"
claim "it is renamed" run folder rename kerja/Baru Anyar
claim "with its letters" has kerja/Anyar "$id"
claim "with what is below it" run folder rename kerja/Proyek Karya
claim "which has the new title" says "kerja/Karya/Alfa" run folders
claim "a folder with letters is not deleted" \
	fails_with 64 "move or purge them first" run folder delete kerja/Anyar
claim "an empty one is" run move kerja/Arsip "$id"
claim "an empty one is deleted" run folder delete kerja/Anyar
claim "and no longer listed" silent "kerja/Anyar" run folders
claim "the inbox stays" fails_with 64 "" run folder delete kerja/INBOX
claim "a folder is made for a moment" run folder create kerja/Sebentar
claim "what is taken back is a folder" says "folders: 1" run journal undo
claim "a folder is subscribed to" run folder subscribe kerja/Arsip
claim "once" fails_with 64 "subscribed already" \
	run folder subscribe kerja/Arsip
claim "and unsubscribed from" run folder unsubscribe kerja/Arsip
claim "other verbs are none" \
	fails_with 64 "create, rename" run folder paint kerja/Arsip
claim "nothing is wrong with the store then" \
	says "nothing is wrong" run store check
finish
