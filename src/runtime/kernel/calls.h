// Calls that have been made and not yet answered, found by the ids that guests gave them.

#ifndef parigot_runtime_kernel_calls_h
#define parigot_runtime_kernel_calls_h

#include "wire.h"

namespace kernel {

struct Call {
  Id call, host, method;
  uint32_t caller = 0; // a process
  uint32_t target = UINT32_MAX; // the process that is to answer, if it is one of ours
  bool outside = false;     // the answer comes from the kernel outside
  bool generation1 = false; // the caller waits in its dispatch_ or run_
  Id asked; // the id that the caller gave, where `call` is another one (Kernel::send)
};

// A call on its way to the process that answers it: the message that read_one_ gives.
struct Incoming {
  Id call;
  Characters message;
};

class CallTable {
public:
  // Guests choose the ids, and must not know where they go.
  void seed(uint64_t random) { key = random; }
  const Call* find(const Id& id) const;
  // The id must not be there yet.
  void add(const Call& call);
  // Takes it out; false if there is none.
  bool take(const Id& id, Call& call);
  // Takes out all that this process is to answer, in one sweep over the table.
  void dropFor(uint32_t target);

private:
  uint32_t homeOf(const Id& id) const;
  uint32_t slotOf(const Id& id) const; // where it is, or an empty one where it would be
  void grow();

  struct Slot {
    bool used = false;
    Call call;
  };
  List<Slot> slots; // a power of two, at least half of them empty
  uint32_t count = 0;
  uint64_t key = 0;
};

} // namespace kernel

#endif // parigot_runtime_kernel_calls_h
