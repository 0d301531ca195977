//
// Packs the data segments of a sealed world where that is shorter.
//
//   wasm-opt --load-pass libparigot-passes.so sealed.wasm
//     -O2 --pack-data -o one.wasm
//
// Go's linker writes one active segment for every stretch of bytes between zeros:
// 30,000 of a program that prints a line, most of them a few bytes long, with 8
// or 9 bytes of head each. Engines accept 100,000 segments in a module, so in a
// world of four and more such services MergeWorld fills gaps between segments by
// zeros, which takes even more bytes. This pass takes the segments out, and puts
// their bytes into one passive segment for each memory, with two bytes of head
// for each stretch (src/ir/pack_data.h has the form). When the world is
// instantiated, a function writes them into the memory:
//
//  (data (i32.const 4096) "hello")        (data $world/packed_data
//  (data (i32.const 4122) "a")             "\00\05hello\15\01a..")
//  (data (i32.const 4141) "b")       =>   (start $world/write_data)
//   .. 30,000 more                        (func $world/write_data
//                                          (call $world/unpack_data
//                                           (i32.const 4096) (i32.const 919000)
//                                           (i32.const 0) (i32.const 480000))
//                                          (data.drop $world/packed_data))
//
// - That function runs before anything else of the world: if the world has a start
//   function already, it becomes the last that a new one calls.
// - The bytes are expanded in place, without memory of their own.
// - Bytes that are far from all others, or long, stay an active segment where that
//   is shorter.
// - A memory is left as it is if it is imported, shared or 64-bit; if one of its
//   active segments has an offset that only the host knows, ends beyond the memory,
//   overlaps another, or is named by code; and if packing saves less than 16 KiB:
//   C programs keep their segments.
// - In an isolated world, the functions that the pass adds become gates of the kind
//   `data`. The verifier trusts them, and proves that they run at the start only.
//
// This pass comes after all optimisations, which would see nothing of what
// memories hold at first: memory-packing, for one, would find no segment. Linear.
//

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "ir/data_segments.h"
#include "ir/function_builder.h"
#include "ir/limits.h"
#include "ir/names.h"
#include "ir/pack_data.h"
#include "ir/unpack_function.h"
#include "passes/passes.h"
#include "passes/pipeline.h"
#include "wasm-traversal.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

// Packing has to save so many bytes of a memory's segments. The functions take 400.
constexpr uint64_t leastSaved = 16 << 10;

using Segments = std::vector<const DataSegment*>;

uint64_t beginOf(const DataSegment& segment) { return segment.offset->cast<Const>()->value.getUnsigned(); }

// The active segments of each memory, as they come.
std::unordered_map<Name, Segments> activeSegments(const Module& module) {
  std::unordered_map<Name, Segments> segments;
  for (auto& segment : module.dataSegments) {
    if (segment->isActive()) {
      segments[segment->memory].push_back(segment.get());
    }
  }
  return segments;
}

// The active segments of a memory, in ascending order; none if they have to stay as they are.
Segments packable(Memory& memory, Segments segments) {
  if (memory.imported() || memory.shared || memory.is64() ||
      !std::all_of(
        segments.begin(), segments.end(), [](const DataSegment* segment) { return segment->offset->is<Const>(); })) {
    return {};
  }
  std::stable_sort(segments.begin(), segments.end(), [](auto* a, auto* b) { return beginOf(*a) < beginOf(*b); });
  // The bytes end below 4 GiB, so that their end is a number of 32 bits.
  auto least = std::min<uint64_t>(memory.initial * wasmPageBytes, addressableBytes - 1);
  uint64_t end = 0;
  for (auto* segment : segments) {
    if (beginOf(*segment) < end || beginOf(*segment) + segment->data.size() > least) {
      return {};
    }
    end = beginOf(*segment) + segment->data.size();
  }
  return segments;
}

class PackData : public Pass {
public:
  explicit PackData(std::unordered_set<Name> plain) : plain(std::move(plain)) {}

  void run(Module* module_) override {
    module = module_;
    world = readWorldAt(*module, Stage::Sealed);
    auto active = activeSegments(*module);
    for (auto& memory : module->memories) {
      auto segments = packable(*memory, std::move(active[memory->name]));
      auto packed = packData(segments);
      if (packed.bytesBefore >= packed.bytesAfter + leastSaved && !isNamed(segments)) {
        replaced.insert(segments.begin(), segments.end());
        add(memory->name, packed);
      }
    }
    if (writer) {
      finish();
    }
  }

private:
  std::unordered_set<Name> plain; // functions that name no segment
  Module* module = nullptr;
  World world;
  std::optional<std::unordered_set<Name>> named;
  std::optional<FunctionBuilder> writer;
  std::unordered_set<const DataSegment*> replaced;

  bool isNamed(const Segments& segments) {
    if (!named) {
      named = findNamedSegments(*module, plain);
    }
    return std::any_of(segments.begin(), segments.end(), [&](auto* segment) { return named->contains(segment->name); });
  }

  Name functionName(const std::string& wanted) { return Names::getValidFunctionName(*module, wanted); }

  void add(Name memory, PackedData& packed) {
    Builder builder(*module);
    for (auto& run : packed.plain) {
      addSegment("world/data", memory, builder.makeConst(int32_t(run.begin)), std::move(run.bytes));
    }
    auto stream = addSegment("world/packed_data", Name(), nullptr, std::move(packed.stream));
    if (!writer) {
      writer.emplace(*module, functionName("world/write_data"), Signature(Type::none, Type::none));
    }
    auto unpack = functionName("world/unpack_data");
    addUnpackFunction(*module, unpack, memory, stream);
    noteGate(unpack, memory);
    for (auto& chunk : packed.chunks) {
      auto number = [&](uint32_t value) { return writer->number(value); };
      writer->add(
        writer->call(unpack, {number(chunk.begin), number(chunk.end), number(chunk.offset), number(chunk.size)}));
    }
    writer->add(builder.makeDataDrop(stream));
  }

  Name addSegment(const std::string& wanted, Name memory, Expression* offset, std::vector<char> data) {
    auto name = Names::getValidDataSegmentName(*module, wanted);
    auto segment = std::make_unique<DataSegment>();
    segment->name = name;
    segment->memory = memory;
    segment->offset = offset;
    segment->data = std::move(data);
    module->addDataSegment(std::move(segment));
    return name;
  }

  // An empty name: of all memories.
  void noteGate(Name function, Name memory) {
    std::vector<std::string> services;
    for (auto& service : world.services) {
      auto* item = module->getExportOrNull(memoryExport(service.name));
      bool isIts = world.layout == Layout::Single || !memory || (item && *item->getInternalName() == memory);
      if (service.hasMemory && isIts) {
        services.push_back(service.name);
      }
    }
    world.addGate({WorldGate::Kind::Data, function.toString(), "", std::move(services)});
  }

  void finish() {
    std::erase_if(module->dataSegments, [&](auto& segment) { return replaced.contains(segment.get()); });
    module->updateDataSegmentsMap();
    writer->finish();
    Name write = writer->function->name;
    noteGate(write, Name());
    if (module->start.is()) {
      startWith(write);
    } else {
      module->start = write;
    }
    module->features |= FeatureSet(FeatureSet::BulkMemory) | FeatureSet(FeatureSet::BulkMemoryOpt);
    writeWorld(*module, world);
  }

  void startWith(Name write) {
    FunctionBuilder code(*module, functionName("world/start_with_data"), Signature(Type::none, Type::none));
    auto before = module->start;
    code.add(code.call(write, {}));
    code.add(code.call(before, {}));
    code.finish();
    module->start = code.function->name;
    bool isWorlds = std::any_of(world.gates.begin(), world.gates.end(), [&](auto& gate) {
      return gate.kind == WorldGate::Kind::World && before == gate.function;
    });
    if (isWorlds) {
      world.addGate({WorldGate::Kind::World, module->start.toString(), ""});
    }
  }
};

} // namespace

std::unique_ptr<Pass> createPackDataPass(std::unordered_set<Name> plain) {
  return std::make_unique<PackData>(std::move(plain));
}

} // namespace parigot
