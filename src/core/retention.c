/* SPDX-License-Identifier: MIT */
/* leave-on-server; see retention.h. */
#include "src/core/retention.h"

#include "base/date.h"

bool
retention_is_over(const struct config_account *account,
    const struct uidl *uidl, bool is_deleted, int64_t now)
{
	if (uidl->state == UIDL_NEW)
		return false;
	/* Already asked for once: the server has to be told again. */
	if (uidl->state == UIDL_DELE_SENT)
		return true;
	switch (account->leave) {
	case LEAVE_FOREVER:
		return false;
	case LEAVE_NEVER:
		return true;
	case LEAVE_DAYS:
		return uidl->fetched_at != DATE_NONE &&
		    now - uidl->fetched_at >=
		    (int64_t)account->leave_days * 24 * 3600;
	case LEAVE_UNTIL_DELETED:
		return is_deleted;
	}
	return false;
}
