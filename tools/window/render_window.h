// SPDX-License-Identifier: LGPL-2.1-or-later
// The render's side of its window, which is a process of its own: whatever becomes of the window,
// the render goes on.
#pragma once

#include "core/result.h"
#include "engine/file.h"

#include <memory>
#include <optional>
#include <string>

namespace rostrum {

// What the window says when it is open; else the number of an error's kind, and its message.
inline constexpr char kWindowOpened[] = "open";
// And later, with why, when it has to end.
inline constexpr char kWindowBroken[] = "broken";
// What it is told: a word, a space, a text, and a byte of 0.
inline constexpr char kWindowTitle[] = "title";  // what it is called
inline constexpr char kWindowWork[] = "work";    // the work directory of the render
inline constexpr char kWindowFilm[] = "film";    // the film, which is whole
inline constexpr char kWindowKey[] = "key";      // as if it were pressed, by its X name

class RenderWindow {
 public:
  // While there is a network, for a display is a socket.  Errors as open_preview().
  static Result<std::shared_ptr<RenderWindow>> open(const std::string& video_sink,
                                                    const std::string& audio_sink);
  RenderWindow(File ours, File theirs, File said)
      : ours_{std::move(ours)}, theirs_{std::move(theirs)}, said_{std::move(said)} {}

  // A render begins whose film will have this path.
  void show(const std::string& film, const std::string& work_dir) const;
  // It has succeeded.  Without this the window ends when this object goes, or this process.
  void finish(const std::string& film) const;
  // Why it has ended, once; "" = it has not, or was closed.
  std::string trouble();

 private:
  Result<void> wait_until_open();
  void tell(const std::string& what, const std::string& text) const;
  std::optional<std::string> next_line(int patience);

  File ours_;    // what is written here, the window reads
  File theirs_;  // the other end, so that nothing breaks when the window has gone
  File said_;    // what the window writes
  std::string heard_;
};

}  // namespace rostrum
