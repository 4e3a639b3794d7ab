// SPDX-License-Identifier: LGPL-2.1-or-later
// The lines that a render says before and after its work.
#pragma once

#include "core/plan.h"
#include "tools/job.h"
#include "tools/render_files.h"
#include "tools/report.h"

#include <string>

namespace rostrum {

// "Quarterly webinar: 3 people, 12 slides, 0:02:00.000, 1280x720 at 25/1; 1 of 8 media missing;
// about 12 MB, 0:20".
std::string summary(const Job& job, const Plan& plan, const RenderFiles& files);
// What is seen or heard in its place: a word of ReportedSubstitution::instead.
std::string stand_in(const Plan& plan, const Substitution& substitution);
// "job.json:/tracks/2/clips/0: asset "cam-3" is replaced by black from 0:00:12.000 to 0:00:20.000:
// the file is empty".
std::string describe(const Job& job, const Plan& plan, const Substitution& substitution);
// "out.mp4: 0:02:00.000, 11.2 MB, 7.1 times real time, verified; 2 substitutions".
std::string result_line(const Report& report);

}  // namespace rostrum
