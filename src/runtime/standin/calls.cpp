// Answers by the call ABIs. parigot-opt gives each method a function of the client's type that calls one of these.

#include "table.h"

namespace standin {

#define EXPORT(name) extern "C" __attribute__((export_name(name)))

EXPORT("parigot.answer.parigot")
uint64_t answer_parigot(uint32_t method, uint32_t size, const char* request, char* out, uint32_t* error) {
  auto* reply = answer(method, {request, size});
  *error = reply ? reply->error : table()->error;
  if (*error) {
    return 0;
  }
  // parigot-opt has checked that the client has room for it.
  memcpy(out, reply->bytes.data, reply->bytes.size);
  return uint64_t(reply->bytes.size) << 32 | uint32_t(uintptr_t(out));
}

// An error is a reply with bit 31 of the length set; its text is that of the reply, or the number.
EXPORT("parigot.answer.bytes")
uint64_t answer_bytes(uint32_t method, const char* request, uint32_t size) {
  static char text[] = "error 4294967295";
  auto* reply = answer(method, {request, size});
  uint32_t error = reply ? reply->error : table()->error;
  Text bytes = reply ? reply->bytes : Text();
  if (error && !bytes.size) {
    char digits[10];
    uint32_t count = 0;
    for (uint32_t n = error; n; n /= 10) {
      digits[count++] = char('0' + n % 10);
    }
    constexpr uint32_t prefix = 6;
    for (uint32_t i = 0; i < count; i++) {
      text[prefix + i] = digits[count - 1 - i];
    }
    bytes = {text, prefix + count};
  }
  return uint64_t(uintptr_t(bytes.data)) << 32 | bytes.size | (error ? 0x80000000u : 0);
}

// The bits of the result. The request are the bits of the parameters, 8 bytes each. A number has no error: the error is
// the number, which the caller gives in the result's type.
EXPORT("parigot.answer.scalar")
uint64_t answer_scalar(uint32_t method, const char* parameters, uint32_t size, uint64_t error) {
  auto* reply = answer(method, {parameters, size});
  return reply ? reply->number : error;
}

} // namespace standin
