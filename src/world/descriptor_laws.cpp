#include "world/descriptor_laws.h"

#include <algorithm>

namespace parigot {

DescriptorPolicy narrowed(DescriptorPolicy policy, const Rights& rights) {
  if (!rights.hostBound) {
    return policy;
  }
  policy.standardInput &= (rights.words & stdinWord) != 0;
  policy.standardOutput &= (rights.words & stdoutWord) != 0;
  policy.standardError &= (rights.words & stderrWord) != 0;

  // The weakest grant for a folder counts: laws that name a service count together.
  auto grantFor = [&](const std::string& host) -> const FileGrant* {
    const FileGrant* found = nullptr;
    for (auto& grant : rights.files) {
      if ((grant.path == "*" || grant.path == host) && (!found || found->readOnly)) {
        found = &grant;
      }
    }
    return found;
  };
  auto* all = grantFor("*");
  if (!policy.preopens && all) {
    policy.readOnly |= all->readOnly;
    return policy;
  }
  std::vector<PreopenPolicy> left;
  if (policy.preopens) {
    for (auto& folder : *policy.preopens) {
      if (auto* grant = grantFor(folder.host)) {
        left.push_back({folder.host, folder.seen, folder.readOnly || grant->readOnly});
      }
    }
  } else {
    for (auto& named : rights.files) {
      bool isThere = std::any_of(left.begin(), left.end(), [&](auto& folder) { return folder.host == named.path; });
      if (!isThere) {
        left.push_back({named.path, named.path, grantFor(named.path)->readOnly});
      }
    }
  }
  policy.preopens = std::move(left);
  return policy;
}

} // namespace parigot
