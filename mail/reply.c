/* SPDX-License-Identifier: MIT */
/* Answering and forwarding: a letter turned into the draft of the next. */
#include "base/i18n.h"
#include "base/subject.h"
#include "mail/compose.h"
#include "mail/header.h"
#include "mail/quote.h"

enum { REFERENCES_KEPT = 30 };	/* PROTOCOLS.md 7, Threads */

/* Without control characters: it becomes a line that a person edits. */
static struct span
one_line(struct span s, struct arena *arena)
{
	char *to = arena_str(arena, s);

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)to[i] < 0x20 || to[i] == 0x7f)
			to[i] = ' ';
	return (struct span){ to, s.n };
}

/* One mark before the subject, for all of its kind that are there. */
static struct span
subject_with(const char *text, enum subject_mark mark, struct span subject,
    struct arena *arena)
{
	struct span rest = span_trim(one_line(subject, arena)), after = rest;

	while (subject_take_mark(&after) == mark)
		rest = after = span_trim(after);
	return span_of(arena_printf(arena, "%s%.*s", text, SPAN_ARG(rest)));
}

static bool
is_own(const struct reply_identity *who, struct span addr)
{
	if (span_ieq(addr, who->self.addr))
		return true;
	for (size_t i = 0; i < who->nown; i++)
		if (span_ieq(addr, who->own[i]))
			return true;
	return false;
}

static bool
has(struct addresses list, struct span addr)
{
	for (size_t i = 0; i < list.n; i++)
		if (span_ieq(list.list[i].addr, addr))
			return true;
	return false;
}

/* Those of `from` who are not ourselves and not there yet. */
static void
add_people(struct addresses *to, struct addresses from, struct addresses not,
    const struct reply_identity *who, struct arena *arena)
{
	struct address *all = arena_array(arena, to->n + from.n, sizeof *all);

	if (to->n)
		memcpy(all, to->list, to->n * sizeof *all);
	to->list = all;
	for (size_t i = 0; i < from.n; i++) {
		struct address a = from.list[i];

		if (a.addr.n == 0 || is_own(who, a.addr) ||
		    has(*to, a.addr) || has(not, a.addr))
			continue;
		a.name = one_line(a.name, arena);
		a.addr = one_line(a.addr, arena);
		all[to->n++] = a;
	}
}

/* Whom the letter asks to answer to; its readers when it is our own. */
static void
choose_recipients(const struct envelope *env, bool to_all,
    const struct reply_identity *who, struct arena *arena, struct draft *out)
{
	struct addresses nobody = { 0 };
	struct addresses target = env->reply_to.n ? env->reply_to : env->from;

	add_people(&out->to, target, nobody, who, arena);
	if (to_all || out->to.n == 0)
		add_people(&out->to, env->to, nobody, who, arena);
	if (to_all)
		add_people(&out->cc, env->cc, out->to, who, arena);
	if (out->to.n == 0) {	/* a note to ourselves */
		struct reply_identity nameless = { .self = { .addr = { 0 } } };

		add_people(&out->to, target, nobody, &nameless, arena);
	}
}

/* RFC 5322 3.6.4; over the limit the middle goes, root and newest stay. */
static void
chain_references(const struct envelope *env, struct arena *arena,
    struct draft *out)
{
	const struct span *old = env->references;
	size_t n = env->nreferences, skip = 0;

	if (env->message_id.n == 0)
		return;
	out->in_reply_to = arena_copy(arena, env->message_id);
	if (n == 0 && env->in_reply_to.n) {
		old = &env->in_reply_to;
		n = 1;
	}
	if (n + 1 > REFERENCES_KEPT)
		skip = n + 1 - REFERENCES_KEPT;
	out->references = arena_array(arena, n - skip + 1, sizeof *old);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || i > skip)
			out->references[out->nreferences++] =
			    arena_copy(arena, old[i]);
	out->references[out->nreferences++] = out->in_reply_to;
}

static void
put_when(struct buf *out, const struct envelope *env)
{
	struct civil c;

	if (env->date == DATE_NONE)
		return;
	c = date_to_civil(env->date, env->date_offset_min);
	buf_printf(out, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day,
	    c.hour, c.minute);
}

static void
put_attribution(struct buf *out, const char *format,
    const struct envelope *env, struct arena *arena)
{
	struct span name = { 0 };

	if (env->from.n)
		name = env->from.list[0].name.n ? env->from.list[0].name :
		    env->from.list[0].addr;
	name = one_line(name, arena);
	for (const char *p = format; *p; p++) {
		if (p[0] != '%' || !p[1]) {
			buf_putc(out, *p);
			continue;
		}
		p++;
		if (*p == 'n')
			buf_put(out, name);
		else if (*p == 'd')
			put_when(out, env);
		else
			buf_putc(out, *p);
	}
	buf_putc(out, '\n');
}

void
draft_reply(struct letter *letter, bool to_all,
    const struct reply_identity *who, const char *attribution,
    struct arena *arena, struct draft *out)
{
	const struct envelope *env = letter_envelope(letter);
	struct arena scratch = { 0 };
	struct buf text = { 0 };
	struct doc doc;

	*out = (struct draft){ .from = who->self };
	choose_recipients(env, to_all, who, arena, out);
	out->subject = subject_with("Re: ", SUBJECT_REPLY_MARK, env->subject,
	    arena);
	chain_references(env, arena, out);
	letter_render(letter, LETTER_PLAIN, &scratch, &doc);
	put_attribution(&text, attribution, env, arena);
	quote_put(&text, &doc, 1, true);
	out->text = arena_copy(arena, buf_span(&text));
	buf_fini(&text);
	arena_fini(&scratch);
}

static void
put_people(struct buf *out, const char *name, struct addresses people,
    struct arena *arena)
{
	if (people.n == 0)
		return;
	buf_printf(out, "%s: ", name);
	for (size_t i = 0; i < people.n; i++) {
		struct address a = people.list[i];

		a.addr = one_line(a.addr, arena);
		if (i)
			buf_puts(out, ", ");
		header_put_address(out, &a);
	}
	buf_putc(out, '\n');
}

void
draft_forward(struct letter *letter, const struct reply_identity *who,
    struct arena *arena, struct draft *out)
{
	const struct envelope *env = letter_envelope(letter);
	struct span subject = one_line(env->subject, arena);
	struct arena scratch = { 0 };
	struct buf text = { 0 };
	struct doc doc;

	*out = (struct draft){ .from = who->self };
	out->subject = subject_with("Fwd: ", SUBJECT_FORWARD_MARK, subject,
	    arena);
	letter_render(letter, LETTER_PLAIN, &scratch, &doc);
	buf_printf(&text, "\n-------- %s --------\n", _("Forwarded letter"));
	put_people(&text, _("From"), env->from, arena);
	put_people(&text, _("To"), env->to, arena);
	put_people(&text, _("Cc"), env->cc, arena);
	buf_printf(&text, "%s: ", _("Date"));
	put_when(&text, env);
	buf_printf(&text, "\n%s: ", _("Subject"));
	buf_put(&text, subject);
	buf_puts(&text, "\n\n");
	quote_put(&text, &doc, 0, false);
	out->text = arena_copy(arena, buf_span(&text));
	buf_fini(&text);
	arena_fini(&scratch);
}
