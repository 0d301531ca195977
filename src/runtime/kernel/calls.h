// Calls that have been made and not yet answered, found by the ids that guests gave them.

#ifndef parigot_runtime_kernel_calls_h
#define parigot_runtime_kernel_calls_h

#include "store.h"

namespace kernel {

// Messages of a store, in chains by a hash of the id.
class CallTable {
public:
  explicit CallTable(Store& store) : store(store) {}

  // Guests choose the ids, and must not know where they go.
  void seed(uint64_t random) { key = random; }
  // Null if there is none; otherwise valid until it is removed from the store.
  const Message* find(const Id& id);
  // The call to this process whose id is the same but for byte 6 (messages1.h); null if there is none.
  const Message* findFor(uint32_t target, const Id& id);
  // The id must not be there yet.
  void add(uint32_t block);
  // Takes it out, and leaves it in the store; noBlock if there is none.
  uint32_t take(const Id& id);
  // Takes out all that this process is to answer, in one sweep over the table, and removes them from the store.
  void dropFor(uint32_t target);

private:
  uint32_t& chainOf(const Id& id); // there must be some
  void grow();

  Store& store;
  // The first blocks of chains: a power of two of them, and at most twice as many calls.
  List<uint32_t> chains;
  uint32_t count = 0;
  uint64_t key = 0;
};

} // namespace kernel

#endif // parigot_runtime_kernel_calls_h
