// The kernel's imports, a call of one of them, and ids: what parigot.c is written in.
#pragma once

#include <unistd.h>

#include "messages.h"
#include "parigot.h"
#include "protobuf.h"

enum { CAPACITY = 4096 }; // bytes of a reply at most

// --- kernel calls
// -------------------------------------------------------------------------------------------------------

#define KERNEL_CALL(name)                                                                                              \
  __attribute__((import_module("parigot"), import_name(#name))) uint64_t name(                                         \
    uint32_t, const uint8_t*, uint8_t*, int32_t*)
typedef uint64_t kernel_call(uint32_t req_len, const uint8_t* req, uint8_t* out, int32_t* err);

KERNEL_CALL(register_);
KERNEL_CALL(export_);
KERNEL_CALL(require_);
KERNEL_CALL(bind_method_);
KERNEL_CALL(launch_);
KERNEL_CALL(locate_);
KERNEL_CALL(dispatch_);
KERNEL_CALL(read_one_);
KERNEL_CALL(return_value_);
KERNEL_CALL(exit_);

// Makes a call with a finished message, which is freed; the reply is in out, which has CAPACITY bytes.
static int32_t invoke(kernel_call* call, pb_writer request, uint8_t* out, pb_bytes* reply) {
  int32_t err = 0;
  uint64_t result = call(request.length, request.data, out, &err);
  free(request.data);
  uint32_t length = (uint32_t)(result >> 32);
  if (err ? result != 0 : (uint32_t)result != (uintptr_t)out || length > CAPACITY)
    parigot_fatal("a reply that is none", err);
  *reply = (pb_bytes){out, out + length};
  return err;
}

static void must(const char* what, int32_t code) {
  if (code)
    parigot_fatal(what, code);
}

// The next field of a reply; false at its end.
static bool next(pb_bytes* from, pb_field* field) {
  int got = pb_next(from, field);
  if (got < 0)
    parigot_fatal("a malformed message", got);
  return got > 0;
}

// --- ids
// ----------------------------------------------------------------------------------------------------------------

static const parigot_id launch_method = {0x6dffffffffffffff, 0xfffffffffffffff0};
static const parigot_id exit_method = {0x6dffffffffffffff, 0xfffffffffffffff2};

static bool same(parigot_id a, parigot_id b) { return a.high == b.high && a.low == b.low; }

static void put_id(pb_writer* w, uint32_t field, parigot_id id) {
  pb_writer inner = {0};
  pb_number(&inner, ID_RAW_HIGH, id.high);
  pb_number(&inner, ID_RAW_LOW, id.low);
  pb_message(w, field, inner);
}

static parigot_id get_id(pb_bytes from) {
  parigot_id id = {0};
  for (pb_field f; next(&from, &f);) {
    if (f.number == ID_RAW_HIGH)
      id.high = f.value;
    if (f.number == ID_RAW_LOW)
      id.low = f.value;
  }
  return id;
}

static parigot_id host_id(void) {
  static parigot_id id;
  if (!id.high) {
    const char *high = getenv("HOSTID_HIGH"), *low = getenv("HOSTID_LOW");
    if (!high || !low)
      parigot_fatal("no host id", 0);
    id = (parigot_id){strtoull(high, NULL, 16), strtoull(low, NULL, 16)};
  }
  return id;
}

static parigot_id new_call(void) {
  static parigot_id last;
  if (!last.high) {
    if (getentropy(&last, sizeof last))
      parigot_fatal("no entropy", 0);
    last.high = (last.high & 0x00ffffffffffffff) | (uint64_t)'c' << 56;
  }
  last.low++;
  return last;
}
