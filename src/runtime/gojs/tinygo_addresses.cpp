// The front for TinyGo up to 0.28 (module "env"). In place of an i64, and so of a reference, a parameter is the address
// of one (transform/wasm-abi.go). A reference that is returned goes to an address that is the first parameter. After
// their own parameters, all functions of syscall/js have those that TinyGo's own ABI adds to every function: one i32
// since 0.22, two before. They are not used.

#include "tinygo.h"
#include "tinygo_trailing.h"

namespace gojs {

namespace {

Ref at(Address address) { return program::load64(tinygo::slice(address, sizeof(Ref)).start); }
void put(Address address, Ref ref) { program::store64(tinygo::slice(address, sizeof(Ref)).start, ref); }

} // namespace

EXPORT("syscall/js.finalizeRef") void parigot_finalizeRef(Address value TRAILING) { tinygo::finalize(at(value)); }
EXPORT("syscall/js.stringVal") void parigot_stringVal(Address result, Address text, uint32_t size TRAILING) {
  put(result, giveString(tinygo::slice(text, size)));
}
EXPORT("syscall/js.valueGet")
void parigot_valueGet(Address result, Address of, Address name, uint32_t size TRAILING) {
  put(result, tinygo::get(at(of), tinygo::slice(name, size)));
}
EXPORT("syscall/js.valueSet") void parigot_valueSet(Address of, Address name, uint32_t size, Address value TRAILING) {
  tinygo::set(at(of), tinygo::slice(name, size), at(value));
}
EXPORT("syscall/js.valueDelete") void parigot_valueDelete(Address of, Address name, uint32_t size TRAILING) {
  tinygo::remove(at(of), tinygo::slice(name, size));
}
EXPORT("syscall/js.valueIndex") void parigot_valueIndex(Address result, Address of, int32_t index TRAILING) {
  put(result, tinygo::element(at(of), index));
}
EXPORT("syscall/js.valueSetIndex") void parigot_valueSetIndex(Address of, int32_t index, Address value TRAILING) {
  tinygo::setElement(at(of), index, at(value));
}
EXPORT("syscall/js.valueCall")
void parigot_valueCall(
  Address result, Address of, Address name, uint32_t size, Address arguments, uint32_t count, uint32_t TRAILING) {
  tinygo::call(result, at(of), tinygo::slice(name, size), arguments, count);
}
EXPORT("syscall/js.valueInvoke")
void parigot_valueInvoke(Address result, Address function, Address arguments, uint32_t count, uint32_t TRAILING) {
  tinygo::invoke(result, at(function), arguments, count);
}
EXPORT("syscall/js.valueNew")
void parigot_valueNew(Address result, Address constructor, Address arguments, uint32_t count, uint32_t TRAILING) {
  tinygo::construct(result, at(constructor), arguments, count);
}
EXPORT("syscall/js.valueLength") uint32_t parigot_valueLength(Address of TRAILING) { return tinygo::length(at(of)); }
EXPORT("syscall/js.valuePrepareString") void parigot_valuePrepareString(Address result, Address value TRAILING) {
  tinygo::prepare(result, at(value));
}
EXPORT("syscall/js.valueLoadString")
void parigot_valueLoadString(Address text, Address to, uint32_t size, uint32_t TRAILING) {
  tinygo::load(at(text), tinygo::slice(to, size));
}
EXPORT("syscall/js.valueInstanceOf") uint32_t parigot_valueInstanceOf(Address value, Address constructor TRAILING) {
  return tinygo::instanceOf(at(value), at(constructor));
}
EXPORT("syscall/js.copyBytesToGo")
void parigot_copyBytesToGo(Address result, Address to, uint32_t size, uint32_t, Address from TRAILING) {
  tinygo::copyToGo(result, tinygo::slice(to, size), at(from));
}
EXPORT("syscall/js.copyBytesToJS")
void parigot_copyBytesToJS(Address result, Address to, Address from, uint32_t size, uint32_t TRAILING) {
  tinygo::copyToJs(result, at(to), tinygo::slice(from, size));
}

} // namespace gojs
