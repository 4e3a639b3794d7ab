// SPDX-License-Identifier: LGPL-2.1-or-later
// Which hosts the user allows, and which of a live job's sources lead elsewhere.
#pragma once

#include "core/fetch/host_rules.h"
#include "core/live_plan.h"
#include "core/result.h"
#include "engine/host_lookup.h"

#include <string>
#include <vector>

namespace rostrum {

// Whether it is the name or the address of a host, without scheme and port.
bool is_host(const std::string& text);
// What --allow-host allows.  `importer`: whose hosts are allowed, too; "" = none.
HostRules host_rules(const std::vector<std::string>& hosts, const std::string& importer);

// Why a source may not be opened, because it calls a host, or waits where other machines can call,
// without its being allowed: a clause with its cure; "" = it may, as far as names tell.
std::string refusal(const LiveSource& source, const HostRules& rules);
// The same of what its host's name was looked up to: public, or allowed themselves.
std::string refusal(const std::vector<HostAddress>& addresses, const HostRules& rules);
// Of all sources.  Waits 5 s at most for names to be looked up; of one that is not known by then it
// says nothing.
Problems refused_hosts(const LivePlan& plan, const HostRules& rules);

}  // namespace rostrum
