// SPDX-License-Identifier: LGPL-2.1-or-later
// Text laid out by pango: which fonts draw it, and what none of them has.
#pragma once

#include "lib/gst_ptr.h"

#include <pango/pango.h>

#include <string>
#include <vector>

namespace rostrum {

struct UnrefObject {
  void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, UnrefObject>;

struct TextStyle {
  int size = 16;  // pixels per em
  bool bold = false;
};

// In the family Sans, without hinting, so that a text has one look at any place.  Control
// characters must be gone but for line breaks.  Any thread.
LayoutPtr lay_out_text(const std::string& text, const TextStyle& style);

// The characters of the text that no installed font has, each once.
std::vector<char32_t> undrawable(const std::string& text);

// The text without them: an empty box in their place would say nothing either.
std::string drawable(const std::string& text);

// The fonts that draw it, a line for each file: its family, a tab and its path; sorted.
std::vector<std::string> fonts_of(const std::string& text);

}  // namespace rostrum
