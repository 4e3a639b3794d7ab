// SPDX-License-Identifier: LGPL-2.1-or-later
// The terminal of `rostrum preview`: keys without a return key, and one line that says where it is.
#pragma once

#include <termios.h>

#include <string>

namespace rostrum {

class PreviewTerminal {
 public:
  // `keys`: without a return key; else only the line is shown.
  explicit PreviewTerminal(bool keys = true);
  ~PreviewTerminal();  // as it was
  PreviewTerminal(const PreviewTerminal&) = delete;
  PreviewTerminal& operator=(const PreviewTerminal&) = delete;

  // Whether somebody can press keys here.
  bool has_keys() const { return keys_; }
  // What has been typed by now.
  static std::string read();
  // In the place of the line before; nothing where stderr is no terminal.
  void show(const std::string& line);
  // So that something else can be said.
  void clear();

 private:
  bool keys_ = false;
  bool shown_ = false;
  termios before_{};
};

}  // namespace rostrum
