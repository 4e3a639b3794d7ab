// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/library_builds.h"

#include <link.h>

#include <cstring>
#include <set>
#include <vector>

namespace rostrum {

namespace {

struct Search {
  std::vector<std::string> prefixes;
  std::set<std::string> found;
};

// Notes are name size, descriptor size, type, then both padded to 4 bytes (elf(5)).
std::string build_id(const dl_phdr_info& library) {
  for (int i = 0; i < library.dlpi_phnum; ++i) {
    const auto& header = library.dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    const auto* at = reinterpret_cast<const unsigned char*>(library.dlpi_addr + header.p_vaddr);
    const auto* end = at + header.p_memsz;
    while (at + sizeof(ElfW(Nhdr)) <= end) {
      ElfW(Nhdr) note;
      std::memcpy(&note, at, sizeof note);
      const auto* name = at + sizeof note;
      const auto* content = name + (note.n_namesz + 3) / 4 * 4;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
          std::memcmp(name, "GNU", 4) == 0) {
        std::string hex;
        for (unsigned k = 0; k < note.n_descsz; ++k) {
          hex += "0123456789abcdef"[content[k] >> 4];
          hex += "0123456789abcdef"[content[k] & 15];
        }
        return hex;
      }
      at = content + (note.n_descsz + 3) / 4 * 4;
    }
  }
  return {};
}

int look(dl_phdr_info* library, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  const std::string path = library->dlpi_name;
  const auto name = path.substr(path.rfind('/') + 1);
  for (const auto& prefix : search.prefixes)
    if (name.starts_with(prefix)) search.found.insert(name + " " + build_id(*library));
  return 0;
}

}  // namespace

std::string library_builds(std::initializer_list<const char*> prefixes) {
  Search search{{prefixes.begin(), prefixes.end()}, {}};
  dl_iterate_phdr(look, &search);
  std::string text;
  for (const auto& line : search.found) text += line + "\n";
  return text;
}

}  // namespace rostrum
