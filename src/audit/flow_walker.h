// Follows the code of a function in order, with what is known at each point.
//
// The walker keeps a FlowState. It saves the state where a branch leaves, and merges states where two ways meet. It
// handles control flow only; subclasses say what instructions do to the state.
//
// Go's functions have a special control flow. Each has one br_table on local 0, the number of a block, and all blocks
// nest around it. A jump sets local 0 and branches to the loop around the br_table. A goroutine that is resumed enters
// the function with local 0 set. So a block of Go begins after the end of each wasm block that the br_table targets. At
// its begin this is known:
//
//   (block $two (block $one (block $zero
//     (br_table $zero $one $two (local.get 0)))
//     ... block 0 ...        SP and the inputs
//     ) ... block 1 ...      code falls into it, or is resumed at it: what is known at the end of block 0, no locals
//   ) ... block 2 ...        code jumps to it: SP, and the inputs that no code before it has written to
//
// The walker visits no instruction twice. So at the head of a loop it knows only what no loop of the function changes.

#ifndef parigot_audit_flow_walker_h
#define parigot_audit_flow_walker_h

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "audit/evaluator.h"
#include "audit/flow_state.h"
#include "audit/prescan.h"
#include "ir/branch-utils.h"
#include "wasm-traversal.h"

namespace parigot::gojs {

template<typename SubType> class FlowWalker : public wasm::PostWalker<SubType> {
protected:
  using Expression = wasm::Expression;
  using Name = wasm::Name;

public:
  static void scan(SubType* self, Expression** currp) {
    switch ((*currp)->_id) {
      case Expression::BlockId:
        self->pushTask(doEndBlock, currp);
        break;
      case Expression::LoopId:
        wasm::PostWalker<SubType>::scan(self, currp);
        self->pushTask(doBeginLoop, currp);
        return;
      case Expression::IfId: {
        auto* curr = (*currp)->cast<wasm::If>();
        self->pushTask(doEndIf, currp);
        self->maybePushTask(SubType::scan, &curr->ifFalse);
        self->pushTask(doBeginElse, currp);
        self->pushTask(SubType::scan, &curr->ifTrue);
        self->pushTask(doBeginThen, currp);
        self->pushTask(SubType::scan, &curr->condition);
        return;
      }
      case Expression::TryId: {
        // Neither Go nor TinyGo has exceptions.
        auto* curr = (*currp)->cast<wasm::Try>();
        self->pushTask(doForgetAll, currp);
        for (auto i = curr->catchBodies.size(); i--;) {
          self->pushTask(SubType::scan, &curr->catchBodies[i]);
          self->pushTask(doForgetAll, currp);
        }
        self->pushTask(SubType::scan, &curr->body);
        return;
      }
      case Expression::TryTableId:
      case Expression::BrOnId:
      case Expression::ResumeId:
      case Expression::ResumeThrowId:
        wasm::PostWalker<SubType>::scan(self, currp);
        self->pushTask(doBranchAnywhere, currp);
        return;
      default:
        break;
    }
    wasm::PostWalker<SubType>::scan(self, currp);
  }

  void visitBreak(wasm::Break* curr) {
    auto condition = curr->condition ? valueOf(curr->condition) : Value::constant(1);
    if (!condition.is(ValueKind::Const)) {
      branchTo(curr->name);
    } else if (condition.bits) {
      branchTo(curr->name);
      state.live = false;
    }
  }
  // All branches to the loop's label are inside of the loop, so the states that wait for it are not needed any more.
  void visitLoop(wasm::Loop* curr) { waiting.erase(curr->name); }
  void visitSwitch(wasm::Switch* curr) {
    auto* block = curr->condition->dynCast<wasm::LocalGet>();
    bool dispatch = goFunction && block && block->index == 0;
    std::unordered_set<Name> seen;
    auto visit = [&](Name target, uint32_t number) {
      if (dispatch && (prescan.jumpsAnywhere || prescan.jumps.count(number))) {
        jumpedTo.insert(target);
      }
      if (seen.insert(target).second) {
        if (dispatch) {
          dispatched.insert(target);
        } else {
          branchTo(target);
        }
      }
    };
    for (uint32_t i = 0; i < curr->targets.size(); i++) {
      visit(curr->targets[i], i);
    }
    visit(curr->default_, uint32_t(curr->targets.size()));
    state.live = false;
  }
  void visitReturn(wasm::Return*) { state.live = false; }
  void visitUnreachable(wasm::Unreachable*) { state.live = false; }
  void visitThrow(wasm::Throw*) { state.live = false; }
  void visitRethrow(wasm::Rethrow*) { state.live = false; }
  void visitThrowRef(wasm::ThrowRef*) { state.live = false; }

protected:
  FlowState state;
  Evaluator values;
  // Whether the function has Go's calling convention.
  bool goFunction = false;

  // To be called before a function is walked.
  void begin(wasm::Function* function, bool isGoFunction) {
    goFunction = isGoFunction;
    bodyDepth = 0;
    goStackLocal.reset();
    state = {};
    state.sp = Value::frame(0);
    if (!goFunction) {
      for (wasm::Index i = 0; i < function->getNumParams(); i++) {
        state.setLocal(i, Value::input(i));
      }
    }
    // Clearing a map takes time in the size that it once had, so these get new ones.
    values = {};
    waiting = {};
    dispatched = {};
    jumpedTo = {};
    ifs.clear();
    prescan = {};
    prescan.walk(function->body);
  }

  Value valueOf(const Expression* curr) const { return values.valueOf(curr); }

  void stopIf(bool stops) { state.live &= !stops; }

  // To be called at points where the stack pointer may have the value that it has in the function's body. Keeps the
  // lowest one.
  void noteBodyDepth() {
    if (goFunction && state.live && state.sp.is(ValueKind::Frame)) {
      bodyDepth = std::max(bodyDepth, -state.sp.bits);
    }
  }

private:
  // At most so many states wait for the end of a block or an if. Code that needs more, which no compiler makes, is
  // followed with nothing known.
  static constexpr size_t mostWaiting = 1024;

  // How far below the entry SP the stack pointer is in the body of a Go function, in bytes; and the local that holds
  // the stack pointer.
  int64_t bodyDepth = 0;
  std::optional<wasm::Index> goStackLocal;
  // The merged states of the branches to each label.
  std::unordered_map<Name, FlowState> waiting;
  // For each `if` around: the state that waits for its other arm, or for its end.
  std::vector<FlowState> ifs;
  // `dispatched` has the wasm blocks after whose end a block of Go begins. `jumpedTo` has those among them whose block
  // of Go is jumped to, and not only fallen into or resumed at.
  std::unordered_set<Name> dispatched, jumpedTo;
  Prescan prescan;

  // Sets the state to what is known where a block of Go begins.
  void beginGoBlock(bool isJumpedTo) {
    noteBodyDepth();
    bool fallenInto = state.live && !isJumpedTo;
    auto sp = state.live && state.sp ? state.sp : Value::frame(-bodyDepth);
    state.live = true;
    for (auto& entry : state.locals) {
      if (!goStackLocal && entry.value == state.sp) {
        goStackLocal = wasm::Index(entry.key);
      }
    }
    state.sp = sp;
    state.locals.clear();
    if (goStackLocal) {
      state.setLocal(*goStackLocal, sp);
    }
    if (!fallenInto) {
      state.forgetFrame();
      for (auto& entry : state.slots) {
        entry.value = {};
      }
    }
  }

  static void doEndBlock(SubType* self, Expression** currp) {
    auto name = (*currp)->cast<wasm::Block>()->name;
    if (!name.is()) {
      return;
    }
    if (auto found = self->waiting.find(name); found != self->waiting.end()) {
      self->state.merge(found->second);
      self->waiting.erase(found);
    }
    if (self->dispatched.count(name)) {
      self->beginGoBlock(self->jumpedTo.count(name) != 0);
    }
  }

  static void doBeginLoop(SubType* self, Expression**) {
    auto& state = self->state;
    if (self->goFunction) {
      return; // Go's code jumps only to blocks that begin where doEndBlock sees it
    }
    state.locals.eraseIf(
      [&](const FewValues::Entry& entry) { return self->prescan.locals.count(wasm::Index(entry.key)) != 0; });
    state.forgetFrame();
    if (self->prescan.globals) {
      state.sp = {};
    }
  }

  static void doBeginThen(SubType* self, Expression** currp) {
    auto condition = self->valueOf((*currp)->cast<wasm::If>()->condition);
    auto otherwise = self->state;
    if (self->ifs.size() >= mostWaiting) {
      otherwise.forgetAll();
    }
    if (condition.is(ValueKind::Const)) {
      // The condition is known. That happens only with asyncify, and where code compares constants.
      (condition.bits ? otherwise : self->state).live = false;
    }
    self->ifs.push_back(std::move(otherwise));
  }

  static void doBeginElse(SubType* self, Expression**) {
    self->noteBodyDepth();
    std::swap(self->state, self->ifs.back());
  }

  static void doEndIf(SubType* self, Expression**) {
    self->state.merge(self->ifs.back());
    self->ifs.pop_back();
  }

  void branchTo(Name target) {
    noteBodyDepth();
    if (!state.live) {
      return;
    }
    auto [found, added] = waiting.try_emplace(target, state);
    if (!added) {
      found->second.merge(state);
    } else if (waiting.size() > mostWaiting) {
      found->second.forgetAll();
    }
  }

  static void doForgetAll(SubType* self, Expression**) {
    self->state.live = true;
    self->state.forgetAll();
  }
  // For instructions that may branch from anywhere inside of them: the targets get a state in which nothing is known.
  static void doBranchAnywhere(SubType* self, Expression** currp) {
    self->state.forgetAll();
    wasm::BranchUtils::operateOnScopeNameUses(*currp, [&](Name& target) { self->branchTo(target); });
  }
};

} // namespace parigot::gojs

#endif // parigot_audit_flow_walker_h
