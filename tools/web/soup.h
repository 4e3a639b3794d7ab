// SPDX-License-Identifier: LGPL-2.1-or-later
// What the parts of the server share of libsoup.
#pragma once

#include "lib/gst_ptr.h"

#include <libsoup/soup.h>

#include <memory>
#include <string_view>

namespace rostrum {

using MessagePtr = std::unique_ptr<SoupServerMessage, Freed<g_object_unref>>;

inline MessagePtr keep(SoupServerMessage* message) {
  return MessagePtr{SOUP_SERVER_MESSAGE(g_object_ref(message))};
}

// The whole answer.
inline void answer(SoupServerMessage* message, unsigned status, const char* type,
                   std::string_view body) {
  soup_server_message_set_status(message, status, nullptr);
  soup_server_message_set_response(message, type, SOUP_MEMORY_COPY, body.data(), body.size());
}

}  // namespace rostrum
