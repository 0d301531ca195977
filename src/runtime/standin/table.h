// The table of a stand-in: what it answers to which request.
//
// parigot-opt writes the table into the memory of the module when it winds a world (src/merge/stand_in_table.cpp), with
// these structures as wasm32 lays them out: pointers are addresses in this memory. It lies at the end of the memory, so
// nothing here may use the allocator of runtime modules, which takes all memory behind the static data.

#ifndef parigot_runtime_standin_table_h
#define parigot_runtime_standin_table_h

#include "../common/text.h"

namespace standin {

using runtime::Text;

struct Reply {
  Text bytes; // of the ABIs parigot and bytes, and the message of a process
  Text type;  // the type of that message; empty: unknown
  uint32_t error;
  uint32_t unused;
  uint64_t after;  // nanoseconds
  uint64_t number; // of the ABI scalar: the bits of the result
};

// The replies to one kind of request, in the order in which they are given. The last is given again.
struct Group {
  Text request;
  Reply* replies;
  uint32_t count;
  uint32_t next;
};

struct Method {
  Text name;
  Group* exact; // for one request each, sorted by its bytes
  uint32_t exactCount;
  Group* prefixes; // for requests that begin so, the longest first
  uint32_t prefixCount;
  uint64_t idHigh, idLow; // of a process: the kernel's id of the method
};

struct Name {
  Text package, service;
};

struct Table {
  Text service; // its name in the world
  Method* methods;
  uint32_t methodCount;
  Name* names; // those that the process exports
  uint32_t nameCount;
  uint32_t traps; // whether a call without a reply is a trap
  uint32_t error; // otherwise this is its error
  Text recording; // the file that the replies are from; empty: none
};

// Defined by parigot-opt.
__attribute__((import_module("standin"), import_name("table"))) Table* table();

// The reply to a request, after the time that it takes. Null: there is none, and standard error says what was asked and
// which recorded request is the nearest. Does not return if the stand-in traps.
const Reply* answer(uint32_t method, Text request);

} // namespace standin

#endif // parigot_runtime_standin_table_h
