#include "bundle.h"

namespace kernel {

bool SentBundle::take(Text from, bool& plain) {
  uint32_t known = size ? begins[last] : 0;
  plain = known && from.size > known && Text(bytes, known) == Text(from.data, known) &&
          readPlainIds(from.from(known), &ids.call, 1, last + 1);
  if (plain) {
    memcpy(bytes + known, from.data + known, from.size - known);
    size = begins[last + 1] = uint8_t(from.size);
    return true;
  }
  return read(from, plain);
}

// Reads any bundle. It is kept if it is plain.
bool SentBundle::read(Text from, bool& plain) {
  size = 0;
  ids = {};
  if (!readBundle(from, ids, plain)) {
    return false;
  }
  if (plain) {
    memcpy(bytes, from.data, from.size);
    size = uint8_t(from.size);
    for (uint32_t i = 0; i <= last; i++) {
      begins[i + 1] = uint8_t(begins[i] + 2 + bytes[begins[i] + 1]);
    }
  }
  return true;
}

} // namespace kernel
