// The MethodBundle of a call, made from its ids.

#ifndef parigot_runtime_kernel_bundle_h
#define parigot_runtime_kernel_bundle_h

#include "messages.h"
#include "store.h"

namespace kernel {

// Writes the MethodBundle of a call as guests write it.
inline void writeBundle(Writer& to, uint32_t field, const Call& call, const Id& service) {
  const Id* const ids[] = {&call.host, &service, &call.method, &call.call};
  to.ids(field, ids, 4);
}

// Reads a MethodBundle. Gives in `plain` whether writeBundle would write the same bytes.
inline bool readBundle(Text bytes, MethodBundle& bundle, bool& plain) {
  Id ids[4];
  plain = readPlainIds(bytes, ids, 4);
  if (plain) {
    bundle = {ids[0], ids[1], ids[2], ids[3]};
  }
  return plain || read(bytes, bundle);
}

} // namespace kernel

#endif // parigot_runtime_kernel_bundle_h
