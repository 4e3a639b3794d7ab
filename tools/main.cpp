// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.h"
#include "tools/commands/commands.h"
#include "tools/options.h"

#include <malloc.h>

#include <clocale>
#include <cstdlib>
#include <string_view>

int main(int argc, char** argv) {
  // rostrum worker SPEC PARENT
  const bool worker = argc == 4 && argv[1] == std::string_view{"worker"};
  if (worker) rostrum::begin_worker(argv[2], std::atoi(argv[3]));
  // One heap: a heap per thread costs tens of megabytes and, measured, saves no time here.
  mallopt(M_ARENA_MAX, 1);
  std::setlocale(LC_CTYPE, "");
  gst_init(nullptr, nullptr);  // may look through plugins, and those at devices
  rostrum::register_elements(nullptr);
  return rostrum::run_command_line(argc, argv);
}
