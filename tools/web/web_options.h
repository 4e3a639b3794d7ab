// SPDX-License-Identifier: LGPL-2.1-or-later
// --web and --port.
#pragma once

#include "tools/options.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace rostrum {

// Returns the option of --web.
CLI::Option* add_web(CLI::App* app, WebOptions& web, const std::string& help);

// While there is a network: opens the port.
Result<void> listen_for(WebOptions& web);

}  // namespace rostrum
