/* SPDX-License-Identifier: MIT */
/*
 * Colours for terminals that have fewer: rgb to 256 to 16 to 8, each to the
 * nearest.  The sixteen are taken to be xterm's; a user's own palette moves
 * them, which is why a theme may name its sixteen itself.
 */
#include "ui/theme.h"

#include "base/bug.h"

enum { BASIC = 16, CUBE = 16, GREYS = 232, PALETTE = 256 };

static const uint32_t basic_rgb[BASIC] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
	0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};

static const uint32_t cube_steps[6] = { 0, 95, 135, 175, 215, 255 };

uint32_t
theme_palette(int entry)
{
	uint32_t i;

	bug_on(entry < 0 || entry >= PALETTE);
	if (entry < BASIC)
		return basic_rgb[entry];
	if (entry >= GREYS) {
		i = 8 + 10 * (uint32_t)(entry - GREYS);
		return i << 16 | i << 8 | i;
	}
	i = (uint32_t)(entry - CUBE);
	return cube_steps[i / 36] << 16 | cube_steps[i / 6 % 6] << 8 |
	    cube_steps[i % 6];
}

/* Squares, weighed as the eye does: green most, blue least. */
static int64_t
distance(uint32_t a, uint32_t b)
{
	int64_t red = (int64_t)(a >> 16 & 255) - (int64_t)(b >> 16 & 255);
	int64_t green = (int64_t)(a >> 8 & 255) - (int64_t)(b >> 8 & 255);
	int64_t blue = (int64_t)(a & 255) - (int64_t)(b & 255);

	return 3 * red * red + 4 * green * green + 2 * blue * blue;
}

/* The entry from first up to (not with) end that is nearest. */
static colour
nearest(uint32_t rgb, int first, int end)
{
	int best = first;

	for (int i = first + 1; i < end; i++) {
		if (distance(rgb, theme_palette(i)) <
		    distance(rgb, theme_palette(best)))
			best = i;
	}
	return best;
}

/* The colour where there are 256 or 16; what fits already is left alone. */
static colour
reduce(colour c, colour basic, int colours)
{
	uint32_t rgb;

	if (colours <= BASIC && basic != COLOUR_NEAREST)
		return basic;
	if (c == COLOUR_DEFAULT || c < BASIC)
		return c;
	if (c < PALETTE && colours >= PALETTE)
		return c;
	rgb = c < PALETTE ? theme_palette(c) : (uint32_t)c & 0xffffff;
	/* The first sixteen are the user's: never a nearest of the 256. */
	return colours >= PALETTE ? nearest(rgb, CUBE, PALETTE) :
	    nearest(rgb, 0, BASIC);
}

/*
 * Eight colours: bright ones become bold, and a bright background, which
 * these terminals do not have, becomes reverse.
 */
static void
reduce_to_eight(struct style *style)
{
	if (style->bg >= 8) {
		style->bg = COLOUR_DEFAULT;
		style->attrs |= ATTR_REVERSE;
	}
	if (style->fg == 8) {
		style->fg = COLOUR_DEFAULT;
		style->attrs |= ATTR_DIM;
	} else if (style->fg > 8) {
		style->fg -= 8;
		style->attrs |= ATTR_BOLD;
	}
}

void
theme_reduce(struct theme *theme, int colours)
{
	if (colours < 8) {
		theme_mono(theme);
		return;
	}
	if (colours > PALETTE)
		return;
	for (enum role r = 0; r < ROLE_COUNT; r++) {
		struct style *style = &theme->styles[r];

		style->fg = reduce(style->fg, style->basic_fg, colours);
		style->bg = reduce(style->bg, style->basic_bg, colours);
		if (colours < BASIC)
			reduce_to_eight(style);
	}
}
