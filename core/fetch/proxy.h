// SPDX-License-Identifier: LGPL-2.1-or-later
// Which proxy the environment names for a URL, as curl(1) reads it.
#pragma once

#include "core/fetch/url.h"

#include <functional>
#include <string>
#include <string_view>

namespace rostrum {

// `variable`: the value of an environment variable, "" if it is not set.  "" = no proxy.
std::string proxy_for(const Url& url, const std::function<std::string(const char*)>& variable);

}  // namespace rostrum
