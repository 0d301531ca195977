#include "debug/dwarf_expressions.h"

#include "debug/byte_writer.h"
#include "debug/dwarf_input_constants.h"

namespace parigot::debug {

namespace {

class Rewriter {
public:
  Rewriter(const DwarfUnit& unit, ExpressionUse use, const ServicePlaces& service, const FunctionPlaces* function)
    : unit(unit), use(use), service(service), function(function) {}

  std::optional<Rewritten> run(std::string_view expression) {
    ByteReader in(expression);
    while (!in.atEnd()) {
      auto begin = in.at();
      auto code = in.u8();
      if (!operation(code, in) || in.failed()) {
        return {};
      }
      if (isCopied) {
        out.text(expression.substr(begin, in.at() - begin));
      }
    }
    if (in.failed() || !endPart()) {
      return {};
    }
    return Rewritten{std::move(out.bytes), late};
  }

private:
  const DwarfUnit& unit;
  const ExpressionUse use;
  const ServicePlaces& service;
  const FunctionPlaces* function;
  ByteWriter out;
  bool late = false;
  bool isCopied = false; // whether the operation stays as it is
  bool hasBase = false;  // whether the value on top of the stack has the base added
  bool isValue = false;  // whether the part is a value, not an address
  bool isEmpty = true;   // whether the part has no operation yet

  void addBase(uint8_t how) {
    if (service.base) {
      out.u8(dw::opConst4u);
      out.u32(service.base);
      out.u8(how);
    }
  }
  void give() {
    if (!hasBase) {
      addBase(dw::opPlus);
    }
    hasBase = true;
  }
  void take() {
    if (hasBase) {
      addBase(dw::opMinus);
    }
    hasBase = false;
  }

  // Reads the operands of an operation. False for one that cannot be carried over.
  bool operation(uint8_t code, ByteReader& in) {
    isCopied = true;
    if (code == dw::opPiece || code == dw::opBitPiece) {
      return endPiece(code, in);
    }
    if (isValue || (use == ExpressionUse::Member && service.base && !isSum(code))) {
      return false; // nothing but a piece follows a value
    }
    isEmpty = false;
    switch (code) {
      case dw::opAddr:
        return address(in.fixed(unit.format.addressSize));
      case dw::opAddrx:
      case dw::opGnuAddrIndex:
        return address(unit.addressAt(in.uleb()).value_or(0));
      case dw::opFbreg:
        take();
        in.sleb();
        hasBase = true;
        return function && function->hasFrame;
      case dw::opWasmLocation:
        take();
        return variable(in);
      case dw::opDeref:
      case dw::opDerefSize:
        in.skip(code == dw::opDerefSize);
        give();
        hasBase = false;
        return service.readable;
      case dw::opPlusUconst:
        in.uleb();
        return true;
      case dw::opStackValue:
        endValue();
        return true;
      case dw::opImplicitValue:
        in.skip(in.uleb());
        isValue = true;
        return true;
      default:
        take();
        return plain(code, in);
    }
  }

  // Whether an operation only adds to the address of an object.
  static bool isSum(uint8_t code) {
    return code == dw::opPlusUconst || code == dw::opPlus || code == dw::opConstu || code == dw::opNop ||
           (code >= dw::opLit0 && code <= dw::opLit31);
  }

  // Operations on numbers. Those that jump would have to be changed with what they jump over.
  static bool plain(uint8_t code, ByteReader& in) {
    switch (code) {
      case dw::opConst1u:
      case dw::opConst1u + 1:
      case dw::opPick:
        in.skip(1);
        return true;
      case dw::opConst2u:
      case dw::opConst2u + 1:
        in.skip(2);
        return true;
      case dw::opConst4u:
      case dw::opConst4u + 1:
        in.skip(4);
        return true;
      case dw::opConst8u:
      case dw::opConst8u + 1:
        in.skip(8);
        return true;
      case dw::opConstu:
        in.uleb();
        return true;
      case dw::opConsts:
        in.sleb();
        return true;
      case dw::opNop:
        return true;
      default:
        return (code >= dw::opDup && code <= dw::opRot) || (code >= dw::opAbs && code <= dw::opPlus) ||
               (code >= dw::opShl && code <= dw::opXor) || (code >= dw::opEq && code <= dw::opNe) ||
               (code >= dw::opLit0 && code <= dw::opLit31);
    }
  }

  // Nothing is at address 0, nor at those that a linker gives to what it dropped: the highest, and the one before.
  bool address(uint64_t address) {
    take();
    if (address == 0 || address >= service.bytes) {
      return false;
    }
    isCopied = false;
    out.u8(dw::opConst4u);
    out.u32(uint32_t(address) + service.base);
    hasBase = true;
    return true;
  }

  bool variable(ByteReader& in) {
    enum : uint8_t { Local = 0, Global = 1, GlobalOfFourBytes = 3 };
    isCopied = false;
    auto kind = in.u8();
    if (kind == Local) {
      auto local = function ? function->local(in.uleb()) : std::nullopt;
      if (local) {
        out.u8(dw::opWasmLocation);
        out.u8(Local);
        out.uleb(local->number);
        hasBase = local->hasBase;
        late = late || local->late;
      }
      return bool(local);
    }
    if (kind != Global && kind != GlobalOfFourBytes) {
      return false;
    }
    auto number = kind == Global ? in.uleb() : in.u32();
    auto global = number <= UINT32_MAX ? service.globals.find(uint32_t(number)) : service.globals.end();
    if (global == service.globals.end()) {
      return false;
    }
    out.u8(dw::opWasmLocation);
    out.u8(GlobalOfFourBytes);
    out.u32(global->second.number);
    hasBase = global->second.hasBase;
    return true;
  }

  // The address of a frame is a value, too.
  void endValue() {
    isValue = true;
    if (use == ExpressionUse::FrameBase) {
      give();
    } else {
      take();
    }
  }

  bool endPiece(uint8_t code, ByteReader& in) {
    in.uleb();
    if (code == dw::opBitPiece) {
      in.uleb();
    }
    if (use != ExpressionUse::Location || !endPart()) {
      return false;
    }
    isValue = hasBase = false;
    isEmpty = true;
    return true;
  }

  // Ends the expression, or what is before a piece. Nothing there means that the piece is nowhere.
  bool endPart() {
    if (isEmpty || isValue || use == ExpressionUse::Member) {
      return true;
    }
    if (use == ExpressionUse::Value) {
      take();
      return true;
    }
    give();
    return service.readable || use == ExpressionUse::FrameBase;
  }
};

} // namespace

std::optional<Rewritten> rewrittenExpression(std::string_view expression,
                                             const DwarfUnit& unit,
                                             ExpressionUse use,
                                             const ServicePlaces& service,
                                             const FunctionPlaces* function) {
  return Rewriter(unit, use, service, function).run(expression);
}

} // namespace parigot::debug
