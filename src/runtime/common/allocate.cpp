#include "allocate.h"

#include <string.h>

#include "fail.h"

extern "C" char __heap_base; // defined by wasm-ld: the end of the stack and the static data

namespace runtime {

namespace {

struct Header {
  uint32_t sizeClass; // `large` for a large block
  uint32_t pages;     // the size of a large block; not used for others
};

struct FreeBlock {
  FreeBlock* next;
};

// A free run of pages. This structure is in the run's own first bytes.
struct FreeRun {
  FreeRun* next; // the next free run in memory
  uint32_t pages;
};

constexpr uint32_t pageSize = 1024;
constexpr uint32_t wasmPageSize = 65536;
constexpr uint32_t largestSmall = 4096; // bytes, header included
constexpr uint32_t large = UINT32_MAX;

// Size classes are multiples of 16 bytes up to 128, then four sizes in each power of two.
constexpr uint32_t linearClasses = 8;
constexpr uint32_t classCount = linearClasses + 4 * 5;

uint32_t classOf(uint32_t size) {
  if (size <= 16 * linearClasses) {
    return (size + 15) / 16 - 1;
  }
  uint32_t power = 31 - uint32_t(__builtin_clz(size - 1));
  return linearClasses + (power - 7) * 4 + ((size - 1) >> (power - 2) & 3);
}

uint32_t sizeOfClass(uint32_t sizeClass) {
  if (sizeClass < linearClasses) {
    return (sizeClass + 1) * 16;
  }
  uint32_t power = 7 + (sizeClass - linearClasses) / 4;
  return (5 + (sizeClass - linearClasses) % 4) << (power - 2);
}

FreeBlock* freeBlocks[classCount];
char *blocksAt, *blocksEnd; // the piece of memory that new small blocks are cut from
FreeRun* freeRuns;          // in order of address
uintptr_t heapEnd;          // 0 before the first allocation

void freeRun(char* start, uint32_t pages) {
  FreeRun** link = &freeRuns;
  FreeRun* before = nullptr;
  while (*link && reinterpret_cast<char*>(*link) < start) {
    before = *link;
    link = &before->next;
  }
  auto* run = reinterpret_cast<FreeRun*>(start);
  run->next = *link;
  run->pages = pages;
  *link = run;
  if (run->next && start + pages * pageSize == reinterpret_cast<char*>(run->next)) {
    run->pages += run->next->pages;
    run->next = run->next->next;
  }
  if (before && reinterpret_cast<char*>(before) + before->pages * pageSize == start) {
    before->pages += run->pages;
    before->next = run->next;
  }
}

// Makes free runs with room for `pages` pages at the end of memory. Grows memory by an eighth of its size more if the
// host allows that, so that it grows seldom. False: the host gives no more memory.
bool growHeap(uint32_t pages) {
  if (!heapEnd) {
    uintptr_t start = (uintptr_t(&__heap_base) + pageSize - 1) / pageSize * pageSize;
    heapEnd = uintptr_t(__builtin_wasm_memory_size(0)) * wasmPageSize;
    uint32_t there = heapEnd > start ? uint32_t(heapEnd - start) / pageSize : 0;
    if (there) {
      freeRun(reinterpret_cast<char*>(start), there);
    }
    if (there >= pages) {
      return true;
    }
  }
  constexpr uint32_t pagesAtATime = wasmPageSize / pageSize;
  uint32_t needed = (pages + pagesAtATime - 1) / pagesAtATime;
  uint32_t more = needed + uint32_t(heapEnd / wasmPageSize / 8);
  size_t at = __builtin_wasm_memory_grow(0, more);
  if (at == SIZE_MAX) {
    more = needed;
    at = __builtin_wasm_memory_grow(0, more);
  }
  if (at == SIZE_MAX) {
    return false;
  }
  freeRun(reinterpret_cast<char*>(at * wasmPageSize), more * pagesAtATime);
  heapEnd = (at + more) * wasmPageSize;
  return true;
}

// Takes a run of `pages` pages. Null: there is no more memory.
char* takeRun(uint32_t pages) {
  while (true) {
    for (auto** link = &freeRuns; *link; link = &(*link)->next) {
      auto* run = *link;
      if (run->pages >= pages) {
        // Takes the end of the run, so that the rest keeps its place in the list.
        run->pages -= pages;
        if (run->pages == 0) {
          *link = run->next;
        }
        return reinterpret_cast<char*>(run) + run->pages * pageSize;
      }
    }
    if (!growHeap(pages)) {
      return nullptr;
    }
  }
}

// Takes a small block of a size class. Null: there is no more memory.
Header* takeBlock(uint32_t sizeClass) {
  if (auto* block = freeBlocks[sizeClass]) {
    freeBlocks[sizeClass] = block->next;
    return reinterpret_cast<Header*>(block);
  }
  uint32_t size = sizeOfClass(sizeClass);
  if (uint32_t(blocksEnd - blocksAt) < size) {
    // The rest of the last piece becomes free blocks of smaller classes.
    while (blocksEnd - blocksAt >= 16) {
      uint32_t fits = classOf(uint32_t(blocksEnd - blocksAt));
      fits -= sizeOfClass(fits) > uint32_t(blocksEnd - blocksAt);
      auto* block = reinterpret_cast<FreeBlock*>(blocksAt);
      block->next = freeBlocks[fits];
      freeBlocks[fits] = block;
      blocksAt += sizeOfClass(fits);
    }
    auto* piece = takeRun(wasmPageSize / pageSize);
    if (!piece) {
      return nullptr;
    }
    blocksAt = piece;
    blocksEnd = blocksAt + wasmPageSize;
  }
  auto* block = reinterpret_cast<Header*>(blocksAt);
  blocksAt += size;
  return block;
}

uint32_t pagesFor(uint64_t size) { return uint32_t((size + sizeof(Header) + pageSize - 1) / pageSize); }

} // namespace

void* allocateIfPossible(uint64_t size) {
  if (size > UINT32_MAX - 2 * wasmPageSize) {
    return nullptr;
  }
  bool isSmall = size + sizeof(Header) <= largestSmall;
  uint32_t sizeClass = isSmall ? classOf(uint32_t(size + sizeof(Header))) : large;
  uint32_t pages = pagesFor(size);
  auto* header = isSmall ? takeBlock(sizeClass) : reinterpret_cast<Header*>(takeRun(pages));
  if (!header) {
    return nullptr;
  }
  header->sizeClass = sizeClass;
  if (!isSmall) {
    header->pages = pages;
  }
  return header + 1;
}

void* allocate(uint64_t size) {
  auto* memory = allocateIfPossible(size);
  if (!memory) {
    fail("out of memory");
  }
  return memory;
}

void release(void* old) {
  if (!old) {
    return;
  }
  auto* header = static_cast<Header*>(old) - 1;
  if (header->sizeClass == large) {
    freeRun(reinterpret_cast<char*>(header), header->pages);
    return;
  }
  uint32_t sizeClass = header->sizeClass;
  auto* block = reinterpret_cast<FreeBlock*>(header);
  block->next = freeBlocks[sizeClass];
  freeBlocks[sizeClass] = block;
}

void* reallocate(void* old, uint64_t size) {
  if (!old) {
    return allocate(size);
  }
  auto* header = static_cast<Header*>(old) - 1;
  bool wasLarge = header->sizeClass == large;
  bool isLarge = size + sizeof(Header) > largestSmall;
  uint64_t room = wasLarge ? uint64_t(header->pages) * pageSize : sizeOfClass(header->sizeClass);
  room -= sizeof(Header);
  if (wasLarge && isLarge && size <= room) {
    uint32_t pages = pagesFor(size);
    if (pages < header->pages) {
      freeRun(reinterpret_cast<char*>(header) + pages * pageSize, header->pages - pages);
      header->pages = pages;
    }
    return old;
  }
  if (!wasLarge && !isLarge && classOf(uint32_t(size + sizeof(Header))) == header->sizeClass) {
    return old;
  }
  void* result = allocate(size);
  memcpy(result, old, size_t(size < room ? size : room));
  release(old);
  return result;
}

} // namespace runtime
