// The MethodBundle of a call, made from its ids.

#ifndef parigot_runtime_kernel_bundle_h
#define parigot_runtime_kernel_bundle_h

#include "messages.h"
#include "store.h"

namespace kernel {

constexpr uint32_t idBytes = 40; // the most that the field of an id takes, in either generation

// A MethodBundle as guests write it.
class Bundle {
public:
  Bundle(const Call& call, const Id& service) : writer(bytes, sizeof bytes) {
    writer.id(1, call.host);
    writer.id(2, service);
    writer.id(3, call.method);
    writer.id(4, call.call);
  }
  Text text() const { return {bytes, writer.size()}; }

private:
  char bytes[4 * idBytes];
  Writer writer;
};

} // namespace kernel

#endif // parigot_runtime_kernel_bundle_h
