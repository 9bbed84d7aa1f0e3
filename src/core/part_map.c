/* SPDX-License-Identifier: MIT */
#include "src/core/part_map.h"

#include <inttypes.h>

static const struct span first_line = SPAN("surat-map 1");

void
part_map_write(const struct part_map *map, struct buf *out)
{
	buf_put(out, first_line);
	buf_putc(out, '\n');
	for (size_t i = 0; i < map->n; i++) {
		const struct part_gap *gap = &map->gaps[i];

		buf_put(out, gap->section);
		buf_printf(out, " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		    gap->at, gap->length, gap->octets);
	}
}

static bool
read_section(struct span *line, struct span *out)
{
	if (!span_split(line, ' ', out) || out->n == 0 ||
	    out->n > PART_SECTION_MAX)
		return false;
	for (size_t i = 0; i < out->n; i++)
		if (out->p[i] != '.' &&
		    !(out->p[i] >= '0' && out->p[i] <= '9'))
			return false;
	return true;
}

static bool
read_number(struct span *line, uint64_t *out)
{
	struct span field;

	return span_split(line, ' ', &field) && span_u64(field, out);
}

/* A line behind `end`, where the gap before it ends. */
static bool
read_gap(struct span line, uint64_t end, uint64_t size, struct part_gap *gap)
{
	return read_section(&line, &gap->section) &&
	    read_number(&line, &gap->at) && read_number(&line, &gap->length) &&
	    read_number(&line, &gap->octets) && line.n == 0 &&
	    gap->at >= end && gap->at <= size &&
	    gap->length <= size - gap->at;
}

bool
part_map_read(struct span text, uint64_t size, struct arena *arena,
    struct part_map *out)
{
	struct span line;
	uint64_t end = 0;
	size_t room = 0;

	*out = (struct part_map){ 0 };
	if (text.n > PART_MAP_OCTETS_MAX ||
	    !span_split(&text, '\n', &line) || !span_eq(line, first_line))
		return false;
	for (size_t i = 0; i < text.n; i++)
		room += text.p[i] == '\n';
	if (room > PART_MAP_GAPS_MAX)
		return false;
	out->gaps = arena_array(arena, room, sizeof *out->gaps);
	while (text.n) {
		struct part_gap gap;

		if (out->n == room || !span_split(&text, '\n', &line) ||
		    !read_gap(line, end, size, &gap))
			return false;
		end = gap.at + gap.length;
		gap.section = arena_copy(arena, gap.section);
		out->gaps[out->n++] = gap;
	}
	return true;
}

const struct part_gap *
part_map_find(const struct part_map *map, struct span section)
{
	for (size_t i = 0; i < map->n; i++)
		if (span_eq(map->gaps[i].section, section))
			return &map->gaps[i];
	return NULL;
}

void
part_map_fill(struct part_map *map, const struct part_gap *gap,
    uint64_t octets)
{
	size_t at = (size_t)(gap - map->gaps);
	uint64_t length = gap->length;

	map->n--;
	for (size_t i = at; i < map->n; i++) {
		map->gaps[i] = map->gaps[i + 1];
		map->gaps[i].at = map->gaps[i].at - length + octets;
	}
}
