// SPDX-License-Identifier: LGPL-2.1-or-later
// Where a server listens, made while the process still has a network.
#pragma once

#include "core/result.h"
#include "lib/gst_ptr.h"

#include <gio/gio.h>

#include <cstdint>
#include <memory>

namespace rostrum {

using SocketPtr = std::unique_ptr<GSocket, Freed<g_object_unref>>;

struct Listener {
  SocketPtr socket;  // on 127.0.0.1 alone
  std::uint16_t port = 0;
};

inline constexpr std::uint16_t kUsualPort = 8411;

// At this port or, where it cannot be had, at the next of a hundred that can.  Kind::usage when
// there is none.
Result<Listener> listen_locally(std::uint16_t port);

}  // namespace rostrum
