/* SPDX-License-Identifier: MIT */
/* Opening and rendering one letter, and the shelf of rendered ones. */
#include "ui/loader_letter.h"

#include "base/cleanup.h"
#include "base/i18n.h"
#include "base/xalloc.h"
#include "mail/header.h"
#include "store/body.h"
#include "ui/flow.h"

struct reading_job {
	struct job job;			/* first */
	struct store *store;		/* borrowed: outlives the loader */
	struct reading *reading;	/* owned */
};

static void
reading_free(struct reading *r)
{
	if (!r)
		return;
	arena_fini(&r->arena);
	free(r);
}

static void
reading_job_free(struct job *job)
{
	struct reading_job *j = (struct reading_job *)job;

	reading_free(j->reading);
	free(j);
}

/* Lines of raw text, as a document without roles. */
static void
doc_of_text(struct span text, struct arena *arena, struct doc *out)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\n';
	out->is_truncated = n > DOC_LINES_MAX;
	n = n > DOC_LINES_MAX ? DOC_LINES_MAX : n;
	out->lines = arena_array(arena, n, sizeof *out->lines);
	while (out->nlines < n && text.n) {
		struct doc_line *line = &out->lines[out->nlines++];

		span_split(&text, '\n', &line->text);
		if (span_ends(line->text, SPAN_LIT("\r")))
			line->text.n--;
		line->is_fixed = true;
	}
}

/* The letter as it came, up to the limit of what is looked at. */
static void
read_source(struct reading *r, const struct source *source)
{
	size_t n = source->size < DOC_INPUT_MAX ? (size_t)source->size :
	    DOC_INPUT_MAX, got = 0;
	char *text = arena_alloc(&r->arena, n + 1);

	if (source->read(source->ctx, 0, text, n, &got, &r->error))
		return;
	doc_of_text((struct span){ text, got }, &r->arena, &r->doc);
	r->doc.is_truncated |= source->size > n;
}

/* "Name: value" as a line whose name stands out. */
static struct doc_line
header_line(const struct header_field *field, struct arena *arena)
{
	struct span value = header_decode_text(field->value, arena);
	struct doc_line line = { .nruns = 1 };

	line.text = span_of(arena_printf(arena, "%.*s: %.*s",
	    SPAN_ARG(field->name), SPAN_ARG(value)));
	line.runs = arena_alloc(arena, sizeof *line.runs);
	*line.runs = (struct doc_run){ .end = (uint32_t)field->name.n + 1,
		.role = DOC_STRONG };
	return line;
}

/* Puts every field of the block above the text. */
static void
add_headers(struct reading *r, struct span block)
{
	struct header_field field;
	struct span rest = block;
	struct doc_line *lines;
	size_t n = 0;

	while (header_next(&rest, &field) && n < DOC_LINES_MAX)
		n++;
	lines = arena_array(&r->arena, n + 1 + r->doc.nlines, sizeof *lines);
	rest = block;
	for (size_t i = 0; i < n && header_next(&rest, &field); i++)
		lines[i] = header_line(&field, &r->arena);
	if (r->doc.nlines)
		memcpy(lines + n + 1, r->doc.lines,
		    r->doc.nlines * sizeof *lines);
	r->doc.lines = lines;
	r->doc.nlines += n + 1;
}

static void
copy_parts(struct reading *r, const struct letter *letter)
{
	const struct letter_part *parts;

	r->nparts = letter_parts(letter, &parts);
	r->parts = arena_array(&r->arena, r->nparts, sizeof *r->parts);
	for (size_t i = 0; i < r->nparts; i++) {
		r->parts[i] = parts[i];
		r->parts[i].type = arena_copy(&r->arena, parts[i].type);
		r->parts[i].name = arena_copy(&r->arena, parts[i].name);
	}
}

static void
render(struct reading *r, const struct source *source)
{
	struct letter *letter;
	struct span block;

	if (letter_open(source, &letter, &r->error))
		return;
	block = arena_copy(&r->arena, letter_header(letter));
	header_parse_envelope(block, &r->arena, &r->envelope);
	copy_parts(r, letter);
	if (r->kind != READING_SOURCE)
		letter_render(letter, r->kind == READING_HTML ? LETTER_HTML :
		    LETTER_PLAIN, &r->arena, &r->doc);
	letter_close(letter);
	if (r->kind == READING_SOURCE)
		read_source(r, source);
	else if (r->kind == READING_HEADERS)
		add_headers(r, block);
	r->doc = flow_prepare(&r->doc, &r->arena);
}

static void
reading_run(struct job *job)
{
	struct reading_job *j = (struct reading_job *)job;
	struct reading *r = j->reading;
	struct job_source cancelable = { .job = job };
	struct body_reader *body;
	struct source source;

	if (store_body_open(j->store, r->body, &body, &r->error))
		return;
	cancelable.inner = store_body_source(body);
	source = loader_source(&cancelable);
	render(r, &source);
	store_body_close(body);
}

void
shelf_init(struct shelf *shelf, struct loader *loader, struct store *store)
{
	*shelf = (struct shelf){ .loader = loader, .store = store };
}

void
shelf_fini(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->n; i++)
		reading_free(shelf->readings[i]);
	shelf->n = 0;
}

static size_t
wish_index(const struct shelf *shelf, uint64_t body, enum reading_kind kind)
{
	size_t i;

	for (i = 0; i < shelf->nwishes; i++)
		if (shelf->wishes[i].body == body &&
		    shelf->wishes[i].kind == kind)
			break;
	return i;
}

void
shelf_want(struct shelf *shelf, uint64_t body, enum reading_kind kind,
    bool is_urgent)
{
	struct reading_job *j;

	if (shelf_find(shelf, body, kind) ||
	    wish_index(shelf, body, kind) < shelf->nwishes)
		return;
	if (is_urgent) {
		loader_cancel(shelf->loader);
		shelf->nwishes = 0;
	}
	if (shelf->nwishes == SHELF_MAX)
		return;
	shelf->wishes[shelf->nwishes++] = (struct shelf_wish){ body, kind };
	j = xcalloc(1, sizeof *j);
	j->job.run = reading_run;
	j->job.free = reading_job_free;
	j->job.is_optional = true;
	j->store = shelf->store;
	j->reading = xcalloc(1, sizeof *j->reading);
	j->reading->body = body;
	j->reading->kind = kind;
	loader_submit(shelf->loader, &j->job, is_urgent);
}

const struct reading *
shelf_find(struct shelf *shelf, uint64_t body, enum reading_kind kind)
{
	for (size_t i = 0; i < shelf->n; i++) {
		struct reading *r = shelf->readings[i];

		if (r->body != body || r->kind != kind)
			continue;
		memmove(shelf->readings + 1, shelf->readings,
		    i * sizeof *shelf->readings);
		shelf->readings[0] = r;
		return r;
	}
	return NULL;
}

bool
shelf_take(struct shelf *shelf, struct job *job)
{
	struct reading_job *j = (struct reading_job *)job;
	struct reading *r = j->reading;
	size_t wish;

	if (job->run != reading_run)
		return false;
	wish = wish_index(shelf, r->body, r->kind);
	if (wish < shelf->nwishes)
		shelf->wishes[wish] = shelf->wishes[--shelf->nwishes];
	/* Canceled in the middle: asked for again when it is wanted. */
	if (r->error.kind == ERR_CANCELED ||
	    shelf_find(shelf, r->body, r->kind)) {
		job->free(job);
		return true;
	}
	if (shelf->n == SHELF_MAX)
		reading_free(shelf->readings[--shelf->n]);
	memmove(shelf->readings + 1, shelf->readings,
	    shelf->n++ * sizeof *shelf->readings);
	shelf->readings[0] = r;
	j->reading = NULL;
	job->free(job);
	return true;
}
