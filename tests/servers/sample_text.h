/* SPDX-License-Identifier: MIT */
/* What the letters of the demo say, who writes them, and where they lie. */
#pragma once

#include <stdbool.h>

enum { SAMPLE_THREADS_MAX = 64 };

struct person {
	const char *name, *addr;
};

struct attachment {
	const char *name, *type;
	const char *text;	/* repeated into some kilobytes */
	bool is_picture;
};

enum place { AT_KERJA, AT_PROYEK, AT_ALFA, AT_ARSIP, AT_RUMAH };

struct sample {
	enum place place;
	unsigned thread;	/* 0: alone */
	int age_min;		/* minutes before now */
	int zone_min;
	const struct person *from, *to, *cc;
	const char *subject, *text;
	const char *html;	/* NULL: text alone */
	const struct attachment *attachment;
	const char *list;	/* List-Id */
	const char *flags;	/* of Maildir: "S", "FS", "" */
};

/* Parents come before their answers. */
unsigned sample_count(void);
struct sample sample_get(unsigned i);
/* Those that arrive while the demo runs. */
struct sample sample_later(unsigned k);
