// The front for TinyGo from 0.29 on (module "gojs", or "env" if TinyGo was built with Go 1.20 or older), and for 0.22
// to 0.28 with -wasm-abi=generic (module "env"), which has one more parameter. References are i64 parameters and
// results. A result of more than one value goes to an address, which is the first parameter. A slice is passed with its
// capacity.

#include "tinygo.h"
#include "tinygo_trailing.h"

namespace gojs {

EXPORT("syscall/js.finalizeRef") void parigot_finalizeRef(Ref value TRAILING) { tinygo::finalize(value); }
EXPORT("syscall/js.stringVal") Ref parigot_stringVal(Address text, uint32_t size TRAILING) {
  return giveString(tinygo::slice(text, size));
}
EXPORT("syscall/js.valueGet") Ref parigot_valueGet(Ref of, Address name, uint32_t size TRAILING) {
  return tinygo::get(of, tinygo::slice(name, size));
}
EXPORT("syscall/js.valueSet") void parigot_valueSet(Ref of, Address name, uint32_t size, Ref value TRAILING) {
  tinygo::set(of, tinygo::slice(name, size), value);
}
EXPORT("syscall/js.valueDelete") void parigot_valueDelete(Ref of, Address name, uint32_t size TRAILING) {
  tinygo::remove(of, tinygo::slice(name, size));
}
EXPORT("syscall/js.valueIndex") Ref parigot_valueIndex(Ref of, int32_t index TRAILING) {
  return tinygo::element(of, index);
}
EXPORT("syscall/js.valueSetIndex") void parigot_valueSetIndex(Ref of, int32_t index, Ref value TRAILING) {
  tinygo::setElement(of, index, value);
}
EXPORT("syscall/js.valueCall")
void parigot_valueCall(
  Address result, Ref of, Address name, uint32_t size, Address arguments, uint32_t count, uint32_t TRAILING) {
  tinygo::call(result, of, tinygo::slice(name, size), arguments, count);
}
EXPORT("syscall/js.valueInvoke")
void parigot_valueInvoke(Address result, Ref function, Address arguments, uint32_t count, uint32_t TRAILING) {
  tinygo::invoke(result, function, arguments, count);
}
EXPORT("syscall/js.valueNew")
void parigot_valueNew(Address result, Ref constructor, Address arguments, uint32_t count, uint32_t TRAILING) {
  tinygo::construct(result, constructor, arguments, count);
}
EXPORT("syscall/js.valueLength") uint32_t parigot_valueLength(Ref of TRAILING) { return tinygo::length(of); }
EXPORT("syscall/js.valuePrepareString") void parigot_valuePrepareString(Address result, Ref value TRAILING) {
  tinygo::prepare(result, value);
}
EXPORT("syscall/js.valueLoadString")
void parigot_valueLoadString(Ref text, Address to, uint32_t size, uint32_t TRAILING) {
  tinygo::load(text, tinygo::slice(to, size));
}
EXPORT("syscall/js.valueInstanceOf") uint32_t parigot_valueInstanceOf(Ref value, Ref constructor TRAILING) {
  return tinygo::instanceOf(value, constructor);
}
EXPORT("syscall/js.copyBytesToGo")
void parigot_copyBytesToGo(Address result, Address to, uint32_t size, uint32_t, Ref from TRAILING) {
  tinygo::copyToGo(result, tinygo::slice(to, size), from);
}
EXPORT("syscall/js.copyBytesToJS")
void parigot_copyBytesToJS(Address result, Ref to, Address from, uint32_t size, uint32_t TRAILING) {
  tinygo::copyToJs(result, to, tinygo::slice(from, size));
}

} // namespace gojs
