// SPDX-License-Identifier: LGPL-2.1-or-later
// The options of `render --preview`, and the command of its window.
#pragma once

#include "tools/command_line.h"
#include "tools/options.h"

namespace rostrum {

// Returns the option of --preview.
CLI::Option* add_render_window(CLI::App* app, WindowOptions& window);
// While there is a network: opens the window.
Result<void> open_render_window(WindowOptions& window);
// Hidden: started by render.
void add_window(CLI::App& root, Action& action);

}  // namespace rostrum
