// Calls that have been made and not yet answered, found by the ids that guests gave them.

#ifndef parigot_runtime_kernel_calls_h
#define parigot_runtime_kernel_calls_h

#include "store.h"

namespace kernel {

// Messages of a store, in chains by a hash of the id.
class CallTable {
public:
  explicit CallTable(Store& store) : store(store) {}

  // Sets the seed of the hash. Guests choose the ids, and must not be able to choose the chains.
  void seed(uint64_t random) {
    key = random;
    hash = hashOf(hashed);
  }
  // Null if there is none; otherwise valid until the message is removed from the store.
  const Message* find(const Id& id);
  // The call to this process with an id that is the same except for byte 6 (messages1.h); null if there is none.
  const Message* findFor(uint32_t target, const Id& id);
  // The id must not be there yet.
  void add(uint32_t block);
  // Removes the call from the table, and leaves it in the store; noBlock if there is none.
  uint32_t take(const Id& id);
  // Removes all calls that this process is to answer, from the table and the store, in one sweep over the table.
  void dropFor(uint32_t target);

private:
  uint32_t& chainOf(const Id& id); // requires that the table has chains
  uint32_t hashOf(const Id& id) const;
  void grow();

  Store& store;
  // The first block of each chain. The number of chains is a power of two, and at least half the number of calls.
  List<uint32_t> chains;
  uint32_t count = 0;
  uint64_t key = 0;
  // One call is looked for several times in a row.
  Id hashed;
  uint32_t hash = 0;
};

} // namespace kernel

#endif // parigot_runtime_kernel_calls_h
