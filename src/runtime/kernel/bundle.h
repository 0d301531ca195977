// The MethodBundle of a call: its four ids, and the bytes that guests make of them.
//
// A guest makes the ids of a call into bytes once, and these bytes come back: the service that is called answers with
// the bundle that it was given, and the next call of the same method differs in the id of the call. So the kernel keeps
// the last bundle of each process with its bytes (SentBundle), compares, and copies. Bytes that are not known are read
// and written as any other message, with the same result.

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

// A bundle that a process has sent, in the bytes of writeBundle. Empty until it has sent one.
class SentBundle {
public:
  // Reads the bundle of a call and keeps it, unless it has another form. Gives in content() and `plain` what readBundle
  // does; false: it is malformed.
  bool take(Text from, bool& plain);

  // Whether these are its bytes.
  bool is(Text other) const { return size && Text(bytes, size) == other; }
  // Whether it is the bundle of this call to this service.
  bool isOf(const Call& call, const Id& service) const { return isOf(call) && ids.service == service; }
  bool isOf(const Call& call) const {
    return size && ids.call == call.call && ids.method == call.method && ids.host == call.host;
  }
  // The ids that were taken last.
  const MethodBundle& content() const { return ids; }

  enum class Part : uint8_t { host, service, method, call };
  // Write the bundle as a field, and one of its ids as another.
  void write(Writer& to, uint32_t field) const { to.bytes(field, {bytes, size}); }
  void write(Writer& to, uint32_t field, Part part) const { to.writtenId(field, text(part)); }
  // The number of bytes that the latter writes.
  uint32_t sizeOf(Part part) const { return begins[uint32_t(part) + 1] - begins[uint32_t(part)]; }

private:
  static constexpr uint32_t mostBytes = 4 * Writer::mostIdBytes;
  static constexpr uint32_t last = uint32_t(Part::call);

  bool read(Text from, bool& plain);

  MethodBundle ids;
  uint8_t size = 0;                                 // bytes; 0: it has no bytes
  uint8_t begins[5] = {};                           // of the fields, and the end of the last one
  char bytes[mostBytes + Writer::mostIdBytes] = {}; // and room for reading behind the last id

  Text text(Part part) const { return {bytes + begins[uint32_t(part)], sizeOf(part)}; }
};

} // namespace kernel

#endif // parigot_runtime_kernel_bundle_h
