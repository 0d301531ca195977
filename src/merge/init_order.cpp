#include "merge/init_order.h"

#include <algorithm>
#include <map>

namespace parigot {

namespace {

using wasm::Err;
using wasm::Result;

// Strongly connected components of the call graph in providers-first order
// (Tarjan's algorithm, with an explicit stack: a world may be a long chain).
class InitOrder {
public:
  InitOrder(size_t count, std::vector<std::vector<size_t>> providers)
    : providers(std::move(providers)), index(count, unseen), low(count), onStack(count) {}

  // `last` is placed as late as its clients allow.
  std::vector<std::vector<size_t>> components(size_t last) {
    for (size_t i = 0; i < index.size(); i++) {
      if (index[i] == unseen && i != last) {
        visit(i);
      }
    }
    if (index[last] == unseen) {
      visit(last);
    }
    return std::move(found);
  }

private:
  static constexpr size_t unseen = size_t(-1);
  struct Frame {
    size_t node, next;
  };

  void enter(size_t node) {
    index[node] = low[node] = counter++;
    stack.push_back(node);
    onStack[node] = true;
    frames.push_back({node, 0});
  }

  void visit(size_t root) {
    enter(root);
    while (!frames.empty()) {
      auto node = frames.back().node;
      if (frames.back().next < providers[node].size()) {
        auto provider = providers[node][frames.back().next++];
        if (index[provider] == unseen) {
          enter(provider);
        } else if (onStack[provider]) {
          low[node] = std::min(low[node], index[provider]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) {
        auto client = frames.back().node;
        low[client] = std::min(low[client], low[node]);
      }
      if (low[node] == index[node]) {
        std::vector<size_t> component;
        size_t member;
        do {
          member = stack.back();
          stack.pop_back();
          onStack[member] = false;
          component.push_back(member);
        } while (member != node);
        std::sort(component.begin(), component.end());
        found.push_back(std::move(component));
      }
    }
  }

  std::vector<std::vector<size_t>> providers;
  std::vector<size_t> index, low;
  std::vector<bool> onStack;
  std::vector<size_t> stack;
  std::vector<Frame> frames;
  size_t counter = 0;
  std::vector<std::vector<size_t>> found;
};

} // namespace

Result<std::vector<std::string>> findInitOrder(const Services& services,
                                               const std::vector<WorldCall>& calls,
                                               const std::vector<bool>& initialises,
                                               bool mainIsCommand) {
  auto& all = services.all;
  auto& manifest = services.manifest;
  std::map<std::string, size_t> number;
  for (size_t i = 0; i < all.size(); i++) {
    number[all[i]->name()] = i;
  }
  std::map<std::string, size_t> given;
  for (size_t i = 0; i < manifest.init.size(); i++) {
    given[manifest.init[i]] = i;
  }
  std::vector<std::vector<size_t>> providers(all.size());
  for (auto& call : calls) {
    if (mainIsCommand && call.service == services.main) {
      continue;
    }
    providers[number[call.client]].push_back(number[call.service]);
  }
  std::vector<std::string> order;
  for (auto& component : InitOrder(all.size(), std::move(providers)).components(number[services.main])) {
    std::vector<size_t> having;
    for (auto i : component) {
      if (initialises[i]) {
        having.push_back(i);
      }
    }
    bool allGiven = true;
    std::string names, list;
    for (auto i : having) {
      allGiven &= given.count(all[i]->name()) > 0;
      names += (names.empty() ? "" : ", ") + all[i]->quoted();
      list += (list.empty() ? "\"" : ", \"") + all[i]->name() + "\"";
    }
    if (having.size() > 1 && !allGiven) {
      return Err{"these services call each other in a cycle and each has to be "
                 "initialised before the others: " +
                 names + "\n  say in which order in " + manifest.whereToSay() + ":\n    [world]\n    init = [" + list +
                 "]"};
    }
    for (auto i : having) {
      order.push_back(all[i]->name());
    }
  }
  // The services that the manifest orders keep their set of places, and fill them in the manifest's order.
  std::vector<std::string> ordered;
  for (auto& name : manifest.init) {
    if (std::find(order.begin(), order.end(), name) != order.end()) {
      ordered.push_back(name);
    }
  }
  auto next = ordered.begin();
  for (auto& name : order) {
    if (given.count(name)) {
      name = *next++;
    }
  }
  return order;
}

} // namespace parigot
