/* SPDX-License-Identifier: MIT */
#include "src/cli/json.h"

#include <json-glib/json-glib.h>

#include "base/cleanup.h"
#include "base/text.h"

struct json {
	JsonBuilder *builder;	/* owned */
};

struct json *
json_begin(void)
{
	struct json *j = g_new0(struct json, 1);

	j->builder = json_builder_new();
	json_builder_begin_object(j->builder);
	return j;
}

void
json_end(struct json *j, FILE *out)
{
	g_autoptr(JsonGenerator) generator = json_generator_new();
	JsonNode *root;
	char *line;

	json_builder_end_object(j->builder);
	root = json_builder_get_root(j->builder);
	json_generator_set_root(generator, root);
	line = json_generator_to_data(generator, NULL);
	fprintf(out, "%s\n", line);
	g_free(line);
	json_node_unref(root);
	g_object_unref(j->builder);
	g_free(j);
}

static void
add_text(struct json *j, struct span text)
{
	char *valid = g_utf8_make_valid(text.n ? text.p : "", (gssize)text.n);

	json_builder_add_string_value(j->builder, valid);
	g_free(valid);
}

void
json_text(struct json *j, const char *name, struct span text)
{
	json_builder_set_member_name(j->builder, name);
	add_text(j, text);
}

void
json_number(struct json *j, const char *name, uint64_t n)
{
	json_builder_set_member_name(j->builder, name);
	json_builder_add_int_value(j->builder, (gint64)n);
}

void
json_bool(struct json *j, const char *name, bool value)
{
	json_builder_set_member_name(j->builder, name);
	json_builder_add_boolean_value(j->builder, value);
}

void
json_date(struct json *j, const char *name, int64_t when)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	json_builder_set_member_name(j->builder, name);
	if (when == DATE_NONE) {
		json_builder_add_null_value(j->builder);
		return;
	}
	date_put_rfc3339(&b, when);
	json_builder_add_string_value(j->builder, buf_str(&b));
}

void
json_flags(struct json *j, const char *name, uint32_t flags)
{
	json_builder_set_member_name(j->builder, name);
	json_builder_begin_array(j->builder);
	for (int i = 0; i < FLAG_COUNT; i++)
		if (flags & 1u << i)
			json_builder_add_string_value(j->builder,
			    flag_word(1u << i));
	json_builder_end_array(j->builder);
}

void
json_texts(struct json *j, const char *name, const struct span *list, size_t n)
{
	json_builder_set_member_name(j->builder, name);
	json_builder_begin_array(j->builder);
	for (size_t i = 0; i < n; i++)
		add_text(j, list[i]);
	json_builder_end_array(j->builder);
}

static const char *
body_word(enum body_state state)
{
	switch (state) {
	case BODY_NONE:
		return "none";
	case BODY_PART:
		return "part";
	case BODY_WHOLE:
		return "whole";
	}
	return "none";
}

static void
json_from(struct json *j, const struct message *m)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	buf_put(&b, m->from_name);
	if (m->from_name.n && m->from_addr.n)
		buf_puts(&b, " <");
	buf_put(&b, m->from_addr);
	if (m->from_name.n && m->from_addr.n)
		buf_putc(&b, '>');
	json_text(j, "from", buf_span(&b));
}

void
json_message(struct json *j, const struct message *m, struct span account,
    struct span folder)
{
	json_number(j, "id", m->id);
	json_text(j, "account", account);
	json_text(j, "folder", folder);
	if (m->uidl.n)
		json_text(j, "uidl", m->uidl);
	else
		json_number(j, "uid", m->uid.v);
	json_date(j, "date", m->date);
	json_from(j, m);
	json_text(j, "to", m->to);
	json_text(j, "subject", m->subject);
	json_number(j, "size", m->size);
	json_flags(j, "flags", m->flags);
	json_texts(j, "keywords", m->keywords, m->nkeywords);
	json_text(j, "message_id", m->message_id);
	json_number(j, "thread", m->thread);
	json_text(j, "body", span_of(body_word(m->body_state)));
}

void
json_folder(struct json *j, const struct folder *f, struct span account)
{
	json_text(j, "account", account);
	json_text(j, "folder", f->title);
	json_text(j, "role", span_of(folder_role_word(f->role)));
	json_number(j, "total", f->total);
	json_number(j, "unread", f->unread);
	json_number(j, "flagged", f->flagged);
}

static void
put_recipients(struct json *j, const struct act *act)
{
	CLEANUP(buf_fini) struct buf b = { 0 };

	for (size_t i = 0; i < act->nrecipients; i++) {
		buf_puts(&b, i ? ", " : "");
		buf_put(&b, act->recipients[i]);
	}
	json_text(j, "target", buf_span(&b));
	json_text(j, "subject", act->subject);
	json_text(j, "message_id", act->message_id);
}

/* What is done to one message. */
static void
put_message_act(struct json *j, const struct act *act, struct span folder)
{
	json_number(j, "target", act->message);
	if (act->kind == ACT_FLAGS) {
		json_flags(j, "add", act->add);
		json_flags(j, "remove", act->remove);
	} else if (act->kind == ACT_KEYWORD) {
		json_texts(j, act->add ? "add_keywords" : "remove_keywords",
		    &act->keyword, 1);
	} else if (act->kind != ACT_PURGE) {
		json_text(j, "folder", folder);
	}
}

/* What the act is about, in words. */
static void
put_target(struct json *j, const struct act *act, struct span folder)
{
	switch (act->kind) {
	case ACT_FLAGS:
	case ACT_MOVE:
	case ACT_COPY:
	case ACT_PURGE:
	case ACT_KEYWORD:
		put_message_act(j, act, folder);
		return;
	case ACT_SEND:
		put_recipients(j, act);
		return;
	case ACT_FILE:
		json_text(j, "target", act->message_id);
		json_text(j, "subject", act->subject);
		return;
	case ACT_CREATE:
		json_text(j, "target", act->title);
		return;
	case ACT_RENAME:
		json_text(j, "target", act->old_title);
		json_text(j, "title", act->title);
		return;
	case ACT_REMOVE:
		json_text(j, "target", folder);
		return;
	case ACT_SUBSCRIBE:
		json_text(j, "target", folder);
		json_bool(j, "subscribed", act->add != 0);
		return;
	}
}

void
json_act(struct json *j, const struct act *act, struct span account,
    struct span folder)
{
	json_number(j, "id", act->id);
	json_text(j, "account", account);
	json_text(j, "act", span_of(act_kind_word(act->kind)));
	put_target(j, act, folder);
	json_text(j, "state", span_of(act_state_word(act->state)));
	json_number(j, "attempts", act->attempts);
	json_date(j, "not_before", act->not_before);
	json_text(j, "answer", act->answer);
}
