/* SPDX-License-Identifier: MIT */
/*
 * Linux: statfs names the file system by a number (statfs(2)).  FUSE is one
 * number for local and remote ones alike; their names are in
 * /proc/self/mountinfo (proc(5)), and what is not known there as a network's
 * is let through.
 */
#include "store/place.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "base/span.h"

enum { MAGIC_FUSE = 0x65735546 };

static const struct {
	uint32_t magic;
	const char *name;
} remote[] = {
	{ 0x00006969, "NFS" },
	{ 0x0000517b, "SMB" },
	{ 0xfe534d42, "SMB" },
	{ 0xff534d42, "SMB (cifs)" },
	{ 0x01021997, "9p" },
	{ 0x5346414f, "AFS" },
	{ 0x6b414653, "AFS" },
	{ 0x73757245, "Coda" },
	{ 0x0000564c, "NCP" },
	{ 0x00c36400, "Ceph" },
	{ 0x0bd00bd0, "Lustre" },
	{ 0x47504653, "GPFS" },
	{ 0x013111a8, "IBRIX" },
};

static const char *const remote_fuse[] = {
	"fuse.sshfs", "fuse.davfs", "fuse.glusterfs", "fuse.rclone",
	"fuse.s3fs", "fuse.gcsfuse", "fuse.curlftpfs", "fuse.cephfs",
	"fuse.moosefs", "fuse.mfs", "fuse.lizardfs", "fuse.gvfsd-fuse",
	"fuse.smbnetfs", "fuse.google-drive-ocamlfuse", "fuse.onedriver",
	"fuse.seaweedfs", "fuse.juicefs", "fuse.ipfs",
};

/* The name in "id parent major:minor ... - TYPE source options". */
static bool
type_on_line(struct span line, dev_t device, struct span *type)
{
	char number[32];
	struct span field;
	size_t at;

	snprintf(number, sizeof number, "%u:%u", major(device), minor(device));
	for (int i = 0; i < 3; i++)
		if (!span_split(&line, ' ', &field))
			return false;
	at = span_find(line, SPAN_LIT(" - "));
	if (!span_eq(field, span_of(number)) || at == SIZE_MAX)
		return false;
	line = span_skip(line, at + 3);
	return span_split(&line, ' ', type);
}

static enum err
check_fuse(const char *dir, struct error *e)
{
	CLEANUP(cleanup_fclose) FILE *f = fopen("/proc/self/mountinfo", "re");
	CLEANUP(cleanup_free) char *line = NULL;
	struct span type;
	struct stat st;
	size_t size = 0;
	ssize_t n;

	if (!f || stat(dir, &st) != 0)
		return ERR_OK;
	while ((n = getline(&line, &size, f)) > 0) {
		if (!type_on_line((struct span){ line, (size_t)n }, st.st_dev,
		    &type))
			continue;
		for (size_t i = 0; i < ARRAY_LEN(remote_fuse); i++)
			if (span_eq(type, span_of(remote_fuse[i])))
				return error_set(e, ERR_CONFIG,
				    "%s is on a network file system (%s); "
				    "the mail store needs a local disk", dir,
				    remote_fuse[i]);
	}
	return ERR_OK;
}

enum err
place_check(const char *dir, struct error *e)
{
	struct statfs fs;
	uint32_t magic;

	if (statfs(dir, &fs) != 0)
		return error_sys(e, ERR_IO, errno, "cannot look at %s", dir);
	magic = (uint32_t)fs.f_type;
	if (magic == MAGIC_FUSE)
		return check_fuse(dir, e);
	for (size_t i = 0; i < ARRAY_LEN(remote); i++)
		if (remote[i].magic == magic)
			return error_set(e, ERR_CONFIG, "%s is on a network "
			    "file system (%s); the mail store needs a local "
			    "disk", dir, remote[i].name);
	return ERR_OK;
}
