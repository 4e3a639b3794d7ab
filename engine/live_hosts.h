// SPDX-License-Identifier: LGPL-2.1-or-later
// Which hosts the user allows, and which of a live job's sources lead elsewhere.
#pragma once

#include "core/fetch/host_rules.h"
#include "core/live_plan.h"
#include "core/result.h"

#include <string>
#include <vector>

namespace rostrum {

// Whether it is the name or the address of a host, without scheme and port.
bool is_host(const std::string& text);
// What --allow-host allows.  `importer`: whose hosts are allowed, too; "" = none.
HostRules host_rules(const std::vector<std::string>& hosts, const std::string& importer);

// Why a source may not be opened, because it calls a host, or waits where other machines can call,
// without its being allowed: a clause with its cure; "" = it may.  Looks names up, whose addresses
// must be public or allowed themselves; of one that is not known now it says nothing.
std::string refusal(const LiveSource& source, const HostRules& rules);
// Of all sources.
Problems refused_hosts(const LivePlan& plan, const HostRules& rules);

}  // namespace rostrum
