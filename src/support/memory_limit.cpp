#include "support/memory_limit.h"

#include <sys/resource.h>
#include <sys/sysinfo.h>

namespace parigot {

void limitMemory() {
  constexpr rlim_t reserved = rlim_t(4) << 30;
  struct sysinfo machine;
  rlimit limit;
  if (sysinfo(&machine) != 0 || getrlimit(RLIMIT_AS, &limit) != 0) {
    return;
  }
  auto most = (rlim_t(machine.totalram) + machine.totalswap) * machine.mem_unit + reserved;
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > most) {
    limit.rlim_cur = most;
    setrlimit(RLIMIT_AS, &limit);
  }
}

} // namespace parigot
