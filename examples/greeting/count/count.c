// The counting service: remembers who has been here, in its own memory, from one call to the next.

#include <stdlib.h>

#include "../c/protobuf.h"

enum { ERROR_TOO_MANY = 1, MAX_GUESTS = 1000 };

typedef struct {
  char *name;
  uint32_t length;
  uint64_t visits;
} guest;

static guest *guests;
static uint32_t guest_count, guest_room;
static uint64_t visitors;

static guest *find_or_add(const uint8_t *name, uint32_t length) {
  for (uint32_t i = 0; i < guest_count; i++)
    if (guests[i].length == length && memcmp(guests[i].name, name, length) == 0) return &guests[i];
  if (guest_count == MAX_GUESTS) return NULL;
  if (guest_count == guest_room) {
    guest_room = guest_room ? 2 * guest_room : 4;
    guests = realloc(guests, guest_room * sizeof *guests);
  }
  guest *added = &guests[guest_count++];
  *added = (guest){.name = malloc(length + 1), .length = length};
  memcpy(added->name, name, length);
  return added;
}

SERVICE_EXPORT("visit_") uint64_t visit(uint32_t req_len, const uint8_t *req, uint8_t *out, int32_t *err) {
  const uint8_t *name = req;
  uint32_t name_length = 0;
  pb_field field;
  for (pb_reader reader = {req, req + req_len, 0}; pb_next(&reader, &field);)
    if (field.field == 1) name = field.bytes, name_length = field.length;

  guest *visitor = find_or_add(name, name_length);
  if (!visitor) {
    *err = ERROR_TOO_MANY;
    return 0;
  }
  pb_writer writer = {out};
  pb_put_number(&writer, 1, ++visitors);
  pb_put_number(&writer, 2, ++visitor->visits);
  *err = 0;
  return reply_of(out, (uint32_t)(writer.at - out));
}
