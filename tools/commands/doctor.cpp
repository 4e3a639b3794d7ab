// SPDX-License-Identifier: LGPL-2.1-or-later
#include "engine/doctor.h"
#include "engine/encoders.h"
#include "tools/commands/commands.h"
#include "tools/encoding.h"
#include "tools/terminal.h"

#include <unistd.h>

#include <cstdio>

namespace rostrum {

Result<void> run_doctor(const DoctorOptions& options) {
  auto report = examine(".");
  const auto encoders = load_encoders(options.profile_dirs);
  if (!encoders) return tl::unexpected(encoders.error());
  const Scratch scratch;
  auto trial = trial_options(scratch, options.no_cache);
  trial.frames = 100;
  report.encoders = examine_encoders(*encoders, trial);
  const auto text =
      options.json ? printable_json(report.to_json()) : report.to_text(colored(STDOUT_FILENO));
  std::fputs(text.c_str(), stdout);
  if (report.ok()) return {};
  return fail(Kind::missing_component, "something that every render needs is missing; see above");
}

}  // namespace rostrum
