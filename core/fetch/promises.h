// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether what was fetched has the picture and the sound that the job promises: else another of its
// places may have them.
#pragma once

#include "core/manifest.h"
#include "core/media.h"

#include <map>
#include <string>

namespace rostrum {

// The job as far as it plays these assets (by id, each with the file that is looked into, a URI of
// the job), such that whoever is not muted is expected to be heard.
Manifest job_to_look_at(const Manifest& job, const std::map<std::string, std::string>& files);

// Of such a job's assets that lack something, by id: what, a clause.  `media` are probed and
// listened to.
std::map<std::string, std::string> broken_promises(const Manifest& job, const MediaMap& media);

}  // namespace rostrum
