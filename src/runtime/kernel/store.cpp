#include "store.h"

namespace kernel {

// Memory for everything else: the kernel object, tables that grow with the processes, lists while a request is served.
constexpr uint64_t ownBytes = 256 << 10, ownBytesOfProcess = 1 << 10, bytesOfLine = 16;
constexpr uint64_t mostNameBytes = 1 << 20;

Limits Limits::of(uint64_t heapBytes, uint32_t arenaBytes, uint32_t processes, uint32_t accounts) {
  uint64_t own = ownBytes + processes * (ownBytesOfProcess + accounts * bytesOfLine);
  uint64_t share = heapBytes > own ? (heapBytes - own) / accounts : 0;
  uint64_t names = share / 8 < mostNameBytes ? share / 8 : mostNameBytes;
  Limits limits;
  limits.nameBytes = uint32_t(names);
  limits.blocks = uint32_t((share - names) / blockCost);
  limits.nestedBytes = arenaBytes / 64;
  return limits;
}

Store::Store(uint32_t accounts, uint32_t blocksEach) : share(blocksEach) { held.resize(accounts); }

uint32_t Store::take(uint32_t account) {
  if (held[account] == share) {
    return noBlock;
  }
  held[account]++;
  if (free != noBlock) {
    uint32_t block = free;
    free = nextOf(block);
    return block;
  }
  if (made % blocksInPiece == 0) {
    pieces.push(static_cast<char*>(reallocate(nullptr, uint64_t(blocksInPiece) * blockBytes)));
  }
  return made++;
}

void Store::give(uint32_t account, uint32_t block) {
  held[account]--;
  nextOf(block) = free;
  free = block;
}

uint32_t Store::add(const Call& call) {
  uint32_t block = take(call.caller);
  if (block != noBlock) {
    auto* message = new (at(block)) Message;
    static_cast<Call&>(*message) = call;
  }
  return block;
}

bool Store::fill(Message& message, Text text, Text more) {
  uint64_t size = uint64_t(text.size) + more.size;
  uint64_t blocks = size > inFirst ? (size - inFirst + inRest - 1) / inRest : 0;
  if (size > UINT16_MAX || blocks > left(message.caller)) {
    return false;
  }
  message.size = uint16_t(size);
  auto* to = reinterpret_cast<char*>(&message + 1);
  uint32_t room = inFirst;
  auto* link = &message.rest;
  const Text pieces[] = {text, more};
  for (Text piece : pieces) {
    while (piece.size) {
      if (!room) {
        uint32_t block = take(message.caller);
        *link = block;
        link = &nextOf(block);
        *link = noBlock;
        to = reinterpret_cast<char*>(link + 1);
        room = inRest;
      }
      uint32_t now = piece.size < room ? piece.size : room;
      memcpy(to, piece.data, now);
      to += now;
      room -= now;
      piece = piece.from(now);
    }
  }
  return true;
}

void Store::empty(Message& message) {
  while (message.rest != noBlock) {
    uint32_t block = message.rest;
    message.rest = nextOf(block);
    give(message.caller, block);
  }
  message.size = 0;
  message.whole = message.bundled = message.tooLarge = false;
}

bool Store::copy(const Message& message, Writer& to) {
  uint32_t left = message.size;
  uint32_t now = left < inFirst ? left : inFirst;
  bool fits = to.whole({reinterpret_cast<const char*>(&message + 1), now});
  for (uint32_t block = message.rest; fits && block != noBlock; block = nextOf(block)) {
    left -= now;
    now = left < inRest ? left : inRest;
    fits = to.whole({at(block) + sizeof(uint32_t), now});
  }
  return fits;
}

void Store::remove(uint32_t block) {
  auto& message = (*this)[block];
  empty(message);
  give(message.caller, block);
}

} // namespace kernel
