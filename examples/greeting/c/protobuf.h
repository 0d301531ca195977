// Enough of protobuf's wire format, and of parigot's call ABI, for the services of this example that are written in C.
#pragma once

#include <stdint.h>
#include <string.h>

// A service call: (req_len, req_ptr, out_ptr, err_ptr) -> len<<32 | ptr, with room for CAPACITY bytes at out_ptr.
enum { CAPACITY = 4096 };
#define SERVICE_IMPORT(module, name) __attribute__((import_module(module), import_name(name)))
#define SERVICE_EXPORT(name) __attribute__((export_name(name)))

static inline uint64_t reply_of(const void* out, uint32_t length) { return (uint64_t)length << 32 | (uintptr_t)out; }

// A message that is being written, to a buffer that is long enough.
typedef struct {
  uint8_t* at;
} pb_writer;

static inline void pb_varint(pb_writer* w, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    *w->at++ = (uint8_t)value | 0x80;
  *w->at++ = (uint8_t)value;
}

static inline void pb_put_number(pb_writer* w, uint32_t field, uint64_t value) {
  if (value == 0)
    return;
  pb_varint(w, field << 3);
  pb_varint(w, value);
}

static inline void pb_put_bytes(pb_writer* w, uint32_t field, const void* bytes, uint32_t length) {
  if (length == 0)
    return;
  pb_varint(w, field << 3 | 2);
  pb_varint(w, length);
  memcpy(w->at, bytes, length);
  w->at += length;
}

// A message that is being read. `failed` once it turned out to be none.
typedef struct {
  const uint8_t *at, *end;
  int failed;
} pb_reader;

// A field: a number, or bytes that point into the message.
typedef struct {
  uint32_t field;
  uint64_t number;
  const uint8_t* bytes;
  uint32_t length;
} pb_field;

static inline uint64_t pb_read_varint(pb_reader* r) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (r->at == r->end)
      break;
    uint8_t byte = *r->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
  r->failed = 1;
  return 0;
}

// Reads the next field; 0 at the end, or if what follows is no field.
static inline int pb_next(pb_reader* r, pb_field* f) {
  if (r->failed || r->at == r->end)
    return 0;
  uint64_t tag = pb_read_varint(r);
  *f = (pb_field){.field = (uint32_t)(tag >> 3)};
  switch (tag & 7) {
    case 0:
      f->number = pb_read_varint(r);
      return !r->failed;
    case 1:
    case 5:
      f->length = (tag & 7) == 1 ? 8 : 4;
      break;
    case 2: {
      uint64_t length = pb_read_varint(r);
      r->failed |= length > (uint64_t)(r->end - r->at);
      f->length = (uint32_t)length;
      break;
    }
    default:
      r->failed = 1;
  }
  if (r->failed || f->length > (uint32_t)(r->end - r->at)) {
    r->failed = 1;
    return 0;
  }
  f->bytes = r->at;
  r->at += f->length;
  return 1;
}
