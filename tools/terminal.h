// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tool says to a person: diagnostics on stderr, coloured only on a terminal.
#pragma once

#include <string>
#include <string_view>

namespace rostrum {

bool colored(int descriptor);
// The text with a question mark for each control character: what a job or a path says must not
// steer the terminal.  Line breaks stay only where the text has several lines of its own.
std::string printable(std::string_view text, bool keep_lines = false);
// The same JSON with each such character written as JSON can: \u009b.
std::string printable_json(std::string_view json);
// "rostrum: error: ..." for each line of the text.
void say_error(std::string_view text);
void say_warning(std::string_view text);
void say(std::string_view line);
// "1.4 GB", "318 MB", "12 kB"
std::string size_text(double bytes);

}  // namespace rostrum
