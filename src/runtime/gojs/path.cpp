#include "path.h"

namespace gojs {

Text nextName(Text& path) {
  uint32_t end = 0;
  while (end < path.size && path[end] != '/') {
    end++;
  }
  Text name{path.data, end};
  path = path.from(end < path.size ? end + 1 : end);
  return name;
}

Ending endingOf(Text path) {
  uint32_t end = path.size;
  while (end && path[end - 1] == '/') {
    end--;
  }
  uint32_t start = end;
  while (start && path[start - 1] != '/') {
    start--;
  }
  Text last{path.data + start, end - start};
  if (last.size == 0) {
    return Ending::root;
  }
  if (last == "." || last == "..") {
    return last.size == 1 ? Ending::dot : Ending::above;
  }
  return end < path.size ? Ending::slash : Ending::name;
}

uint32_t sizeToFollow(Text path) {
  uint32_t result = 0;
  bool hasName = false;
  for (Text rest = path; rest.size;) {
    Text name = nextName(rest);
    bool isAbove = name == "..";
    if (isAbove && hasName) {
      result = path.size - rest.size;
    }
    hasName |= name.size && !isAbove && !(name == ".");
  }
  return result;
}

void toParent(Characters& path) {
  while (path.size() > 1 && path.back() != '/') {
    path.pop();
  }
  if (path.size() > 1) {
    path.pop();
  }
}

void append(Characters& path, Text name) {
  if (path.size() > 1) {
    path << '/';
  }
  path << name;
}

void resolvePath(Characters& to, Text path) {
  if (to.empty() || (path.size && path[0] == '/')) {
    to.clear();
    to << '/';
  }
  while (path.size) {
    Text name = nextName(path);
    if (name == "..") {
      toParent(to);
    } else if (name.size && !(name == ".")) {
      append(to, name);
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
