#include "needs_javascript.h"

namespace runtime {

Text failPrefix() { return "gojs runtime: "; }

} // namespace runtime

namespace gojs {

void needsJavaScript(Text property, Text object) {
  Text parts[] = {"go program needs JavaScript: ", property, " on ", object};
  endWith(parts, 4);
}

} // namespace gojs
