#!/bin/sh
# SPDX-License-Identifier: MIT
# What is here before anybody asks: by account, by folder, by age and size.
. "${srcdir:-.}/tests/servers/lib.sh"
inside_mailhost none "$@"
p=$dir/p

old_letter() {
	"$mailhost" deliver "$dir" $ANI Arsip <<LETTER
From: Ratna Wijaya <ratna@kantor.example>
To: <$ANI>
Subject: lama
Date: Sun, 22 Nov 2015 09:41:00 +0700
Message-ID: <lama@kantor.example>

Surat lama.
LETTER
}

state_of() {	# folder, subject: none, part, whole
	surat_in "$p" list "$1" --json | grep -F "\"subject\":\"$2\"" |
		sed 's/.*"body":"\([a-z]*\)".*/\1/'
}

deliver $ANI satu
deliver $ANI kecil Proyek
deliver $ANI besar Proyek "$(head -c 3000 /dev/zero | tr '\0' 'x' | fold -w 70)"
old_letter
"$mailhost" deliver "$dir" $ANI Arsip <<LETTER
From: Ratna Wijaya <ratna@kantor.example>
To: <$ANI>
Subject: baru
Date: $(LC_ALL=C date -R)
Message-ID: <baru@kantor.example>

Surat baru.
LETTER
deliver $ANI dua Lain

write_conf "$p" "keep INBOX = offline
keep Proyek = offline 2K
keep Arsip = offline 30d"
surat_in "$p" sync --account kerja
claim "a folder that is to be kept is here whole" \
	same "$(state_of kerja/INBOX satu)" whole
claim "up to the size that was said" \
	same "$(state_of kerja/Proyek kecil) $(state_of kerja/Proyek besar)" "whole none"
claim "and to the age" \
	same "$(state_of kerja/Arsip baru) $(state_of kerja/Arsip lama)" "whole none"
claim "the other folders of the account are live" \
	same "$(state_of kerja/Lain dua)" none

KERJA_KEEP=offline
write_conf "$p" "keep Lain = live"
surat_in "$p" sync --account kerja
claim "an account that keeps all fetches what it lacked" \
	same "$(state_of kerja/Proyek besar) $(state_of kerja/Arsip lama)" "whole whole"
claim "but for a folder that is to be live" \
	same "$(state_of kerja/Lain dua)" none

KERJA_KEEP=live
write_conf "$p"
surat_in "$p" sync --account kerja
claim "what is here stays here when the account is live again" \
	same "$(state_of kerja/INBOX satu) $(state_of kerja/Proyek besar)" "whole whole"
finish
