/* SPDX-License-Identifier: MIT */
/* Roles of folders; see role.h. */
#include "src/core/role.h"

#include "base/bug.h"
#include "protocol/imap.h"

enum folder_role
role_of_attributes(unsigned attributes)
{
	static const struct {
		unsigned attribute;
		enum folder_role role;
	} table[] = {
		{ IMAP_ATTR_SENT, FOLDER_SENT },
		{ IMAP_ATTR_DRAFTS, FOLDER_DRAFTS },
		{ IMAP_ATTR_TRASH, FOLDER_TRASH },
		{ IMAP_ATTR_JUNK, FOLDER_JUNK },
		{ IMAP_ATTR_ARCHIVE, FOLDER_ARCHIVE },
		{ IMAP_ATTR_ALL, FOLDER_ALL },
		{ IMAP_ATTR_FLAGGED, FOLDER_FLAGGED },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (attributes & table[i].attribute)
			return table[i].role;
	return FOLDER_NONE;
}

static enum folder_role
role_of_name(struct span name)
{
	static const struct {
		struct span name;
		enum folder_role role;
	} table[] = {
		{ SPAN("sent"), FOLDER_SENT },
		{ SPAN("sent items"), FOLDER_SENT },
		{ SPAN("sent messages"), FOLDER_SENT },
		{ SPAN("sent mail"), FOLDER_SENT },
		{ SPAN("gesendet"), FOLDER_SENT },
		{ SPAN("envoyés"), FOLDER_SENT },
		{ SPAN("enviados"), FOLDER_SENT },
		{ SPAN("terkirim"), FOLDER_SENT },
		{ SPAN("pesan terkirim"), FOLDER_SENT },
		{ SPAN("drafts"), FOLDER_DRAFTS },
		{ SPAN("draf"), FOLDER_DRAFTS },
		{ SPAN("konsep"), FOLDER_DRAFTS },
		{ SPAN("trash"), FOLDER_TRASH },
		{ SPAN("deleted items"), FOLDER_TRASH },
		{ SPAN("deleted messages"), FOLDER_TRASH },
		{ SPAN("bin"), FOLDER_TRASH },
		{ SPAN("papierkorb"), FOLDER_TRASH },
		{ SPAN("sampah"), FOLDER_TRASH },
		{ SPAN("tong sampah"), FOLDER_TRASH },
		{ SPAN("junk"), FOLDER_JUNK },
		{ SPAN("spam"), FOLDER_JUNK },
		{ SPAN("bulk"), FOLDER_JUNK },
		{ SPAN("junk e-mail"), FOLDER_JUNK },
		{ SPAN("archive"), FOLDER_ARCHIVE },
		{ SPAN("arsip"), FOLDER_ARCHIVE },
		{ SPAN("all mail"), FOLDER_ALL },
	};

	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (span_ieq(name, table[i].name))
			return table[i].role;
	return FOLDER_NONE;
}

enum folder_role
role_of_title(struct span title, char delimiter)
{
	size_t at = delimiter ? span_chr(title, delimiter) : SIZE_MAX;

	if (at == SIZE_MAX)
		return role_of_name(title);
	if (!span_ieq((struct span){ title.p, at }, SPAN_LIT("INBOX")))
		return FOLDER_NONE;
	title = span_skip(title, at + 1);
	return span_chr(title, delimiter) == SIZE_MAX ? role_of_name(title) :
	    FOLDER_NONE;
}
