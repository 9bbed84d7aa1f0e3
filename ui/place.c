/* SPDX-License-Identifier: MIT */
#include "ui/place.h"

/* No group has the name of an account, or "inbox". */
bool
place_find(struct store_txn *t, struct span name, struct place *out)
{
	struct place place = { .kind = PLACE_ROLE, .role = FOLDER_INBOX };
	struct view view;

	if (span_ieq(name, SPAN_LIT("inbox"))) {
		*out = place;
		return true;
	}
	if (store_view_group(t, name, &view)) {
		place.kind = PLACE_GROUP;
		memcpy(place.group, name.p, name.n);
		*out = place;
		return true;
	}
	place.kind = PLACE_FOLDER;
	place.folder = store_folder_by_path(t, name);
	if (place.folder)
		*out = place;
	return place.folder != 0;
}
