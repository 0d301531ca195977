#include "support/program_identity.h"

#include <cstddef>
#include <cstring>
#include <string_view>

#include <elf.h>
#include <link.h>
#include <sys/stat.h>

namespace parigot {

namespace {

size_t aligned(size_t size) { return (size + 3) / 4 * 4; }

// The note of the linker with the sum of the object's content (`--build-id`); empty without one.
std::string_view buildId(const struct dl_phdr_info& object) {
  for (int i = 0; i < object.dlpi_phnum; i++) {
    auto& header = object.dlpi_phdr[i];
    if (header.p_type != PT_NOTE) {
      continue;
    }
    auto address = object.dlpi_addr + header.p_vaddr;                               // of this program
    std::string_view notes(reinterpret_cast<const char*>(address), header.p_memsz); // NOLINT(performance-no-int-to-ptr)
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
      ElfW(Nhdr) note;
      std::memcpy(&note, notes.data(), sizeof note);
      notes.remove_prefix(sizeof note);
      auto whole = aligned(note.n_namesz) + aligned(note.n_descsz);
      if (whole > notes.size()) {
        break;
      }
      if (note.n_type == NT_GNU_BUILD_ID && notes.substr(0, note.n_namesz) == std::string_view("GNU\0", 4)) {
        return notes.substr(aligned(note.n_namesz), note.n_descsz);
      }
      notes.remove_prefix(whole);
    }
  }
  return {};
}

struct Identity {
  std::string text;
  bool complete = true;
};

int addObject(struct dl_phdr_info* object, size_t, void* data) {
  auto& identity = *static_cast<Identity*>(data);
  std::string name = object->dlpi_name;
  if (name.starts_with("linux-vdso") || name.starts_with("linux-gate")) {
    return 0; // the kernel's
  }
  if (auto id = buildId(*object); !id.empty()) {
    identity.text += "id " + std::string(id) + '\n';
    return 0;
  }
  auto path = name.empty() ? std::string("/proc/self/exe") : name;
  struct stat status = {};
  if (stat(path.c_str(), &status) != 0) {
    identity.complete = false;
    return 0;
  }
  identity.text += path + ' ' + std::to_string(status.st_size) + ' ' + std::to_string(status.st_mtim.tv_sec) + '.' +
                   std::to_string(status.st_mtim.tv_nsec) + '\n';
  return 0;
}

} // namespace

std::string programIdentity() {
  Identity identity;
  dl_iterate_phdr(addObject, &identity);
  return identity.complete ? identity.text : "";
}

} // namespace parigot
