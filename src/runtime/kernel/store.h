// What the kernel holds for processes, and how much that may be.
//
// One process must never use up what others need, whatever it sends. So the kernel's memory (`kernel_memory` in the
// manifest, 64 MiB by default) is shared out, once and for all, and all that is allocated for a request of a process
// goes through one of two places that may refuse: Store::take, and Kernel::claim for what has a name.
//
//   kernel_memory, at least 4 MiB
//     an eighth                          the arena: requests on their way in
//     the kernel's own                   stack, data, 256 KiB, and 1 KiB for each process
//     the rest, in equal shares          one for each process, and one for what is outside of an open world
//       an eighth, at most 1 MiB         names: services, what they export and require, methods; 512 bytes each, and
//       two
//                                        for each byte of text. They stay as long as the world does
//       the rest                         messages and calls: blocks of 128 bytes, which cost 144 with what finds them
//
// With 64 MiB and two processes, each has more than 190,000 blocks: so many calls can be outstanding, or unread with
// params of up to 48 bytes.
//
// - A call takes one block from dispatch_ until its result was read, whether or not it has been read itself. The param,
//   and later the result, has 48 bytes in it, and 124 in each block that it needs besides; those of the param are free
//   when the call has been read. All are the caller's, so that nobody's memory is used up by what others send.
// - An exit request takes a block for each process that it tells, of the share of the one that asks.
// - What nobody could read, being longer than the reply of read_one_, is not kept: who reads it gets DataTooLarge.
//
// All blocks have one size and are taken from pieces that are never given back: what one process has freed serves every
// other, nothing is ever in the wrong place, and the sum of the shares is there.
//
// What is refused is refused by an error of parigot's (api/proto/syscall/v1/syscall.proto):
// - NamespaceExhausted (lines 36-39: "can no longer accept additional packages, services, or methods .. to thwart
// attempts
//   at DOS attacks") for names.
// - WriteTimeout (lines 132-134: "trying to send a request to another service, but timed out before it could do so")
// for
//   calls, launches and exits that do not fit now. parigot's own kernel has the sender wait for room in the receiver's
//   channel (sys/kernel/kdata.go:169); a call of ours that does not block can only say that it waited in vain, and may
//   be tried again. DataTooLarge would say that it never can be.
// - DataTooLarge (lines 43-46: "bigger than the buffer allocated to receive it .. either on the call side or the return
//   side") for a request that does not fit into the arena, which the adapter answers (src/adapters/call_adapter.cpp),
//   and for the result of a call whose caller has no room for it: the call ends with that error, in its own block.

#ifndef parigot_runtime_kernel_store_h
#define parigot_runtime_kernel_store_h

#include "messages.h"

namespace kernel {

// How much each account may hold.
struct Limits {
  uint32_t blocks = 0;
  uint32_t nameBytes = 0;
  uint32_t nestedBytes = 0; // of a request that may run its target within dispatch_

  // Of a kernel with so much memory for its heap, and so much of arena.
  static Limits of(uint64_t heapBytes, uint32_t arenaBytes, uint32_t processes, uint32_t accounts);
};

// What one of them costs, at most, in bytes: with room that lists have to grow, and what they had before.
constexpr uint32_t blockCost = 144, nameCost = 512, nameCostOfByte = 2;

// A call, as it was made.
struct Call {
  Id call, host, method;
  uint32_t caller = 0;           // the account that it is in; of a call, the process that made it
  uint32_t target = UINT32_MAX;  // the process that is to answer, if it is one of ours
  uint32_t service = UINT32_MAX; // the one that was called
  bool outside : 1 = false;      // the answer comes from the kernel outside
  bool generation1 : 1 = false;  // the caller waits in its dispatch_ or run_
};

constexpr uint32_t noBlock = UINT32_MAX;

// A call as it is kept. Its text is what of the reply that gives it is not known from the rest: encoded fields.
struct Message : Call {
  // The text is: the whole reply; with the bundle in it; left out, since nobody could read it.
  bool whole : 1 = false, bundled : 1 = false, tooLarge : 1 = false;
  bool confirms : 1 = false;      // of an exit: that it was asked for, to who asked
  bool listed : 1 = false;        // in CallTable
  bool unread : 1 = false;        // in the line of who is to answer
  uint16_t size = 0;              // bytes of the text
  uint32_t next = noBlock;        // in a queue
  uint32_t nextInTable = noBlock; // of CallTable
  uint32_t rest = noBlock;        // the blocks with what of the text does not fit here
  Error error = Error::none;      // of a result
};

// Blocks, which are known by number and charged to accounts.
class Store {
public:
  static constexpr uint32_t blockBytes = 128;

  Store(uint32_t accounts, uint32_t blocksEach);

  // A block of an account; noBlock when it has no more.
  uint32_t take(uint32_t account);
  void give(uint32_t account, uint32_t block);
  uint32_t left(uint32_t account) const { return share - held[account]; }
  uint32_t heldBy(uint32_t account) const { return held[account]; }
  // How many have ever been in use at once.
  uint32_t most() const { return made; }

  // A message for this call, without text.
  uint32_t add(const Call& call);
  Message& operator[](uint32_t block) { return *reinterpret_cast<Message*>(at(block)); }
  // Sets the text of one that has none. False: there is no room, and it has none.
  bool fill(Message& message, Text text);
  void empty(Message& message);
  // False: it does not fit.
  bool copy(const Message& message, Writer& to);
  // Gives all of its blocks back.
  void remove(uint32_t block);

private:
  char* at(uint32_t block) { return pieces[block / blocksInPiece] + block % blocksInPiece * blockBytes; }
  // The first four bytes of a block of `rest`, or a free one: the next.
  uint32_t& nextOf(uint32_t block) { return *reinterpret_cast<uint32_t*>(at(block)); }

  static constexpr uint32_t blocksInPiece = 512;
  static constexpr uint32_t inFirst = blockBytes - sizeof(Message), inRest = blockBytes - sizeof(uint32_t);
  static_assert(sizeof(Message) == 80, "the figures above, and in docs/parigot.md");

  List<char*> pieces;
  List<uint32_t> held; // by accounts, in blocks
  uint32_t share;
  uint32_t free = noBlock; // the first of a list
  uint32_t made = 0;       // so many have been in use
};

// Messages in a row, first in, first out.
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
