#include "path.h"

namespace gojs {

namespace {

void up(Characters& path) {
  while (path.size() > 1 && path.back() != '/') {
    path.pop();
  }
  if (path.size() > 1) {
    path.pop();
  }
}

} // namespace

void resolvePath(Characters& to, Text path) {
  if (to.empty() || (path.size && path[0] == '/')) {
    to.clear();
    to << '/';
  }
  for (uint32_t i = 0; i < path.size;) {
    uint32_t end = i;
    while (end < path.size && path[end] != '/') {
      end++;
    }
    Text name{path.data + i, end - i};
    i = end + 1;
    if (name == "..") {
      up(to);
    } else if (name.size && !(name == ".")) {
      if (to.size() > 1) {
        to << '/';
      }
      to << name;
    }
  }
}

Text pathBelow(Text directory, Text path) {
  if (!path.startsWith(directory)) {
    return {};
  }
  if (path.size == directory.size) {
    return ".";
  }
  if (directory.size == 1) {
    return path.from(1);
  }
  return path[directory.size] == '/' ? path.from(directory.size + 1) : Text{};
}

} // namespace gojs
