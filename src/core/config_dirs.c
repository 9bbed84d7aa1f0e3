/* SPDX-License-Identifier: MIT */
#include "src/core/config_dirs.h"

#include <errno.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* XDG base directory specification: a relative path is to be ignored. */
static const char *
xdg_dir(struct arena *arena, const char *variable, const char *in_home)
{
	const char *dir = getenv(variable);

	if (dir && dir[0] == '/')
		return arena_printf(arena, "%s/surat", dir);
	return arena_printf(arena, "%s/%s/surat", g_get_home_dir(), in_home);
}

static const char *
absolute(struct arena *arena, const char *path)
{
	char *dir = g_canonicalize_filename(path, NULL);
	const char *copy = arena_str(arena, span_of(dir));

	g_free(dir);
	return copy;
}

static enum err
make_dir(const char *path, struct error *e)
{
	if (g_mkdir_with_parents(path, 0700) < 0)
		return error_sys(e, ERR_IO, errno, "cannot make the folder "
		    "%.160s", path);
	return ERR_OK;
}

enum err
config_dirs_find(const char *profile, struct config *config, struct error *e)
{
	struct arena *arena = &config->arena;
	enum err err;

	if (profile) {
		config->config_dir = absolute(arena, profile);
		config->data_dir = arena_printf(arena, "%s/store",
		    config->config_dir);
		config->state_dir = arena_printf(arena, "%s/state",
		    config->config_dir);
	} else {
		config->config_dir = xdg_dir(arena, "XDG_CONFIG_HOME",
		    ".config");
		config->data_dir = xdg_dir(arena, "XDG_DATA_HOME",
		    ".local/share");
		config->state_dir = xdg_dir(arena, "XDG_STATE_HOME",
		    ".local/state");
	}
	config->path = arena_printf(arena, "%s/surat.conf",
	    config->config_dir);
	err = make_dir(config->config_dir, e);
	if (err == ERR_OK)
		err = make_dir(config->data_dir, e);
	if (err == ERR_OK)
		err = make_dir(config->state_dir, e);
	return err;
}

const char *
config_dirs_resolve(struct config *config, const char *path)
{
	if (path[0] == '/')
		return path;
	if (strncmp(path, "~/", 2) == 0)
		return arena_printf(&config->arena, "%s/%s", g_get_home_dir(),
		    path + 2);
	return arena_printf(&config->arena, "%s/%s", config->config_dir,
	    path);
}
