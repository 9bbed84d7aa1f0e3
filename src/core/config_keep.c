/* SPDX-License-Identifier: MIT */
#include "src/core/config_keep.h"

#include "src/core/config_value.h"

enum { KEEPS_MAX = 256, SECONDS_PER_DAY = 24 * 60 * 60 };

static bool
take_limit(struct span word, struct config_keep *out)
{
	unsigned seconds;

	if (out->days == 0 && config_value_duration(word, &seconds) &&
	    seconds > 0 && seconds % SECONDS_PER_DAY == 0) {
		out->days = seconds / SECONDS_PER_DAY;
		return true;
	}
	return out->octets == 0 && config_value_octets(word, &out->octets) &&
	    out->octets > 0;
}

bool
config_keep_parse(struct span value, struct config_keep *out)
{
	struct span rest = span_trim(value), word;

	*out = (struct config_keep){ 0 };
	if (!span_split(&rest, ' ', &word))
		return false;
	if (span_eq(word, SPAN_LIT("live")))
		return span_trim(rest).n == 0;
	if (!span_eq(word, SPAN_LIT("offline")))
		return false;
	out->is_offline = true;
	while (span_split(&rest, ' ', &word))
		if (word.n && !take_limit(word, out))
			return false;
	return true;
}

static enum err
add_folder(struct config_reader *r, struct config_account *account,
    struct config_keep keep)
{
	if (account->nkeeps == KEEPS_MAX)
		return config_refuse(r, "too many folders");
	if (!account->keeps)
		account->keeps = arena_array(&r->config->arena, KEEPS_MAX,
		    sizeof *account->keeps);
	keep.folder = arena_str(&r->config->arena, r->key_rest);
	account->keeps[account->nkeeps++] = keep;
	return ERR_OK;
}

enum err
config_keep_read(struct config_reader *r, void *field)
{
	struct config_account *account = field;
	struct config_keep keep;

	if (!config_keep_parse(r->value, &keep))
		return config_refuse(r, "it must be live or offline; with "
		    "limits it is offline 90d 5M");
	if (r->key_rest.n)
		return add_folder(r, account, keep);
	account->keep = keep;
	return ERR_OK;
}

const struct config_keep *
config_keep_of(const struct config_account *account, struct span title)
{
	for (size_t i = 0; i < account->nkeeps; i++) {
		struct span folder = span_of(account->keeps[i].folder);

		if (span_eq(folder, title) || (span_ieq(folder, title) &&
		    span_ieq(title, SPAN_LIT("INBOX"))))
			return &account->keeps[i];
	}
	return &account->keep;
}
