// SPDX-License-Identifier: LGPL-2.1-or-later
// Whether fetched media have the picture and the sound that the job promises.  Workers look into
// them and listen to them.
#pragma once

#include "core/manifest.h"
#include "core/result.h"

#include <map>
#include <string>

namespace rostrum {

// `files`: of each asset (by id) the file that is looked into, below `dir`.  Of those that lack
// something what it is, a clause.  Kind::interrupted after Ctrl-C.
Result<std::map<std::string, std::string>> check_promises(
    const Manifest& job, const std::map<std::string, std::string>& files, const std::string& dir);

}  // namespace rostrum
