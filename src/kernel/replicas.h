// Processes that run the same file. To make a coroutine of a process in C or Rust takes longer than all else that is
// done to it, so the second one gets a copy of what the first one became.

#ifndef parigot_kernel_replicas_h
#define parigot_kernel_replicas_h

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "world/service.h"

namespace parigot::kernel {

class Replicas {
public:
  explicit Replicas(const std::vector<Service*>& processes);

  // Gives the service the module that was kept for its file. False: there is none, or the service needs its own.
  bool take(Service& service, bool isMain) const;
  // Keeps a copy of what the service became, if another one may take it.
  void keep(const Service& service, bool isMain);

private:
  struct File {
    unsigned services = 0;
    std::unique_ptr<wasm::Module> module;
  };
  std::unordered_map<std::string, File> files; // by path
};

} // namespace parigot::kernel

#endif // parigot_kernel_replicas_h
