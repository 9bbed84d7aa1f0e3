/* SPDX-License-Identifier: MIT */
#include "ui/folder_tree.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/buf.h"

enum { MAX = 16 };

/* "label" with a blank a level, a line a row. */
static void
expect_tree(const char *const *titles, char delimiter, const char *want)
{
	struct folder folders[MAX] = { { .id = 0 } };
	struct arena arena = { 0 };
	struct buf got = { 0 };
	struct tree_row *rows;
	size_t n = 0;

	for (; titles[n]; n++) {
		folders[n].id = (uint32_t)n + 1;
		folders[n].title = span_of(titles[n]);
		folders[n].delimiter = delimiter;
	}
	rows = folder_tree(folders, n, &arena);
	for (size_t i = 0; i < n; i++) {
		for (int d = 0; d < rows[i].depth; d++)
			buf_putc(&got, ' ');
		buf_put(&got, rows[i].label);
		buf_putc(&got, '\n');
	}
	cr_expect_str_eq(buf_str(&got), want);
	buf_fini(&got);
	arena_fini(&arena);
}

Test(folder_tree, puts_children_below_their_parents)
{
	static const char *const titles[] = { "INBOX", "Sent", "A/B/C", "A",
		"A/B", "INBOX/x", NULL };

	expect_tree(titles, '/', "INBOX\n x\nSent\nA\n B\n  C\n");
}

Test(folder_tree, does_without_a_parent_that_is_not_there)
{
	static const char *const titles[] = { "A/B/C", "A", "X/Y", NULL };

	expect_tree(titles, '/', "A\n B/C\nX/Y\n");
}

Test(folder_tree, is_flat_without_a_delimiter)
{
	static const char *const titles[] = { "A", "A/B", NULL };

	expect_tree(titles, '\0', "A\nA/B\n");
}

Test(folder_tree, takes_names_as_odd_as_servers_send)
{
	static const char *const titles[] = { "/", "//", "A//B", "A/", "A",
		"A", "", NULL };
	struct folder folders[MAX] = { { .id = 0 } };
	struct arena arena = { 0 };
	bool seen[MAX] = { false };
	struct tree_row *rows;
	size_t n = 0;

	for (; titles[n]; n++) {
		folders[n].title = span_of(titles[n]);
		folders[n].delimiter = '/';
	}
	rows = folder_tree(folders, n, &arena);
	for (size_t i = 0; i < n; i++) {
		cr_assert(rows[i].folder != NULL);
		seen[rows[i].folder - folders] = true;
	}
	for (size_t i = 0; i < n; i++)
		cr_expect(seen[i], "\"%s\" is missing", titles[i]);
	arena_fini(&arena);
}

Test(folder_tree, follows_a_chain_however_deep)
{
	enum { DEPTH = 5000 };
	struct folder *folders = calloc(DEPTH, sizeof *folders);
	struct arena arena = { 0 };
	struct buf name = { 0 };
	struct tree_row *rows;

	for (int i = 0; i < DEPTH; i++)
		buf_puts(&name, "a/");
	for (size_t i = 0; i < DEPTH; i++) {
		folders[i].title = (struct span){ name.p, 2 * i + 1 };
		folders[i].delimiter = '/';
	}
	rows = folder_tree(folders, DEPTH, &arena);
	cr_expect_eq(rows[DEPTH - 1].depth, DEPTH - 1);
	buf_fini(&name);
	arena_fini(&arena);
	free(folders);
}
