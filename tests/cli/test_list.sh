#!/bin/sh
# SPDX-License-Identifier: MIT
#
# surat list over the sample letters in a store, without any server: every
# order and filter, and what is said to an order that there is not.
. "${srcdir:-.}/tests/cli/sample.sh"

listed() {	# arguments of list
	"$surat" --profile "$dir" list "$@"
}

member() {	# name: its values, of letters on standard input
	sed "s/.*\"$1\":\"*\([^,\"]*\)[,\"].*/\1/"
}

fails_with() {	# status, text, command...
	wanted=$1 said=$2
	shift 2
	"$@" 2>&1 | grep -F -- "$said" || { "$@"; return 1; }
	"$@"
	test $? = "$wanted"
}

upside_down() {
	sed '1!G;h;$!d'
}

ids=$(listed --json | member id)
claim "every order has the same letters" \
	same "$(for by in date sender subject size thread; do
		listed --by $by --json | member id | sort -n | cksum
	done | sort -u | wc -l | tr -d ' ')" 1
claim "by date is how it is listed anyway" \
	same "$(listed --by date --json | member id)" "$ids"
claim "the largest is first by size" \
	same "$(listed --by size --json | member size | head -40)" \
	"$(listed --json | member size | sort -rn | head -40)"
claim "senders are in alphabetical order" \
	same "$(listed --by sender --json | member from | sed 's/ .*//' |
		uniq | head -4 | tr '\n' ' ')" "Ana Bambang Bank devel "
for by in date subject thread; do
	claim "--reverse turns $by upside down" \
		same "$(listed --by $by --reverse --json | member id)" \
		"$(listed --by $by --json | member id | upside_down)"
done
claim "--unread lists the unread" \
	same "$(listed --unread --json | grep -c .)" \
	"$(listed --json | grep -vc '"flags":\[[^]]*"seen"')"
claim "--flagged lists the flagged" \
	same "$(listed --flagged --json | grep -c .)" \
	"$(listed --json | grep -c '"flags":\[[^]]*"flagged"')"
claim "threads tell how deep an answer is" \
	same "$(listed --by thread --limit 3 --json |
		sed 's/.*"depth":\([0-9]*\).*/\1/' | tr '\n' ' ')" "0 1 2 "
claim "answers are set in" \
	sh -c "'$surat' --profile '$dir' list --by thread --limit 3 |
	    grep -q '    Re: Jadwal rapat'"
claim "other orders tell no depth" \
	same "$(listed --by size --json | grep -c '"depth"')" 0
before() {	# date, arguments: dates of what is listed before it
	wanted=$1
	shift
	listed --before "$wanted" "$@" --json | member date
}
newest=$(listed --json | member date | sed -n 1p)
tenth=$(listed --json | member date | sed -n 10p)
for by in date sender subject size thread; do
	claim "--before lists by $by what is older" \
		same "$(before "$tenth" --by $by | sort -r)" \
		"$(listed --json | member date | awk -v d="$tenth" '$0 < d')"
done
claim "also upside down" \
	same "$(before "$tenth" --reverse)" "$(before "$tenth" | upside_down)"
claim "so many of them" \
	same "$(before "$tenth" --by size --limit 3 | wc -l | tr -d ' ')" 3
claim "a day is left out from its beginning" \
	same "$(export TZ=UTC; before "${newest%T*}" | sed -n 1p)" \
	"$(listed --json | member date | awk -v d="${newest%T*}" '$0 < d' |
		sed -n 1p)"
claim "a distance is from now back" \
	same "$(before 0h)" "$(listed --json | member date)"
claim "what is no date is a usage error" \
	fails_with 64 '"12.3.2019" is no date' listed --before 12.3.2019
claim "so is one that is to come" \
	fails_with 64 '"+2h" is no date' listed --before +2h
claim "options of the reader are refused before a command" \
	fails_with 64 "--unread is for the reader" \
	"$surat" --profile "$dir" --unread list
claim "the reader guesses an order that is nearly one, too" \
	fails_with 64 'did you mean "thread"?' \
	"$surat" --profile "$dir" --by threads
claim "an order that is nearly one is guessed" \
	fails_with 64 'did you mean "sender"?' listed --by sendr
claim "one that is not is a usage error" \
	fails_with 64 'no order "zzzzzz"' listed --by zzzzzz
claim "so is an option that there is not" \
	fails_with 64 "usage: surat list" listed --bye
finish
