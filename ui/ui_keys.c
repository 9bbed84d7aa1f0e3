/* SPDX-License-Identifier: MIT */
/* Where a key goes: to a question, a sequence, the pane, the frame. */
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "ui/frame.h"
#include "ui/ui_state.h"

enum { ESCAPE = 27, CTRL_C = 3, CTRL_G = 7 };

enum context
ui_context(const struct ui *ui)
{
	return ui->sidebar_has_focus ? CONTEXT_SIDEBAR :
	    ui_top(ui)->class->context;
}

void
ui_prompt(struct ui *ui, const char *label, struct span initial,
    void (*done)(void *ctx, const char *line), void *ctx)
{
	ui_give_up_asking(ui);
	ui->asking = ASKING_LINE;
	free(ui->label);
	ui->label = xstrdup(label);
	ui->line_done = done;
	ui->asking_ctx = ctx;
	prompt_begin(&ui->prompt, initial);
}

void
ui_prompt_completes(struct ui *ui, prompt_complete *complete)
{
	ui->prompt.complete = complete;
	ui->prompt.complete_ctx = ui->asking_ctx;
}

void
ui_ask(struct ui *ui, const char *question, const char *answers,
    void (*done)(void *ctx, char answer), void *ctx)
{
	ui_give_up_asking(ui);
	ui->asking = ASKING_LETTER;
	free(ui->label);
	ui->label = xstrdup(question);
	snprintf(ui->answers, sizeof ui->answers, "%s", answers);
	ui->letter_done = done;
	ui->asking_ctx = ctx;
}

/* The question is over before its answer is told: it may ask the next. */
static void
answer_line(struct ui *ui, const char *line)
{
	ui->asking = ASKING_NOTHING;
	ui->line_done(ui->asking_ctx, line);
}

static void
answer_letter(struct ui *ui, char answer)
{
	ui->asking = ASKING_NOTHING;
	ui->letter_done(ui->asking_ctx, answer);
}

void
ui_give_up_asking(struct ui *ui)
{
	switch (ui->asking) {
	case ASKING_NOTHING:
		break;
	case ASKING_LINE:
		answer_line(ui, NULL);
		break;
	case ASKING_LETTER:
		answer_letter(ui, '\0');
		break;
	}
}

static void
key_for_line(struct ui *ui, uint32_t key)
{
	char *line;

	if (key == K_PASTE) {
		prompt_insert(&ui->prompt, term_paste(ui->term));
		return;
	}
	switch (prompt_key(&ui->prompt, key)) {
	case PROMPT_GOING:
		break;
	case PROMPT_DONE:
		line = span_dup(buf_span(&ui->prompt.text));
		answer_line(ui, line);
		free(line);
		break;
	case PROMPT_GIVEN_UP:
		answer_line(ui, NULL);
		break;
	}
}

static void
key_for_letter(struct ui *ui, uint32_t key)
{
	if (key == ESCAPE || key == CTRL_C || key == CTRL_G)
		answer_letter(ui, '\0');
	else if (key > 0x20 && key < 0x7f && strchr(ui->answers, (int)key))
		answer_letter(ui, (char)key);
}

static void
key_for_command(struct ui *ui, uint32_t key)
{
	enum command command = COMMAND_NONE;
	struct pane *pane = ui->sidebar_has_focus ? ui->sidebar : ui_top(ui);
	unsigned count = 0;

	ui->said[0] = '\0';
	/* Escape ends a half-typed sequence, and only that. */
	if ((ui->keys.n > 0 || ui->keys.count > 0) &&
	    (key == ESCAPE || key == CTRL_C)) {
		ui->keys = (struct key_state){ .n = 0 };
		return;
	}
	if (keys_feed(&ui->keys, ui_context(ui), key, &command, &count) !=
	    KEYS_COMMAND)
		return;
	if (!pane->class->command(pane, command, count))
		ui_command(ui, command, count);
}

void
ui_take_key(struct ui *ui, uint32_t key)
{
	switch (ui->asking) {
	case ASKING_LINE:
		key_for_line(ui, key);
		break;
	case ASKING_LETTER:
		key_for_letter(ui, key);
		break;
	case ASKING_NOTHING:
		if (key != K_PASTE)
			key_for_command(ui, key);
		break;
	}
}
