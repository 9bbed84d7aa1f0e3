/* SPDX-License-Identifier: MIT */
/*
 * The layout is that of LMDB's data version 1 (mdb.c, "Page headers",
 * "Nodes").  A page is a head, an array of offsets that grows up to `lower`,
 * and nodes that grow down to `upper`, packed without gaps, each of even
 * size; so their sizes add up to the room between `upper` and the end.
 */
#include "store/page.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define META_MAGIC UINT32_C(0xbeefc0de)
/* More than any machine maps: what is above is no size but damage. */
#define MAP_OCTETS_MAX (UINT64_C(1) << 47)

enum {
	META_VERSION = 1,
	PAGE_OCTETS_MIN = 512,
	PAGE_OCTETS_MAX = 32768,	/* LMDB's own limit */
};

_Static_assert(sizeof(struct page_head) == sizeof(size_t) + 8, "on disk");
_Static_assert(sizeof(struct tree) == 5 * sizeof(size_t) + 8, "on disk");

bool
page_read_at(int fd, uint64_t at, void *to, size_t n)
{
	for (size_t got = 0; got < n; ) {
		ssize_t r = pread(fd, (char *)to + got, n - got,
		    (off_t)(at + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

static bool
is_root(const struct tree *t, size_t last)
{
	if (t->root == TREE_EMPTY)
		return t->depth == 0 && t->entries == 0;
	return t->root >= PAGE_METAS && t->root <= last;
}

/* It is a meta page at all, and says how large a page is. */
static bool
is_meta(const struct meta_page *m)
{
	uint32_t page = m->free_list.pad;

	return m->head.flags == PAGE_META && m->magic == META_MAGIC &&
	    m->version == META_VERSION && page >= PAGE_OCTETS_MIN &&
	    page <= PAGE_OCTETS_MAX && (page & (page - 1)) == 0;
}

bool
page_meta_is_good(const struct meta_page *m)
{
	return is_meta(m) && (uint64_t)m->map_octets <= MAP_OCTETS_MAX &&
	    m->last >= 1 && m->last < m->map_octets / m->free_list.pad &&
	    (m->free_list.flags & TREE_INTEGER_KEYS) && m->main.flags == 0 &&
	    is_root(&m->free_list, m->last) && is_root(&m->main, m->last);
}

/*
 * Commits take turns: one transaction writes the one, the next the other.
 * A commit that failed, or was killed, leaves its meta page with the old
 * number of its transaction; what else is in that one is of no meaning.
 */
static bool
are_pair(const struct meta_page *first, const struct meta_page *second)
{
	if (first->head.number != 0 || second->head.number != 1 ||
	    first->free_list.pad != second->free_list.pad)
		return false;
	if (first->txn == 0 && second->txn == 0)
		return true;
	return first->txn % 2 == 0 && second->txn % 2 == 1 &&
	    (first->txn + 1 == second->txn || second->txn + 1 == first->txn);
}

bool
page_file_look(struct page_file *f)
{
	struct meta_page first, second;
	struct stat st;

	if (!page_read_at(f->fd, 0, &first, sizeof first) ||
	    !is_meta(&first) ||
	    !page_read_at(f->fd, first.free_list.pad, &second,
	    sizeof second) ||
	    !is_meta(&second) || !are_pair(&first, &second) ||
	    fstat(f->fd, &st) != 0 || st.st_size < 0)
		return false;
	f->meta = second.txn > first.txn ? second : first;
	if (!page_meta_is_good(&f->meta))
		return false;
	f->page_octets = first.free_list.pad;
	f->present = (size_t)st.st_size / f->page_octets;
	return true;
}

static struct page_head
head_of(const char *page)
{
	struct page_head head;

	memcpy(&head, page, sizeof head);
	return head;
}

size_t
page_count(const char *page)
{
	return (head_of(page).lower - sizeof(struct page_head)) / 2;
}

bool
page_is_leaf(const char *page)
{
	return head_of(page).flags == PAGE_LEAF;
}

static size_t
offset_of(const char *page, size_t i)
{
	uint16_t at;

	memcpy(&at, page + sizeof(struct page_head) + 2 * i, sizeof at);
	return at;
}

struct node
page_node(const char *page, size_t i)
{
	const char *p = page + offset_of(page, i);
	uint16_t low, high, flags, key;
	struct node node = { 0 };

	memcpy(&low, p, sizeof low);
	memcpy(&high, p + 2, sizeof high);
	memcpy(&flags, p + 4, sizeof flags);
	memcpy(&key, p + 6, sizeof key);
	node.key = (struct span){ p + NODE_HEAD, key };
	node.octets = (uint32_t)low | (uint32_t)high << 16;
	if (!page_is_leaf(page)) {
		node.child = (size_t)((uint64_t)node.octets |
		    (uint64_t)flags << 32);
		return node;
	}
	node.flags = flags;
	node.value = (struct span){ p + NODE_HEAD + key,
		flags & NODE_BIG ? sizeof(size_t) : node.octets };
	return node;
}

int
page_key_cmp(enum tree_kind kind, struct span a, struct span b)
{
	size_t x, y;

	if (kind != TREE_FREE)
		return span_cmp(a, b);
	/* Transactions, in the order of numbers; see node_fault. */
	memcpy(&x, a.p, sizeof x);
	memcpy(&y, b.p, sizeof y);
	return x < y ? -1 : x > y;
}

static bool
is_flag_known(uint16_t flags, enum tree_kind kind)
{
	return kind == TREE_MAIN ? flags == NODE_TREE
	    : flags == 0 || flags == NODE_BIG;
}

/* The head of the node is within the page; *size is what it takes. */
static const char *
node_fault(const char *page, size_t i, size_t room, enum tree_kind kind,
    size_t *size)
{
	struct node node = page_node(page, i);
	bool is_leaf = page_is_leaf(page);
	/* The first key of a branch page stands for "all that is before". */
	bool has_key = is_leaf || i > 0;

	*size = NODE_HEAD + node.key.n + node.value.n;
	*size += *size & 1;
	if (*size > room)
		return "an entry reaches over its end";
	if (node.key.n > PAGE_KEY_MAX || (has_key && node.key.n == 0))
		return "a key is too long or empty";
	if (has_key && kind == TREE_FREE && node.key.n != sizeof(size_t))
		return "a key is no transaction";
	if (is_leaf && !is_flag_known(node.flags, kind))
		return "an entry of a kind that is not used";
	if (is_leaf && kind == TREE_MAIN && node.octets != sizeof(struct tree))
		return "a table has no root";
	return NULL;
}

static const char *
nodes_fault(const char *page, size_t page_octets, enum tree_kind kind)
{
	struct page_head head = head_of(page);
	size_t n = page_count(page), sum = 0;
	size_t first = page_is_leaf(page) ? 0 : 1;

	for (size_t i = 0; i < n; i++) {
		size_t at = offset_of(page, i), size;
		const char *fault;

		if (at % 2 != 0 || at < head.upper ||
		    at > page_octets - NODE_HEAD)
			return "an entry is outside of it";
		fault = node_fault(page, i, page_octets - at, kind, &size);
		if (fault)
			return fault;
		sum += size;
		if (i > first && page_key_cmp(kind, page_node(page, i - 1).key,
		    page_node(page, i).key) >= 0)
			return "its keys are out of order";
	}
	return sum == page_octets - head.upper ? NULL : "its entries overlap";
}

const char *
page_fault(const char *page, size_t page_octets, size_t number,
    enum tree_kind kind)
{
	struct page_head head = head_of(page);
	size_t least;

	if (head.number != number)
		return "it bears another number";
	if (head.flags != PAGE_BRANCH && head.flags != PAGE_LEAF)
		return "it is of another kind";
	if (head.lower < sizeof head || head.lower % 2 != 0 ||
	    head.lower > head.upper || head.upper > page_octets)
		return "its bounds are impossible";
	/* While the free list is written it may have a branch of one. */
	least = head.flags == PAGE_BRANCH && kind != TREE_FREE ? 2 : 1;
	if (page_count(page) < least)
		return "it has too few entries";
	return nodes_fault(page, page_octets, kind);
}
