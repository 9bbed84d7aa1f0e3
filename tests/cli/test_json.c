/* SPDX-License-Identifier: MIT */
/* The lines that scripts rely on: names, order of types, escaping. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/date.h"
#include "src/cli/act_words.h"
#include "src/cli/json.h"
#include "src/cli/print.h"

/* What fill writes, as a string; the caller frees. */
static char *
written(void (*fill)(FILE *out))
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	cr_assert_not_null(out);
	fill(out);
	fclose(out);
	return text;
}

static void
one_message(FILE *out)
{
	struct span keyword = SPAN("proyek");
	struct message m = {
		.id = 7, .uid = { 42 }, .date = 1795315260,
		.from_name = SPAN("Ratna \"R\" Wijaya"),
		.from_addr = SPAN("ratna@kantor.example"),
		.to = SPAN("budi@rumah.example"),
		.subject = SPAN("baris\nbaru \x1b[31m \xff"),
		.size = 1200, .flags = FLAG_SEEN | FLAG_FLAGGED,
		.keywords = &keyword, .nkeywords = 1,
		.message_id = SPAN("a@b"), .thread = 3,
		.body_state = BODY_WHOLE,
	};
	struct json *j = json_begin();

	json_message(j, &m, SPAN_LIT("kerja"), SPAN_LIT("Inbox"));
	json_end(j, out);
}

Test(json, a_message_is_one_line_with_the_promised_members)
{
	CLEANUP(cleanup_free) char *line = written(one_message);

	cr_expect_str_eq(line, "{\"id\":7,\"account\":\"kerja\","
	    "\"folder\":\"Inbox\",\"uid\":42,\"date\":\"2026-11-22T02:41:00Z\","
	    "\"from\":\"Ratna \\\"R\\\" Wijaya <ratna@kantor.example>\","
	    "\"to\":\"budi@rumah.example\","
	    "\"subject\":\"baris\\nbaru \\u001b[31m \xef\xbf\xbd\","
	    "\"size\":1200,\"flags\":[\"seen\",\"flagged\"],"
	    "\"keywords\":[\"proyek\"],\"message_id\":\"a@b\",\"thread\":3,"
	    "\"body\":\"whole\"}\n", "%s", line);
}

static void
one_act(FILE *out)
{
	struct span to[] = { SPAN("a@x"), SPAN("b@y") };
	struct act act = {
		.id = 9, .kind = ACT_SEND, .state = ACT_QUEUED, .attempts = 2,
		.not_before = DATE_NONE, .answer = SPAN("451 later"),
		.recipients = to, .nrecipients = 2, .subject = SPAN("halo"),
	};
	struct json *j = json_begin();

	json_act(j, &act, SPAN_LIT("kerja"), (struct span){ 0 });
	json_end(j, out);
}

Test(json, an_act_tells_target_state_and_the_last_answer)
{
	CLEANUP(cleanup_free) char *line = written(one_act);

	cr_expect_str_eq(line, "{\"id\":9,\"account\":\"kerja\",\"act\":\"send\","
	    "\"target\":\"a@x, b@y\",\"subject\":\"halo\",\"message_id\":\"\","
	    "\"state\":\"queued\",\"attempts\":2,\"not_before\":null,"
	    "\"answer\":\"451 later\"}\n", "%s", line);
}

static const struct act more_acts[] = {
	{ .kind = ACT_MOVE, .message = 7 },
	{ .kind = ACT_COPY, .message = 7 },
	{ .kind = ACT_PURGE, .message = 7 },
	{ .kind = ACT_KEYWORD, .message = 7, .add = 1,
	    .keyword = SPAN("x") },
	{ .kind = ACT_KEYWORD, .message = 7, .keyword = SPAN("x") },
	{ .kind = ACT_CREATE, .title = SPAN("Baru") },
	{ .kind = ACT_RENAME, .title = SPAN("Baru"),
	    .old_title = SPAN("Lama") },
	{ .kind = ACT_REMOVE },
	{ .kind = ACT_SUBSCRIBE, .add = 1 },
};

/* In JSON without what all acts have, and in words. */
static void
other_acts(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(more_acts); i++) {
		CLEANUP(buf_fini) struct buf words = { 0 };
		struct act act = more_acts[i];
		struct json *j = json_begin();

		act.state = ACT_DONE;
		act.not_before = DATE_NONE;
		json_act(j, &act, SPAN_LIT("k"), SPAN_LIT("Arsip"));
		json_end(j, out);
		act_words_put(&words, &act, SPAN_LIT("Arsip"));
		fprintf(out, "%s\n", buf_str(&words));
	}
}

Test(json, an_act_tells_what_is_done_to_which_letter_or_folder)
{
	static const char *const wanted[] = {
		"\"act\":\"move\",\"target\":7,\"folder\":\"Arsip\",",
		"\nletter 7 to Arsip\n",
		"\"act\":\"copy\",\"target\":7,\"folder\":\"Arsip\",",
		"\"act\":\"purge\",\"target\":7,\"state\"",
		"\nletter 7 for good\n",
		"\"act\":\"keyword\",\"target\":7,\"add_keywords\":[\"x\"],",
		"\nletter 7 +x\n",
		"\"act\":\"keyword\",\"target\":7,\"remove_keywords\":[\"x\"],",
		"\nletter 7 -x\n",
		"\"act\":\"create\",\"target\":\"Baru\",",
		"\nBaru\n",
		"\"act\":\"rename\",\"target\":\"Lama\",\"title\":\"Baru\",",
		"\nLama to Baru\n",
		"\"act\":\"remove\",\"target\":\"Arsip\",",
		"\"act\":\"subscribe\",\"target\":\"Arsip\","
		    "\"subscribed\":true,",
		"\nArsip on\n",
	};
	CLEANUP(cleanup_free) char *text = written(other_acts);
	const char *at = text;

	for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
		at = strstr(at, wanted[i]);
		cr_assert_not_null(at, "%s is missing in\n%s", wanted[i],
		    text);
	}
}

static void
hostile_text(FILE *out)
{
	print_text(out, SPAN_LIT("a\x1b]0;x\x07\xc2\x9b\xe2\x80\xae"), 0, false);
	print_text(out, SPAN_LIT("\xe7\x94\xb0\xe4\xb8\xad"), 3, true);
}

Test(print, text_is_clean_cut_and_padded_by_columns)
{
	CLEANUP(cleanup_free) char *text = written(hostile_text);

	cr_expect_str_eq(text, "a\xe2\x90\x9b]0;x\xe2\x90\x87\xef\xbf\xbd"
	    "\xef\xbf\xbd\xe7\x94\xb0 ", "%s", text);
}
