// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.h"
#include "engine/worker_process.h"
#include "tools/options.h"

#include <malloc.h>

#include <clocale>
#include <cstdlib>
#include <string_view>

int main(int argc, char** argv) {
  // rostrum worker SPEC PARENT: no child outlives its parent.
  if (argc == 4 && argv[1] == std::string_view{"worker"})
    rostrum::die_with_parent(std::atoi(argv[3]));
  // One heap: a heap per thread costs tens of megabytes and, measured, saves no time here.
  mallopt(M_ARENA_MAX, 1);
  std::setlocale(LC_CTYPE, "");
  gst_init(nullptr, nullptr);
  rostrum::register_elements(nullptr);
  return rostrum::run_command_line(argc, argv);
}
