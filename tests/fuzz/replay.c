/* SPDX-License-Identifier: MIT */
/*
 * Feeds a fuzz target its corpus: every file of $srcdir/tests/fuzz/corpus/
 * NAME (NAME is the program's, without "fuzz_"), whole, cut short at each of
 * many places, and with single bytes changed.  Prints TAP.  A crash or a
 * sanitizer's report fails it.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

enum { CUTS_MAX = 300, CHANGES_MAX = 300, INPUT_MAX = 1 << 20 };

/*
 * The input ends where memory does, so that a read past the end is seen
 * without a sanitizer, too.
 */
struct yard {
	uint8_t *end;
	size_t size;
};

static struct yard
yard_make(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (size + page - 1) / page * page;
	uint8_t *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + room, page, PROT_NONE) != 0) {
		perror("replay");
		exit(1);
	}
	return (struct yard){ p + room, room };
}

static void
feed(struct yard yard, const uint8_t *p, size_t n)
{
	if (n)
		memcpy(yard.end - n, p, n);
	LLVMFuzzerTestOneInput(yard.end - n, n);
}

static void
feed_changed(struct yard yard, uint8_t *p, size_t n)
{
	static const uint8_t worse[] = { 0, '\n', '"', '(', ')', '{', 0xff, '9' };
	size_t step = n / CHANGES_MAX + 1;

	for (size_t at = 0; at < n; at += step) {
		uint8_t was = p[at];

		p[at] = worse[at / step % sizeof worse];
		feed(yard, p, n);
		p[at] = was;
	}
}

static void
feed_file(struct yard yard, const char *path)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen(path, "rb");
	CLEANUP(cleanup_free) uint8_t *p = xreallocarray(NULL, yard.size, 1);
	size_t n, step;

	if (!f) {
		perror(path);
		exit(1);
	}
	n = fread(p, 1, yard.size, f);
	step = n / CUTS_MAX + 1;
	for (size_t cut = 0; cut < n; cut += step)
		feed(yard, p, cut);
	feed(yard, p, n);
	feed_changed(yard, p, n);
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/'), *srcdir = getenv("srcdir");
	CLEANUP(cleanup_free) char *dir = NULL;
	struct yard yard = yard_make(INPUT_MAX);
	struct dirent *entry;
	int count = 0;
	DIR *d;

	(void)argc;
	name = name ? name + 1 : argv[0];
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	dir = xasprintf("%s/tests/fuzz/corpus/%s", srcdir ? srcdir : ".", name);
	d = opendir(dir);
	if (!d) {
		printf("1..1\nnot ok 1 - %s has a corpus\n", name);
		return 1;
	}
	while ((entry = readdir(d))) {
		CLEANUP(cleanup_free) char *path = NULL;

		if (entry->d_name[0] == '.')
			continue;
		path = xasprintf("%s/%s", dir, entry->d_name);
		feed_file(yard, path);
		printf("ok %d - %s survives %s, cut and changed\n", ++count,
		    name, entry->d_name);
		fflush(stdout);
	}
	closedir(d);
	printf("1..%d\n", count);
	return count == 0;
}
