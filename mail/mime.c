/* SPDX-License-Identifier: MIT */
/*
 * GMime's parser with a budget.  GMime 3.2.13 knows no limit but a nesting
 * of 1024: 100,000 parts cost it 312 MiB, deep nesting quadratic time, and
 * it parses the addresses of every embedded letter.  So the types that it
 * makes parts of are ours here: they count themselves, as on_field counts
 * the header fields, and when the budget is spent the stream ends under the
 * parser.
 * Embedded letters are made plain parts, which keeps their bytes as they are.
 */
#include "mail/mime.h"

#include <gmime/gmime.h>
#include <limits.h>
#include <pthread.h>

#include "mail/gmime_once.h"

enum {
	FIELDS_MAX = 20000,	/* of all parts together */
	MULTIPARTS_MAX = 100,
};

struct budget {
	GMimeStream *stream;
	unsigned parts, multiparts, fields;	/* left */
	bool is_spent;
};

/*
 * The parse that this thread is in: objects are made by GMime, which has no
 * way to hand them a context.  Set and cleared in mime_parse.
 */
static _Thread_local struct budget *current;

static void
spend(struct budget *b, unsigned *left)
{
	if (*left) {
		--*left;
		return;
	}
	b->is_spent = true;
	b->stream->bound_end = 0;
}

typedef struct {
	GMimePart parent;
} CountedPart;
typedef struct {
	GMimePartClass parent;
} CountedPartClass;
typedef struct {
	GMimeMultipart parent;
} CountedMultipart;
typedef struct {
	GMimeMultipartClass parent;
} CountedMultipartClass;

static GType counted_part_get_type(void);
static GType counted_multipart_get_type(void);
G_DEFINE_TYPE(CountedPart, counted_part, GMIME_TYPE_PART)
G_DEFINE_TYPE(CountedMultipart, counted_multipart, GMIME_TYPE_MULTIPART)

static void
counted_part_class_init(CountedPartClass *class)
{
	(void)class;
}

static void
counted_multipart_class_init(CountedMultipartClass *class)
{
	(void)class;
}

static void
counted_part_init(CountedPart *part)
{
	(void)part;
	if (current)
		spend(current, &current->parts);
}

static void
counted_multipart_init(CountedMultipart *multipart)
{
	(void)multipart;
	if (current)
		spend(current, &current->multiparts);
}

/*
 * GMime loses 16 octets for each type that is registered over one of its
 * own, once; the leak checker, where there is one, need not hear of it.
 */
extern void __lsan_disable(void) __attribute__((weak));
extern void __lsan_enable(void) __attribute__((weak));

static void
init_gmime(void)
{
	if (__lsan_disable)
		__lsan_disable();
	g_mime_init();
	if (__lsan_enable)
		__lsan_enable();
}

static void
init_once(void)
{
	static const char *const parts[][2] = {
		{ "*", "*" }, { "text", "*" }, { "message", "*" },
		{ "message", "rfc822" }, { "message", "rfc2822" },
		{ "message", "global" }, { "message", "news" },
		{ "message", "external-body" }, { "message", "partial" },
		{ "message", "global-headers" },
		{ "application", "pkcs7-mime" },
		{ "application", "x-pkcs7-mime" },
	};
	static const char *const multiparts[] = { "*", "encrypted", "signed" };

	init_gmime();
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_mime_object_register_type(parts[i][0], parts[i][1],
		    counted_part_get_type());
	for (size_t i = 0; i < G_N_ELEMENTS(multiparts); i++)
		g_mime_object_register_type("multipart", multiparts[i],
		    counted_multipart_get_type());
}

void
gmime_once(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, init_once);
}

struct walk {
	struct span bytes;
	struct arena *arena;
	mime_each *each;
	void *ctx;
	unsigned depth_max;
	bool is_cut;
};

static struct span
field(GMimeObject *object, const char *name, struct arena *arena)
{
	GMimeHeader *header = g_mime_header_list_get_header(
	    g_mime_object_get_header_list(object), name);

	return arena_copy(arena, span_trim(span_of(
	    header ? g_mime_header_get_raw_value(header) : NULL)));
}

/* Where the part's content lies in the letter. */
static struct span
content(GMimeObject *object, struct span bytes)
{
	GMimeDataWrapper *wrapper = GMIME_IS_PART(object) ?
	    g_mime_part_get_content(GMIME_PART(object)) : NULL;
	GMimeStream *stream = wrapper ?
	    g_mime_data_wrapper_get_stream(wrapper) : NULL;
	gint64 start, end;

	if (!stream)
		return (struct span){ 0 };
	start = stream->bound_start;
	end = stream->bound_end;
	if (start < 0 || end < start || (guint64)end > bytes.n)
		return (struct span){ 0 };
	return (struct span){ bytes.p + start, (size_t)(end - start) };
}

static void
walk(struct walk *w, GMimeObject *object, unsigned depth)
{
	struct mime_entity e = {
		.depth = depth,
		.is_multipart = GMIME_IS_MULTIPART(object),
		.type = field(object, "Content-Type", w->arena),
		.disposition = field(object, "Content-Disposition", w->arena),
		.encoding = field(object, "Content-Transfer-Encoding",
		    w->arena),
		.missing = field(object, "X-Surat-Missing", w->arena),
		.content = content(object, w->bytes),
	};

	if (depth > w->depth_max) {
		w->is_cut = true;
		return;
	}
	w->each(w->ctx, &e);
	for (int i = 0; e.is_multipart &&
	    i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); i++)
		walk(w, g_mime_multipart_get_part(GMIME_MULTIPART(object), i),
		    depth + 1);
}

static void
on_field(GMimeParser *parser, const char *name, const char *value,
    gint64 offset, gpointer ctx)
{
	struct budget *b = ctx;

	(void)parser, (void)name, (void)value, (void)offset;
	spend(b, &b->fields);
}

bool
mime_parse(struct span bytes, struct mime_limits limits, struct arena *arena,
    mime_each *each, void *ctx)
{
	GByteArray view = {
		.data = (guint8 *)(uintptr_t)bytes.p,	/* only read */
		.len = bytes.n < INT_MAX ? (guint)bytes.n : INT_MAX,
	};
	struct budget budget = { .parts = limits.parts,
		.multiparts = MULTIPARTS_MAX, .fields = FIELDS_MAX };
	struct walk w = { bytes, arena, each, ctx, limits.depth, false };
	GMimeParser *parser;
	GMimeObject *root;

	gmime_once();
	budget.stream = g_mime_stream_mem_new();
	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(budget.stream),
	    &view);
	parser = g_mime_parser_new_with_stream(budget.stream);
	g_mime_parser_set_header_regex(parser, "^", on_field, &budget);
	current = &budget;
	root = g_mime_parser_construct_part(parser, NULL);
	current = NULL;
	if (root) {
		walk(&w, root, 0);
		g_object_unref(root);
	}
	g_object_unref(parser);
	g_object_unref(budget.stream);
	return !budget.is_spent && !w.is_cut && bytes.n <= INT_MAX;
}
