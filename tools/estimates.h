// SPDX-License-Identifier: LGPL-2.1-or-later
// What a render will take, roughly, from what such films took.
#pragma once

#include "core/media.h"
#include "core/plan.h"
#include "tools/job.h"
#include "tools/render_files.h"

namespace rostrum {

// Size of all files.  Sound that is copied is as large as it is in its medium.
double estimated_bytes(const Job& job, const Plan& plan, const RenderFiles& files);

// Wall time on this machine.
double estimated_seconds(const Plan& plan, const RenderFiles& files);

// Of that, what copying pictures saves.
double seconds_saved(const Plan& plan);

}  // namespace rostrum
