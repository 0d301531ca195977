//
// Gives the address spaces of a world their place in one memory.
//
//   wasm-opt --load-pass libparigot-passes.so adapted.wasm
//     --place-memories -o placed.wasm
//
// In layout `single` the service with base B has the bytes [B, B + R) of the
// one memory, which is declared at its full size from the start and never
// grows: engines commit memory lazily.
//
//  (memory $greet/0 2)                     (memory $memory 8192 8192)
//  (i32.load offset=8                      (i32.load offset=8
//   (local.get $p))                         (i32.add (local.get $p)
//                                            (i32.const 268435456)))
//  (i32.store (i32.const 1024) ..)   =>    (i32.store
//                                           (i32.const 268436480) ..)
//  (memory.fill (local.get $p) ..)         (memory.fill
//                                           (i32.add (local.get $p)
//                                            (i32.const 268435456)) ..)
//  (memory.size)                           (global.get $greet/memory.pages)
//  (memory.grow (i32.const 1))             (call $greet/memory.grow
//                                           (i32.const 1))
//
// - The base is added to the address. With --pass-arg=fold-bases it goes into
//   the offset immediate instead:
//
//    (i32.load offset=268435464 (local.get $p))
//
//   That is less code, as fast on V8, and slower on wasmtime: with default
//   settings it omits bounds checks for offsets up to 32 MiB only (its
//   memory_guard_size). `scripts/bench.sh compute` measures both.
// - An access that could only have trapped alone, since its offset is beyond
//   all that the service can ever have, becomes a trap.
// - Size and growth are virtual: a counter for each service, which can grow to
//   the region less the arena. Other services, and adapters, never move it.
// - Active segments move by the base too.
// - All exports of memories become one: `memory`, and the names under which the
//   main service exports its own.
//
// Without bounds checks an address beyond a service's size reads or writes the
// space behind it instead of trapping.
//
// Which instructions touch memory is taken from Binaryen's delegation tables:
// an instruction with a memory that this file does not know is a compile error,
// not a wrong address. Linear; functions are rewritten in parallel.
//

#include <unordered_map>

#include "ir/drop.h"
#include "ir/names.h"
#include "ir/utils.h"
#include "memory/regions.h"
#include "passes/passes.h"
#include "wasm-builder.h"
#include "wasm-traversal.h"
#include "world/features.h"
#include "world/world.h"

namespace parigot {

using namespace wasm;

namespace {

// What a memory of the n-memory form becomes.
struct Place {
  Region region;
  Name pages; // the global that counts the service's pages
  Name grow;  // the function for memory.grow
};
using Places = std::unordered_map<Name, Place>;

// Loads, stores and the like: an address and a constant offset.
template<typename T>
concept HasOffsetAddress = requires(T* curr) {
  { curr->ptr } -> std::convertible_to<Expression*>;
  { curr->offset } -> std::convertible_to<Address>;
  { curr->memory } -> std::convertible_to<Name>;
};

struct Placer : public WalkerPass<PostWalker<Placer, UnifiedExpressionVisitor<Placer>>> {
  const Places& places;
  Name memory;
  bool foldBases;
  bool refinalize = false;

  Placer(const Places& places, Name memory, bool foldBases) : places(places), memory(memory), foldBases(foldBases) {}

  bool isFunctionParallel() override { return true; }
  std::unique_ptr<Pass> create() override { return std::make_unique<Placer>(places, memory, foldBases); }

  void visitExpression(Expression* curr) {
    switch (curr->_id) {
// The first field that names a memory hands the instruction to place(); those
// with two of them are dealt with there as well.
#define DELEGATE_FIELD_MAIN_START
#define DELEGATE_FIELD_CASE_START(id)                                                                                  \
  case Expression::id##Id: {                                                                                           \
    [[maybe_unused]] auto* cast = curr->cast<id>();
#define DELEGATE_FIELD_CASE_END(id)                                                                                    \
  break;                                                                                                               \
  }
#define DELEGATE_FIELD_MAIN_END
#define DELEGATE_FIELD_TYPE(id, field)
#define DELEGATE_FIELD_TYPE_VECTOR(id, field)
#define DELEGATE_FIELD_HEAPTYPE(id, field)
#define DELEGATE_FIELD_CHILD(id, field)
#define DELEGATE_FIELD_CHILD_VECTOR(id, field)
#define DELEGATE_FIELD_OPTIONAL_CHILD(id, field)
#define DELEGATE_FIELD_INT(id, field)
#define DELEGATE_FIELD_INT_ARRAY(id, field)
#define DELEGATE_FIELD_INT_VECTOR(id, field)
#define DELEGATE_FIELD_LITERAL(id, field)
#define DELEGATE_FIELD_NAME(id, field)
#define DELEGATE_FIELD_NAME_VECTOR(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_DEF(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE(id, field)
#define DELEGATE_FIELD_SCOPE_NAME_USE_VECTOR(id, field)
#define DELEGATE_FIELD_ADDRESS(id, field)
#define DELEGATE_FIELD_NAME_KIND(id, field, kind)                                                                      \
  if (placeIf<kind>(cast, cast->field)) {                                                                              \
    return;                                                                                                            \
  }
#define DELEGATE_FIELD_NAME_KIND_VECTOR(id, field, kind) static_assert(kind != ModuleItemKind::Memory);

#include "wasm-delegations-fields.def"
      default:
        break;
    }
  }

  // Whether `name` is a memory that was placed, and the instruction with it.
  template<ModuleItemKind kind, typename T> bool placeIf(T* curr, Name name) {
    if constexpr (kind == ModuleItemKind::Memory) {
      if (places.count(name)) {
        place(curr);
        return true;
      }
    }
    return false;
  }

  template<typename T> void place(T* curr) {
    static_assert(HasOffsetAddress<T>, "an instruction with a memory that place() does not know");
    auto from = curr->memory;
    auto& region = places.at(from).region;
    curr->memory = memory;
    auto* constant = curr->ptr->template dynCast<Const>();
    uint64_t offset = curr->offset;
    if (constant) {
      offset += constant->value.getUnsigned();
    }
    if (offset >= region.bytes) {
      replaceCurrent(getDroppedChildrenAndAppend(
        curr, *getModule(), getPassOptions(), Builder(*getModule()).makeUnreachable(), DropMode::IgnoreParentEffects));
      refinalize = true;
      return;
    }
    if (!foldBases) {
      curr->ptr = moved(curr->ptr, from);
    } else if (region.base != 0) {
      // A constant address goes into the offset too.
      if (constant) {
        constant->value = Literal(int32_t(0));
      }
      curr->offset = offset + region.base;
    }
  }

  void place(MemoryCopy* curr) {
    curr->dest = moved(curr->dest, curr->destMemory);
    curr->source = moved(curr->source, curr->sourceMemory);
    curr->destMemory = curr->sourceMemory = memory;
  }

  void place(MemoryFill* curr) {
    curr->dest = moved(curr->dest, curr->memory);
    curr->memory = memory;
  }

  void place(MemoryInit* curr) {
    curr->dest = moved(curr->dest, curr->memory);
    curr->memory = memory;
  }

  void place(MemorySize* curr) {
    replaceCurrent(Builder(*getModule()).makeGlobalGet(places.at(curr->memory).pages, Type::i32));
  }

  void place(MemoryGrow* curr) {
    replaceCurrent(Builder(*getModule()).makeCall(places.at(curr->memory).grow, {curr->delta}, curr->type));
  }

  Expression* moved(Expression* address, Name from) {
    auto found = places.find(from);
    if (found == places.end() || found->second.region.base == 0 || address->type == Type::unreachable) {
      return address;
    }
    auto base = uint32_t(found->second.region.base);
    if (auto* constant = address->dynCast<Const>()) {
      constant->value = constant->value.add(Literal(int32_t(base)));
      return constant;
    }
    Builder builder(*getModule());
    return builder.makeBinary(AddInt32, address, builder.makeConst(int32_t(base)));
  }

  void doWalkFunction(Function* function) {
    refinalize = false;
    walk(function->body);
    if (refinalize) {
      ReFinalize().walkFunctionInModule(function, getModule());
    }
  }
};

class PlaceMemories : public Pass {
public:
  void run(Module* module_) override {
    module = module_;
    world = valueOrThrow(readWorld(*module, Stage::Adapted));
    if (world.layout == Layout::Multi) {
      throw PassError("place-memories: the layout \"multi\" is not supported "
                      "yet; use memory = \"single\" in [world]");
    }
    if (totalBytes(world) > 0) {
      place();
    }
    world.stage = Stage::Placed;
    writeWorld(*module, world);
  }

private:
  Module* module = nullptr;
  World world;

  void place() {
    Places places;
    for (auto& service : world.services) {
      if (service.hasMemory) {
        auto name = *module->getExport(memoryExport(service.name))->getInternalName();
        places[name] = addPlace(service);
      }
    }
    auto one = Names::getValidName("memory", [&](Name name) { return !module->getMemoryOrNull(name); });
    Placer placer(places, one, hasArgument("fold-bases"));
    PassRunner runner(module, getPassOptions());
    placer.run(&runner, module);
    moveSegments(places, one);
    exportMemory(one);

    module->removeMemories([&](Memory* memory) { return places.count(memory->name) > 0; });
    auto pages = totalBytes(world) / wasmPageBytes;
    auto memory = Builder::makeMemory(one, pages, pages);
    memory->hasExplicitName = true;
    module->addMemory(std::move(memory));
    module->features.disable(FeatureSet::MultiMemory);
  }

  // The page counter and memory.grow of one service.
  Place addPlace(const WorldService& service) {
    Builder builder(*module);
    Place place{service.region, scopedName(service.name, "memory.pages"), scopedName(service.name, "memory.grow")};
    place.pages = Names::getValidGlobalName(*module, place.pages);
    place.grow = Names::getValidFunctionName(*module, place.grow);
    auto* pages = module->addGlobal(
      builder.makeGlobal(place.pages, Type::i32, builder.makeConst(int32_t(service.initialPages)), Builder::Mutable));
    pages->hasExplicitName = true;

    // if (delta > most - pages) return -1; pages += delta; return what it was
    uint32_t most = std::min<uint64_t>(service.maxPages, service.region.serviceBytes() / wasmPageBytes);
    constexpr Index delta = 0, before = 1;
    auto get = [&](Index local) { return builder.makeLocalGet(local, Type::i32); };
    auto* body = builder.makeBlock(
      {builder.makeLocalSet(before, builder.makeGlobalGet(place.pages, Type::i32)),
       builder.makeIf(builder.makeBinary(GtUInt32,
                                         get(delta),
                                         builder.makeBinary(SubInt32, builder.makeConst(int32_t(most)), get(before))),
                      builder.makeReturn(builder.makeConst(int32_t(-1)))),
       builder.makeGlobalSet(place.pages, builder.makeBinary(AddInt32, get(before), get(delta))),
       get(before)},
      Type::i32);
    auto* grow =
      module->addFunction(builder.makeFunction(place.grow, Signature(Type::i32, Type::i32), {Type::i32}, body));
    grow->hasExplicitName = true;
    return place;
  }

  void moveSegments(const Places& places, Name one) {
    Builder builder(*module);
    for (auto& segment : module->dataSegments) {
      auto found = places.find(segment->memory);
      if (found == places.end()) {
        continue;
      }
      segment->memory = one;
      auto base = uint32_t(found->second.region.base);
      if (base == 0) {
        continue;
      }
      if (auto* constant = segment->offset->dynCast<Const>()) {
        constant->value = constant->value.add(Literal(int32_t(base)));
      } else {
        segment->offset = builder.makeBinary(AddInt32, segment->offset, builder.makeConst(int32_t(base)));
        module->features |= FeatureSet(FeatureSet::ExtendedConst);
      }
    }
  }

  void exportMemory(Name one) {
    auto* main = world.find(world.main);
    std::vector<std::string> names{"memory"};
    for (auto& item : main->exports) {
      if (item.kind == "memory" && item.name != "memory") {
        names.push_back(item.name);
      }
    }
    module->removeExports([](Export* item) { return item->kind == ExternalKind::Memory; });
    for (auto& name : names) {
      if (module->getExportOrNull(name)) {
        throw PassError(main->quoted() + " exports something else as '" + name +
                        "', and hosts look for the memory under that name");
      }
      module->addExport(Builder::makeExport(name, one, ExternalKind::Memory));
    }
  }
};

} // namespace

std::unique_ptr<Pass> createPlaceMemoriesPass() { return std::make_unique<PlaceMemories>(); }

} // namespace parigot
