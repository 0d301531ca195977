// The data that the kernel holds for processes, and its limits.
//
// One process must never use up memory that others need, whatever it sends. So the kernel's memory (`kernel_memory` in
// the manifest, 64 MiB by default) is divided once and for all, and every allocation for a request of a process goes
// through one of two functions that can refuse: Store::take, and Kernel::claim for everything with a name.
//
//   kernel_memory, at least 4 MiB
//     an eighth                          the arena, for incoming requests
//     the kernel's own                   stack, data, 256 KiB, and 1 KiB for each process
//     the rest, in equal shares          one for each process, and one for everything outside of an open world
//       an eighth, at most 1 MiB         names: services, what they export and require, methods. 512 bytes each, and
//                                        two for each byte of text. They stay as long as the world
//       the rest                         messages and calls: blocks of 192 bytes, which cost 208 with their index
//
// With 64 MiB and two processes, each has more than 130,000 blocks. It can have as many calls that are outstanding, or
// unread with params of up to 112 bytes.
//
// - A call holds one block from dispatch_ until its result has been read. The param, and later the result,
//   has 112 bytes in it, and 188 in each further block; the blocks of the param are freed when the call has been read.
//   All of them belong to the caller's share, so that a process cannot use up the memory of others by sending to them.
// - An exit request takes a block for each process that it asks to exit, from the share of the process that makes it.
// - A message that is longer than the reply of read_one_ is not kept. Its reader gets DataTooLarge.
//
// All blocks have one size and are cut from pieces that are never given back. A block that one process has freed serves
// every other, memory does not fragment, and the sum of all shares is always available.
//
// A request that exceeds a limit fails with an error of parigot's (api/proto/syscall/v1/syscall.proto):
// - NamespaceExhausted (lines 36-39: "can no longer accept additional packages, services, or methods .. to thwart
//   attempts at DOS attacks") for names.
// - WriteTimeout (lines 132-134: "trying to send a request to another service, but timed out before it could do so")
//   for calls, launches and exits that do not fit now. parigot's own kernel makes the sender wait for room in the
//   receiver's channel (sys/kernel/kdata.go:169). A call here that does not block can only report that the wait failed;
//   the guest may try again. DataTooLarge would mean that no attempt can succeed.
// - DataTooLarge (lines 43-46: "bigger than the buffer allocated to receive it .. either on the call side or the return
//   side") for a request that does not fit into the arena, which the adapter answers (src/adapters/call_adapter.cpp),
//   and for a result for which the caller has no room: the call then ends with that error, in its own block.

#ifndef parigot_runtime_kernel_store_h
#define parigot_runtime_kernel_store_h

#include "messages.h"

namespace kernel {

// The limits of each account.
struct Limits {
  uint32_t blocks = 0;
  uint32_t nameBytes = 0;
  uint32_t nestedBytes = 0; // of a request that may run its target within dispatch_

  // The limits of a kernel with `heapBytes` bytes for its heap, and `arenaBytes` for the arena.
  static Limits of(uint64_t heapBytes, uint32_t arenaBytes, uint32_t processes, uint32_t accounts);
};

// The most that one name, and a byte of text, cost in bytes: lists need room to grow, and keep the old copy meanwhile.
constexpr uint32_t blockCost = 208, nameCost = 512, nameCostOfByte = 2;

// A call, as it was made.
struct Call {
  Id call, host, method;
  uint32_t caller = 0;           // the account that holds it; for a call, the process that made it
  uint32_t target = UINT32_MAX;  // the process that is to answer, if it is in this world
  uint32_t service = UINT32_MAX; // the service that was called
  bool outside : 1 = false;      // the answer comes from the kernel outside
  bool generation1 : 1 = false;  // the caller waits in its dispatch_ or run_
};

constexpr uint32_t noBlock = UINT32_MAX;

// A call as it is kept. Its text is the part of the reply that the other members do not give, as encoded fields.
struct Message : Call {
  // `whole`: the text is the whole reply. `bundled`: the text includes the bundle. `tooLarge`: the text is left out,
  // since it exceeds every reply.
  bool whole : 1 = false, bundled : 1 = false, tooLarge : 1 = false;
  bool confirms : 1 = false;      // an exit: confirms the request to the process that made it
  bool listed : 1 = false;        // in CallTable
  bool unread : 1 = false;        // in the line of the target
  uint16_t size = 0;              // bytes of the text
  uint32_t next = noBlock;        // the next one in a queue
  uint32_t nextInTable = noBlock; // the next one in a chain of CallTable
  uint32_t rest = noBlock;        // the blocks with the rest of the text
  Error error = Error::none;      // of a result
};

// Blocks. Each has a number, and is charged to an account.
class Store {
public:
  static constexpr uint32_t blockBytes = 192;

  Store(uint32_t accounts, uint32_t blocksEach);

  // Takes a block for an account; noBlock when its share is used up.
  uint32_t take(uint32_t account);
  void give(uint32_t account, uint32_t block);
  uint32_t left(uint32_t account) const { return share - held[account]; }
  uint32_t heldBy(uint32_t account) const { return held[account]; }
  // The largest number of blocks that were in use at once.
  uint32_t most() const { return made; }

  // Stores a message without text for this call. Returns its block; noBlock if there is no room.
  uint32_t add(const Call& call);
  Message& operator[](uint32_t block) { return *reinterpret_cast<Message*>(at(block)); }
  // Sets the text of a message without text: `text`, and `more` behind it. False: there is no room, and the message
  // still has none.
  bool fill(Message& message, Text text, Text more = {});
  // Sets it to one field with this value, or to nothing if the value is absent. False: it may need more than one block,
  // and the message still has none.
  bool fillField(Message& message, uint32_t field, Text value) {
    if (value.size > inFirst - mostHeadBytes) {
      return false;
    }
    Writer writer(&message + 1, inFirst);
    writer.message(field, value);
    message.size = uint16_t(writer.size());
    return true;
  }
  void empty(Message& message);
  // Writes the text of a message. False: it does not fit.
  bool copy(const Message& message, Writer& to);
  // Frees a message with all of its blocks.
  void remove(uint32_t block);

private:
  char* at(uint32_t block) { return pieces[block / blocksInPiece] + size_t(block % blocksInPiece) * blockBytes; }
  // The first four bytes of a block of `rest`, or a free one: the next.
  uint32_t& nextOf(uint32_t block) { return *reinterpret_cast<uint32_t*>(at(block)); }

  static constexpr uint32_t blocksInPiece = 512;
  static constexpr uint32_t mostHeadBytes = 8; // of any field, whose value is short
  static constexpr uint32_t inFirst = blockBytes - sizeof(Message), inRest = blockBytes - sizeof(uint32_t);
  static_assert(sizeof(Message) == 80, "the figures above, and in docs/parigot.md");

  List<char*> pieces;
  List<uint32_t> held; // by account, in blocks
  uint32_t share;
  uint32_t free = noBlock; // the first free block
  uint32_t made = 0;       // the blocks that have ever been in use
};

// A queue of messages, first in, first out.
class MessageQueue {
public:
  bool empty() const { return first == noBlock; }
  void push(Store& store, uint32_t block) {
    store[block].next = noBlock;
    (empty() ? first : store[last].next) = block;
    last = block;
  }
  // noBlock when there is none.
  uint32_t take(Store& store) {
    uint32_t block = first;
    if (block != noBlock) {
      first = store[block].next;
    }
    return block;
  }
  void clear(Store& store) {
    while (!empty()) {
      store.remove(take(store));
    }
  }

private:
  uint32_t first = noBlock, last = noBlock;
};

} // namespace kernel

#endif // parigot_runtime_kernel_store_h
